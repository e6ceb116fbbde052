//! Prometheus' own rule manager, over samples that arrive late, evaluations that are skipped and
//! processes that come and go: every event is counted once.

use super::tools;
use crate::{Outcome, command, promtool};

pub(super) fn run() -> Outcome {
    let judge = tools::built("rules", ".")?;
    command::run(
        promtool::tests("arrivals")
            .args(["--", "--nocapture"])
            .env("SLO_RULES_JUDGE", judge),
    )
}
