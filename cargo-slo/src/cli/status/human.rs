//! The status for people: a table, the worst first, and what is to be known below.

use super::{
    order::{is_calm, worst_first},
    words,
};
use crate::{
    cli::table::Table,
    diagnostics::human::folded,
    status::report::{Report, State, Status},
    text::{numbers::counted, visible},
};
use jiff::tz::TimeZone;
use std::io::{self, Write};

const HEAD: [&str; 9] = [
    "SLO", "TARGET", "WINDOW", "LEFT", "", "BURN 1h", "6h", "3d", "LASTS",
];

/// What follows says how long it lasts.
const FOLDS: usize = 8;

/// So many SLOs are named that have the same to be known.
const MOST_NAMES: usize = 5;

/// How far texts are indented below their SLO.
const INDENT: usize = 2;

/// Of more SLOs, those that nobody has to look at are counted.
const MOST_ROWS: usize = 40;

/// Writes the report, in a number of columns or in as many as it takes; all of a long one only where
/// that is wanted.
pub(super) fn write(
    out: &mut dyn Write,
    report: &Report,
    zone: &TimeZone,
    columns: Option<usize>,
    is_whole: bool,
) -> io::Result<()> {
    writeln!(out, "{}", words::moment(report.at, zone))?;
    let mut slos = worst_first(&report.slos);
    let all = slos.len();
    if all > MOST_ROWS && !is_whole {
        slos.retain(|status| !is_calm(status));
    }
    let mut table = Table::new(HEAD, FOLDS);
    for status in &slos {
        table.row([
            name(status),
            status.target.clone(),
            status.window.clone(),
            words::left(status),
            words::share(status),
            words::burn_rate(status, "1h"),
            words::burn_rate(status, "6h"),
            words::burn_rate(status, "3d"),
            words::lasts(status),
        ]);
    }
    if !slos.is_empty() {
        table.write(out, columns)?;
    }
    if slos.len() < all {
        let calm = u64::try_from(all - slos.len()).unwrap_or(u64::MAX);
        writeln!(
            out,
            "and {} with budget left; `--all` lists them",
            counted(calm, "SLO")
        )?;
    }
    for (names, lines) in alike(&slos, zone) {
        let (shown, more) = names.split_at(names.len().min(MOST_NAMES));
        writeln!(out)?;
        for name in shown {
            writeln!(out, "{}", visible(name))?;
        }
        if !more.is_empty() {
            writeln!(out, "and {} more", more.len())?;
        }
        for line in lines {
            let line = visible(&line);
            let columns = columns.unwrap_or(usize::MAX);
            writeln!(out, "  {}", folded(&line, columns, INDENT, 2 * INDENT))?;
        }
    }
    let worst = slos.first();
    let is_spending = |status: &&&Status| status.state == State::Spent || !status.firing.is_empty();
    if let Some(worst) = worst.filter(is_spending) {
        let worst = visible(&worst.slo);
        writeln!(out, "\nwho spent it: the same with `--explain {worst}`")?;
    }
    Ok(())
}

/// What is to be known beside the numbers, each text once: with the SLOs that it is about, in their
/// order.
fn alike(slos: &[&Status], zone: &TimeZone) -> Vec<(Vec<String>, Vec<String>)> {
    let mut alike: Vec<(Vec<String>, Vec<String>)> = Vec::new();
    for status in slos {
        let lines = words::lines(status, zone);
        if lines.is_empty() {
            continue;
        }
        match alike.iter_mut().find(|(_, others)| *others == lines) {
            Some((names, _)) => names.push(name(status)),
            None => alike.push((vec![name(status)], lines)),
        }
    }
    alike
}

/// The SLO, and whose it is where there are several.
pub(super) fn name(status: &Status) -> String {
    match &status.job {
        Some(job) => format!("{} ({job})", status.slo),
        None => status.slo.clone(),
    }
}
