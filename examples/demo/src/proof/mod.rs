//! Whether what was received is what has to be: [`at_start()`] before any traffic, [`compare()`]
//! after it, [`rows()`] what an SLO has come to.

mod at_start;
mod compare;
mod rows;

pub(crate) use at_start::at_start;
pub(crate) use compare::{Difference, compare};
pub(crate) use rows::{Row, rows};
