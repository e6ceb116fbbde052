//! `cargo slo status`: what is left of the error budgets now.

mod command;
mod explained;
mod human;
mod markdown;
mod order;
mod store;
mod style;
mod watch;
mod words;

pub(super) use command::Status;
pub(super) use store::StoreOptions;
pub(super) use words::back;
