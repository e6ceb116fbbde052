//! The official Collector judges our log records: what it read of them has each event of ours, and
//! of each the right trace.

use super::tools;
use crate::{
    Outcome,
    command::{self, cargo},
};

pub(super) fn run() -> Outcome {
    let collector = tools::built("collector", ".")?;
    command::run(
        cargo()
            .args(["test", "--quiet", "--package", "slo-sdk", "--test", "it"])
            .args(["--features", "tracing-opentelemetry"])
            .args(["--", "--ignored", "official_collector"])
            .env("SLO_COLLECTOR", collector),
    )
}
