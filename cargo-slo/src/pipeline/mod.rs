//! What becomes of counts between a service and a store: known ones are sent the way that services
//! send theirs, and looked for where rules would count them.
//!
//! - `probe` is what is sent: two replicas of a service that does not exist, and their counts.
//! - `otlp` has the messages, `send` sends them.
//! - `asked` is what the store has of them.
//! - `spelling` and `labels` say which metric and which attribute a stored series shows.
//! - `judged` compares both, `findings` are what differs, what breaks and what helps.
//! - `check` does one after the other, `report` is the end of it.

mod asked;
mod check;
mod counts;
mod findings;
mod judged;
mod labels;
mod names;
mod otlp;
mod probe;
mod report;
mod send;
mod spelling;
mod way_out;

pub(crate) use check::Check;
pub(crate) use report::{Report, State};
pub(crate) use send::Exporter;
