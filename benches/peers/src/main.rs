//! Measures all peers in one process and prints the table.
//!
//! `peers [--quick] [--spans PROGRAM]`; the program is this one, built with the feature
//! `spans`: it is called with `ours` and prints the rows that change with the feature.
//! Without peers beside it, its rows are added to a request of that program.

use slo_benches::table::was_called_once;
use slo_peers::{
    contest::Contest,
    report::Report,
    rounds::{self, Effort},
    row::Row,
};
use std::{
    env,
    process::{Command, ExitCode},
};

fn main() -> ExitCode {
    if was_called_once(|| Contest::all().cases) {
        return ExitCode::SUCCESS;
    }
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("error: {why}");
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::print_stdout, reason = "its output")]
fn run() -> Result<(), String> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let is_given = |name: &str| arguments.iter().any(|argument| argument == name);
    let effort = if is_given("--quick") {
        Effort::QUICK
    } else {
        Effort::FULL
    };
    let allocations = allocations()?;
    if is_given("ours") {
        let mut contest = Contest::ours();
        let rows = rounds::rows(&mut contest, &allocations, effort)?;
        contest.settle(effort.requests())?;
        for row in rows {
            println!("{}", row.line());
        }
        return Ok(());
    }
    let mut contest = Contest::all();
    let mut rows = rounds::rows(&mut contest, &allocations, effort)?;
    let accounts = contest.settle(effort.requests())?;
    let spans = arguments
        .iter()
        .skip_while(|argument| *argument != "--spans")
        .nth(1);
    if let Some(program) = spans {
        rows.extend(with_spans(program, is_given("--quick"))?);
    }
    println!("{}", Report { rows, accounts });
    Ok(())
}

/// The program beside this one that counts allocations.
fn allocations() -> Result<String, String> {
    let own = env::current_exe().map_err(|error| error.to_string())?;
    let beside = own.with_file_name(format!("peer-allocations{}", env::consts::EXE_SUFFIX));
    Ok(beside.display().to_string())
}

/// The rows that another build adds.
fn with_spans(program: &str, is_quick: bool) -> Result<Vec<Row>, String> {
    let output = Command::new(program)
        .args(["ours"])
        .args(is_quick.then_some("--quick"))
        .output()
        .map_err(|error| format!("{program} does not start: {error}"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{program}: {}: {said}", output.status));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let mut rows = Vec::new();
    for line in text.lines() {
        let row = Row::of_line(line).ok_or_else(|| format!("{program} said {line:?}"))?;
        if row.key == "inside" || row.key == "around" {
            rows.push(Row {
                key: format!("{}-spans", row.key),
                name: format!("{}, spans of bad events on (another build)", row.name),
                ..row
            });
        }
    }
    Ok(rows)
}
