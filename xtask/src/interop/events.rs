//! The official Collector judges our log records: what it read of them has each event of ours, and
//! of each the right trace.

use super::tools;
use crate::{
    Outcome,
    command::{self, cargo},
};

pub(super) fn run() -> Outcome {
    let collector = tools::built("collector", ".")?;
    let said = command::quietly(
        cargo()
            .args(["test", "--quiet", "--workspace", "--test", "it"])
            .args(["--features", "slo-sdk/tracing-opentelemetry"])
            .args(["--", "--ignored", "official_collector"])
            .env("SLO_COLLECTOR", collector),
    )?;
    // A filter that finds no test would be green as well.
    match said.contains("1 passed") {
        true => Ok(()),
        false => Err(format!("the test did not run: {said}")),
    }
}
