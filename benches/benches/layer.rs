//! What the layer adds to a request: time, instructions and allocations, beside the layer
//! written by hand in the same place.
//!
//! `cargo bench -p slo-benches --bench layer -- --gate` fails where a bound of instructions
//! or allocations is missed; those of time are shown, because no machine keeps its time.

use slo_benches::{
    cases,
    table::{Row, Table, measure, was_called_once},
};
use std::{env, process::ExitCode};

const TURNS: usize = 201;
const BATCH: usize = 400;

fn main() -> ExitCode {
    if was_called_once(cases::all) {
        return ExitCode::SUCCESS;
    }
    let table = match measure(
        cases::all(),
        env!("CARGO_BIN_EXE_allocations"),
        TURNS,
        BATCH,
    ) {
        Ok(table) => table,
        Err(why) => {
            eprintln!("error: {why}");
            return ExitCode::FAILURE;
        }
    };
    check_counts();
    let bounds = bounds(&table);
    print(&table, &bounds);
    let missed = bounds.iter().any(|bound| bound.gates && !bound.is_met());
    if missed && env::args().any(|argument| argument == "--gate") {
        eprintln!("error: a bound is missed; see the table above");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// A layer that is fast because it does nothing would be found out here.
fn check_counts() {
    // The turns, and ten batches before them.
    let expected = ((TURNS + 10) * BATCH) as u64;
    for (case, counted) in cases::counted() {
        assert_eq!(counted, expected, "{case} did not count every request");
    }
}

/// What the layer may cost at most, as a part of what the one written by hand costs in
/// `Router::layer`.
struct Bound {
    what: &'static str,
    most: f64,
    measured: f64,
    /// True where the figure is the same on every run.
    gates: bool,
}

impl Bound {
    fn is_met(&self) -> bool {
        self.measured <= self.most
    }
}

fn bounds(table: &Table) -> Vec<Bound> {
    let floor = table.row("floor");
    let time = |row: &Row| row.time / floor.time;
    let work = |row: &Row| row.instructions / floor.instructions;
    let more = |row: &Row, than: &str| row.allocations.count - table.row(than).allocations.count;
    let (inside, around) = (table.row("inside"), table.row("around"));
    let bound = |what, most, measured, gates| Bound {
        what,
        most,
        measured,
        gates,
    };
    vec![
        bound("instructions, in `Router::layer`", 1.25, work(inside), true),
        bound("instructions, around the `Router`", 0.5, work(around), true),
        bound(
            "more allocations, in `Router::layer`",
            0.0,
            more(inside, "floor"),
            true,
        ),
        bound(
            "more allocations, around the `Router`",
            0.0,
            more(around, "floor-around"),
            true,
        ),
        bound("time, in `Router::layer`", 1.0, time(inside), false),
        bound("time, around the `Router`", 0.6, time(around), false),
    ]
}

#[expect(clippy::print_stdout, reason = "its output")]
fn print(table: &Table, bounds: &[Bound]) {
    println!("{table}");
    println!("| against the layer by hand in `Router::layer` | bound | measured | |");
    println!("| --- | --- | --- | --- |");
    for bound in bounds {
        let met = if bound.is_met() { "met" } else { "missed" };
        println!(
            "| {} | {} | {:.2} | {met} |",
            bound.what, bound.most, bound.measured
        );
    }
}
