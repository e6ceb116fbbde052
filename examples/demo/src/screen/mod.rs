//! What people see: [`Progress`] on standard error, [`table()`] and [`summary()`] on standard
//! output.

mod progress;
mod summary;
mod table;

pub(crate) use progress::Progress;
pub(crate) use summary::summary;
pub(crate) use table::table;
