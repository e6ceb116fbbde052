//! The types of Datadog's own client read the bodies of requests, and write what drift is found in.

use super::{made, tools};
use crate::{
    Outcome,
    command::{self, cargo, root},
};

/// Definitions of which nothing may differ once they were posted.
const DEFINITIONS: [&str; 2] = ["edge", "hostile"];

pub(super) fn run() -> Outcome {
    let requests = made::all(".datadog.json")?;
    command::run(tools::judge("judge-datadog").arg("requests").args(requests))?;
    command::run(cargo().args(["build", "--quiet", "--package", "cargo-slo"]))?;
    let exports = DEFINITIONS.map(|name| format!("tests/judges/definitions/{name}.slo.json"));
    command::run(
        tools::judge("judge-datadog")
            .arg("drift")
            .arg(root().join("target/debug/cargo-slo"))
            .args(exports.map(|export| root().join(export))),
    )
}
