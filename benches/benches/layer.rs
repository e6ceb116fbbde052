//! What the layer adds to a request: time, instructions and allocations, beside layers written
//! by hand in the same place.
//!
//! `cargo bench -p slo-benches --bench layer -- --gate` fails where the layer takes more
//! instructions or allocations than its ceiling. Time is shown and not gated, because no
//! machine keeps its time. With `SLO_BENCH_DURATIONS=1` the layer measures durations as well.
//! `cargo bench --profile release … -- --gate --default-release` does the same for the profile
//! with which most people build, which optimises no crate together with another.

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
    if above && has_argument("--gate") {
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

/// What the layer may cost at most, as a part of what a layer written by hand costs in
/// `Router::layer`: the simple one, unless it says otherwise.
struct Bound {
    what: &'static str,
    /// What the design asks for.
    most: f64,
    /// What has been reached, and a little: no change may go above it. `None` if the figure
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

/// The ceilings of one build: instructions in `Router::layer` against the layer that counts the
/// same, and in either place against the simple one.
struct Ceilings {
    complete: f64,
    inside: f64,
    around: f64,
}

impl Ceilings {
    fn new(is_default_release: bool, measures_durations: bool) -> Ceilings {
        let (complete, inside, around) = match (is_default_release, measures_durations) {
            (false, false) => (1.00, 1.34, 0.51),
            (false, true) => (1.02, 1.38, 0.55),
            (true, false) => (1.01, 1.40, 0.51),
            (true, true) => (1.03, 1.43, 0.54),
        };
        Ceilings {
            complete,
            inside,
            around,
        }
    }
}

fn has_argument(name: &str) -> bool {
    env::args().any(|argument| argument == name)
}

fn bounds(table: &Table) -> Vec<Bound> {
    let floor = table.row("floor");
    let time = |row: &Row, than: &Row| row.time / than.time;
    let work = |row: &Row, than: &Row| row.instructions / than.instructions;
    let more = |row: &Row, than: &str| row.allocations.count - table.row(than).allocations.count;
    let (inside, around) = (table.row("inside"), table.row("around"));
    let complete = table.row("complete");
    let bound = |what, most, ceiling, measured| Bound {
        what,
        most,
        ceiling,
        measured,
    };
    let measures_durations = cases::measures_durations();
    let ceilings = Ceilings::new(has_argument("--default-release"), measures_durations);
    // To measure durations may cost a quarter of the simple layer.
    let more_time = if measures_durations { 0.25 } else { 0.0 };
    vec![
        bound(
            "instructions in `Router::layer`, against the same counts by hand",
            1.0,
            Some(ceilings.complete),
            work(inside, complete),
        ),
        bound(
            "time in `Router::layer`, against the same counts by hand",
            1.0,
            None,
            time(inside, complete),
        ),
        bound(
            "instructions, in `Router::layer`",
            1.25,
            Some(ceilings.inside),
            work(inside, floor),
        ),
        bound(
            "instructions, around the `Router`",
            0.5,
            Some(ceilings.around),
            work(around, floor),
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
            time(inside, floor),
        ),
        bound(
            "time, around the `Router`",
            0.6 + more_time,
            None,
            time(around, floor),
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
