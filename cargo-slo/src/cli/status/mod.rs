//! `cargo slo status`: what is left of the error budgets now, and with `--pipeline` what becomes of counts.

mod command;
mod explained;
mod human;
mod markdown;
mod order;
mod pipeline;
mod pipeline_report;
mod store;
mod style;
mod watch;
mod words;

pub(super) use command::Status;
pub(super) use store::StoreOptions;
pub(super) use words::back;
