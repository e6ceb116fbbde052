//! What the layer adds to a request: time, instructions and allocations, beside the layer
//! written by hand in the same place.
//!
//! `cargo bench -p slo-benches --bench layer -- --gate` fails where the layer takes more
//! instructions or allocations than its ceiling. Time is shown and not gated, because no
//! machine keeps its time. With `SLO_BENCH_DURATIONS=1` the layer measures durations as well.

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
    let above = bounds.iter().any(Bound::is_above_its_ceiling);
    if above && env::args().any(|argument| argument == "--gate") {
        eprintln!("error: more than the ceiling; see the table above");
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
    /// What the design asks for.
    most: f64,
    /// What has been reached, and a little: no change may go above it. Nothing where the figure
    /// is not the same on every run.
    ceiling: Option<f64>,
    measured: f64,
}

impl Bound {
    fn is_met(&self) -> bool {
        self.measured <= self.most
    }

    fn is_above_its_ceiling(&self) -> bool {
        self.ceiling.is_some_and(|ceiling| self.measured > ceiling)
    }
}

fn bounds(table: &Table) -> Vec<Bound> {
    let floor = table.row("floor");
    let time = |row: &Row| row.time / floor.time;
    let work = |row: &Row| row.instructions / floor.instructions;
    let more = |row: &Row, than: &str| row.allocations.count - table.row(than).allocations.count;
    let (inside, around) = (table.row("inside"), table.row("around"));
    let bound = |what, most, ceiling, measured| Bound {
        what,
        most,
        ceiling,
        measured,
    };
    // To measure durations may cost a quarter of the layer by hand, and has ceilings of its own.
    let (more_time, ceilings) = if cases::measures_durations() {
        (0.25, (1.72, 0.72))
    } else {
        (0.0, (1.65, 0.65))
    };
    vec![
        bound(
            "instructions, in `Router::layer`",
            1.25,
            Some(ceilings.0),
            work(inside),
        ),
        bound(
            "instructions, around the `Router`",
            0.5,
            Some(ceilings.1),
            work(around),
        ),
        bound(
            "more allocations, in `Router::layer`",
            0.0,
            Some(0.0),
            more(inside, "floor"),
        ),
        bound(
            "more allocations, around the `Router`",
            0.0,
            Some(0.0),
            more(around, "floor-around"),
        ),
        bound(
            "time, in `Router::layer`",
            1.0 + more_time,
            None,
            time(inside),
        ),
        bound(
            "time, around the `Router`",
            0.6 + more_time,
            None,
            time(around),
        ),
    ]
}

#[expect(clippy::print_stdout, reason = "its output")]
fn print(table: &Table, bounds: &[Bound]) {
    println!("{table}");
    println!("| against the layer by hand in `Router::layer` | bound | ceiling | measured | |");
    println!("| --- | --- | --- | --- | --- |");
    for bound in bounds {
        let ceiling = bound
            .ceiling
            .map_or("–".to_owned(), |most| most.to_string());
        let verdict = match (bound.is_met(), bound.is_above_its_ceiling()) {
            (true, _) => "met",
            (false, false) => "missed",
            (false, true) => "missed, and above its ceiling",
        };
        println!(
            "| {} | {} | {ceiling} | {:.2} | {verdict} |",
            bound.what, bound.most, bound.measured
        );
    }
}
