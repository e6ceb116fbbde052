//! The shop's processes: [`Programs`] builds them and reads what they declare, [`Shop`]
//! starts them, [`Child`] is one of them, [`FaultPlan`] is how badly each of them does.

mod child;
mod fault_plan;
mod programs;
mod running;

pub(crate) use child::Child;
pub(crate) use fault_plan::FaultPlan;
pub(crate) use programs::Programs;
pub(crate) use running::Shop;
