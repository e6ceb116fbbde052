//! Instructions as valgrind counts them, for machines that don't let programs read the
//! processor's own counter.

use std::{
    env,
    process::{Command, Stdio},
};

/// What this program is called with to do one case the given number of times, and nothing else.
pub const ONCE: &str = "once";

/// Instructions of one request. Nothing without valgrind.
///
/// Only what runs within [`Case::run`](crate::drive::Case::run) counts, after a few requests
/// that don't: what a program does once, such as to calibrate a clock, is not part of it.
pub fn instructions(key: &str) -> Option<f64> {
    const TIMES: usize = 1000;
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .args(["--collect-atstart=no", "--toggle-collect=*drive*Case*run*"])
        .arg(env::current_exe().ok()?)
        .args([ONCE, key, &TIMES.to_string()])
        .stdin(Stdio::null())
        .output()
        .ok()?;
    let said = String::from_utf8_lossy(&output.stderr);
    let (_, count) = said.split_once("Collected : ")?;
    let total: f64 = count.split_whitespace().next()?.parse().ok()?;
    // A name that does not match collects nothing.
    (total > 0.0).then_some(total / TIMES as f64)
}
