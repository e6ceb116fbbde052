//! Instructions as valgrind counts them, for machines that don't let programs read the
//! processor's own counter.

use std::{
    env,
    process::{Command, Stdio},
};

/// What this program is called with to do one case so many times, and nothing else.
pub const ONCE: &str = "once";

/// Instructions of one request: what a run with more of them takes longer. Nothing without
/// valgrind.
pub fn instructions(key: &str) -> Option<f64> {
    const FEW: usize = 500;
    const MANY: usize = 2500;
    let (few, many) = (total(key, FEW)?, total(key, MANY)?);
    Some((many - few) / (MANY - FEW) as f64)
}

fn total(key: &str, times: usize) -> Option<f64> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(env::current_exe().ok()?)
        .args([ONCE, key, &times.to_string()])
        .stdin(Stdio::null())
        .output()
        .ok()?;
    let said = String::from_utf8_lossy(&output.stderr);
    let (_, count) = said.split_once("Collected : ")?;
    count.split_whitespace().next()?.parse().ok()
}
