//! Prometheus' own rule manager, over samples that arrive late, evaluations that are skipped and
//! processes that come and go: every event is counted once.

use super::tools;
use crate::{
    Outcome,
    command::{self, cargo},
};

pub(super) fn run() -> Outcome {
    let judge = tools::built("rules", ".")?;
    command::run(
        cargo()
            .args(["test", "--package", "cargo-slo", "--features"])
            .args(["promtool-tests", "--test", "arrivals"])
            .args(["--", "--nocapture"])
            .env("SLO_RULES_JUDGE", judge),
    )
}
