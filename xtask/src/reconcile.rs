//! The long run of the chaos test: 200,000 requests with every fault in random order, counted
//! three times. The short one is a test of `tests/reconcile`.

use crate::{
    Outcome,
    command::{self, cargo},
};
use std::env;

/// Every kind of request, on every server and over every protocol, comes some hundred times.
const REQUESTS: &str = "200000";

/// Arguments after the task's name go to the program, such as `--seed 7` to repeat a run.
pub(crate) fn run() -> Outcome {
    let run = [
        "run",
        "--release",
        "--quiet",
        "--package",
        "reconcile",
        "--",
    ];
    let mut given: Vec<_> = env::args().skip(2).collect();
    if !given
        .iter()
        .any(|argument| argument.starts_with("--requests"))
    {
        given.extend(["--requests".to_owned(), REQUESTS.to_owned()]);
    }
    command::run(cargo().args(run).args(given))
}
