//! `cargo slo status`: what is left of the error budgets now.

mod command;
mod explained;
mod human;
mod markdown;
mod store;
mod words;

pub(super) use command::Status;
pub(super) use store::StoreOptions;
pub(super) use words::back;
