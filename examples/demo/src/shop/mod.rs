//! The shop's processes: [`Programs`] builds them and reads what they declare, [`Shop`]
//! starts them, [`Child`] is one of them, [`Weather`] is how badly each of them does.

mod child;
mod programs;
mod running;
mod weather;

pub(crate) use child::Child;
pub(crate) use programs::Programs;
pub(crate) use running::Shop;
pub(crate) use weather::Weather;
