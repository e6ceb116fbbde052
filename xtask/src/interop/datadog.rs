//! The types of Datadog's own client read the bodies of requests, and write what drift is found in.

use super::{made, tools};
use crate::{
    Outcome,
    command::{self, root},
    programs::Programs,
};

/// Definitions of which nothing may differ once they were posted.
const DEFINITIONS: [&str; 2] = ["edge", "hostile"];

pub(super) fn run() -> Outcome {
    let requests = made::all(".datadog.json")?;
    command::run(tools::judge("judge-datadog").arg("requests").args(requests))?;
    let exports = DEFINITIONS.map(|name| format!("tests/judges/definitions/{name}.slo.json"));
    command::run(
        tools::judge("judge-datadog")
            .arg("drift")
            .arg(Programs::built()?.path("cargo-slo"))
            .args(exports.map(|export| root().join(export))),
    )
}
