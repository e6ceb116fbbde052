//! What was measured of some cases, as a Markdown table and as single figures.

use crate::{
    callgrind::{self, ONCE},
    drive::Case,
    measure::{Figures, Spread, interleaved},
};
use std::{collections::HashMap, env, fmt, process::Command};

/// Allocations of one request, and their bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Allocations {
    /// How many.
    pub count: f64,
    /// How many bytes in all.
    pub bytes: f64,
}

/// What one case adds to the first of them.
#[derive(Clone, Debug)]
pub struct Row {
    /// How the case is called on the command line.
    pub key: &'static str,
    /// How it is called in the table.
    pub name: &'static str,
    /// All of a request, in nanoseconds.
    pub total: Spread,
    /// Nanoseconds added, the median of all turns.
    pub time: f64,
    /// Instructions added.
    pub instructions: f64,
    /// Allocations added.
    pub allocations: Allocations,
}

/// The rows of a table; the first is what the others are added to.
#[derive(Clone, Debug)]
pub struct Table(pub Vec<Row>);

/// Measures cases of requests. `allocations` is the program that counts those.
///
/// # Errors
/// If nothing counts instructions, or the program can't be run.
pub fn measure(
    mut cases: Vec<Case>,
    allocations: &str,
    turns: usize,
    batch: usize,
) -> Result<Table, String> {
    let allocated = read_allocations(allocations)?;
    let figures = interleaved(&mut cases, turns, batch);
    let work = cases.iter().zip(&figures).map(|(case, figures)| {
        let by_valgrind = || callgrind::instructions(case.key);
        figures.work().or_else(by_valgrind).ok_or_else(|| {
            "nothing counts instructions here: allow the processor's counter \
             (kernel.perf_event_paranoid ≤ 2) or install valgrind"
                .to_owned()
        })
    });
    let work = work.collect::<Result<Vec<f64>, String>>()?;
    let of = |key| {
        allocated
            .get(key)
            .copied()
            .ok_or(format!("no allocations of {key}"))
    };
    let none = of(cases[0].key)?;
    let rows = cases.iter().enumerate().map(|(at, case)| {
        let nothing = Spread {
            median: f64::NAN,
            low: f64::NAN,
            high: f64::NAN,
        };
        let mine = of(case.key)?;
        Ok(Row {
            key: case.key,
            name: case.name,
            total: Spread::from_values(figures[at].nanoseconds.iter().copied()).unwrap_or(nothing),
            time: added(&figures, at).time(),
            instructions: work[at] - work[0],
            allocations: Allocations {
                count: mine.count - none.count,
                bytes: mine.bytes - none.bytes,
            },
        })
    });
    rows.collect::<Result<_, String>>().map(Table)
}

fn added(figures: &[Figures], at: usize) -> Figures {
    figures[at].added_to(&figures[0])
}

/// Allocations of each case by its key, as the program counts them that prints a line for each.
///
/// # Errors
/// If the program can't be run, or says something else.
pub fn read_allocations(program: &str) -> Result<HashMap<String, Allocations>, String> {
    let output = Command::new(program)
        .output()
        .map_err(|error| format!("{program} does not start: {error}"))?;
    if !output.status.success() {
        return Err(format!("{program}: {}", output.status));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let line = |line: &str| {
        let mut words = line.split(' ');
        let key = words.next()?.to_owned();
        let count = words.next()?.parse().ok()?;
        let bytes = words.next()?.parse().ok()?;
        Some((key, Allocations { count, bytes }))
    };
    text.lines()
        .map(|text| line(text).ok_or_else(|| format!("{program} said {text:?}")))
        .collect()
}

impl Table {
    /// The row of this key.
    ///
    /// # Panics
    /// If there is none.
    pub fn row(&self, key: &str) -> &Row {
        let row = self.0.iter().find(|row| row.key == key);
        row.unwrap_or_else(|| panic!("no case is called {key}"))
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "| | a request, ns (range) | added ns | added instructions | added allocations (bytes) |\n\
             | --- | --- | --- | --- | --- |"
        )?;
        for row in &self.0 {
            let Spread { median, low, high } = row.total;
            writeln!(
                f,
                "| {} | {median:.0} ({low:.0}–{high:.0}) | {:.0} | {:.0} | {:.0} ({:.0}) |",
                row.name, row.time, row.instructions, row.allocations.count, row.allocations.bytes,
            )?;
        }
        Ok(())
    }
}

/// Does what [`callgrind`] asks for; true if that is what the program was called for.
pub fn was_called_once(cases: impl FnOnce() -> Vec<Case>) -> bool {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [mode, key, times, ..] = arguments.as_slice() else {
        return false;
    };
    if mode != ONCE {
        return false;
    }
    let mut cases = cases();
    let case = cases.iter_mut().find(|case| case.key == key);
    if let (Some(case), Ok(times)) = (case, times.parse()) {
        case.warm_up(300);
        case.run(times);
    }
    true
}
