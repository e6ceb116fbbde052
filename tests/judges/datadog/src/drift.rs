//! `diff --against datadog` at a server whose answers the types of Datadog's client wrote: what differs
//! is told and nothing else, and what is proposed ends it.

use crate::{
    planted::PLANTED,
    server::{self, KEYS},
    stock::Stock,
};
use serde_json::Value;
use std::process::Command;

/// A service with SLOs of a journey and of an endpoint.
const ORDERS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/orders.slo.json");

/// Judges a program with planted differences, and with what these exports declare.
pub(crate) fn run(program: &str, exports: &[String]) -> Result<(), String> {
    let mut failed = 0;
    let orders = objectives(program, ORDERS)?;
    for planted in PLANTED {
        let mut stock = Stock::with(&orders)?;
        (planted.plant)(&mut stock);
        if let Err(why) = judge(program, ORDERS, stock, planted.told) {
            eprintln!("{}: {why}", planted.name);
            failed += 1;
        }
    }
    for export in exports {
        let stock = Stock::with(&objectives(program, export)?)?;
        if let Err(why) = judge(program, export, stock, &[]) {
            eprintln!("{export}: {why}");
            failed += 1;
        }
    }
    let all = PLANTED.len() + exports.len();
    eprintln!(
        "  {} of {all} stocks of Datadog are told right",
        all - failed
    );
    match failed {
        0 => Ok(()),
        _ => Err(format!("{failed} are told wrong")),
    }
}

fn objectives(program: &str, export: &str) -> Result<Vec<Value>, String> {
    let (status, text) = slo(program, &["generate", "datadog", "--export", export])?;
    let file: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    match file["objectives"].as_array() {
        Some(objectives) if status == 0 && !objectives.is_empty() => Ok(objectives.clone()),
        _ => Err(format!("{export}: no objectives ({status}): {text}")),
    }
}

/// What differs is told, and is gone when what is proposed was done.
fn judge(program: &str, export: &str, mut stock: Stock, told: &[&str]) -> Result<(), String> {
    let diff = |stock: &Stock, options: &[&str]| {
        let against = format!("datadog+{}", server::start(stock.clone())?);
        let asked = ["diff", "--against", &against, "--export", export];
        slo(program, &[&asked, options].concat())
    };
    let (status, text) = diff(&stock, &[])?;
    let lines: Vec<_> = text.lines().filter(|line| !line.starts_with(' ')).collect();
    if lines != told || status != i32::from(!told.is_empty()) {
        return Err(format!("it ends with {status} and\n{text}"));
    }
    let (_, text) = diff(&stock, &["--format", "json"])?;
    let report: Value = serde_json::from_str(&text).map_err(|error| format!("{error}: {text}"))?;
    let changes = report["changes"].as_array().ok_or("no changes")?;
    if changes.len() != told.len() {
        return Err(format!("as JSON it is {text}"));
    }
    for change in changes {
        let mut created = String::new();
        let requests = change["apply"].as_array().ok_or("nothing to apply")?;
        for request in requests {
            let applied = stock.apply(request, &mut created);
            applied.map_err(|why| format!("{why}\nin {request:#}"))?;
        }
    }
    match diff(&stock, &[])? {
        (0, text) if text.is_empty() => Ok(()),
        (_, text) => Err(format!("what was proposed did not end it:\n{text}")),
    }
}

/// Runs the command; how it ends and what it says.
fn slo(program: &str, arguments: &[&str]) -> Result<(i32, String), String> {
    let output = Command::new(program)
        .args(arguments)
        .envs(KEYS)
        .output()
        .map_err(|error| format!("{program}: {error}"))?;
    let status = output.status.code().unwrap_or(-1);
    let error = String::from_utf8_lossy(&output.stderr);
    match status {
        0 | 1 => Ok((status, String::from_utf8_lossy(&output.stdout).into_owned())),
        _ => Err(format!("{arguments:?} ended with {status}: {error}")),
    }
}
