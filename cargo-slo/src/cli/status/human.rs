//! The status for people: a table, the worst first, and what is to be known below.

use super::{
    order::{is_calm, worst_first},
    style, words,
};
use crate::{
    cli::fitted_table::{Cell, Column, FittedTable},
    diagnostics::human::folded,
    status::report::{Report, State, Status},
    text::{numbers::counted, visible},
};
use jiff::tz::TimeZone;
use std::{
    collections::BTreeMap,
    io::{self, Write},
};

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
    if !slos.is_empty() {
        let mut table = table(&slos);
        let hidden = report.slos.iter().filter(|status| is_calm(status));
        for status in hidden.filter(|_| slos.len() < all) {
            table.other_name(&name(status));
        }
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
            let heading = style::HEADING;
            writeln!(out, "{heading}{}{heading:#}", visible(name))?;
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
        let text = format!(
            "who spent it: the same with `--explain {}`",
            visible(&worst.slo)
        );
        let columns = columns.unwrap_or(usize::MAX);
        writeln!(out, "\n{}", folded(&text, columns, 0, INDENT))?;
    }
    Ok(())
}

/// The numbers, a row each. In a narrow terminal, windows and targets are left out, then paces, the
/// longest first.
fn table(slos: &[&Status]) -> FittedTable {
    const WINDOW_WORTH: usize = 0;
    const TARGET_WORTH: usize = 1;
    let paces = words::paces(slos);
    let mut columns = vec![
        Column::texts("SLO"),
        Column::numbers("TARGET").worth(TARGET_WORTH),
        Column::texts("WINDOW").worth(WINDOW_WORTH),
        Column::numbers("LEFT"),
        Column::texts(""),
    ];
    columns.extend(paces.iter().enumerate().map(|(n, over)| match n {
        0 => Column::numbers(format!("BURN {over}")),
        n => Column::numbers(*over).worth(TARGET_WORTH + paces.len() - n),
    }));
    columns.push(Column::texts("LASTS"));
    let mut table = FittedTable::new(columns);
    for status in slos {
        let style = style::of(status);
        let mut cells = vec![
            Cell::from(name(status)),
            Cell::from(status.target.clone()),
            Cell::from(status.window.clone()),
            Cell::styled(&words::left(status), style),
            Cell::styled(&words::share(status), style),
        ];
        let rates = paces.iter().map(|over| words::burn_rate(status, over));
        cells.extend(rates.map(Cell::from));
        cells.push(Cell::from(words::lasts(status)));
        table.row(cells);
    }
    table
}

/// What is to be known beside the numbers, each text once: with the SLOs that it is about, in their
/// order.
fn alike(slos: &[&Status], zone: &TimeZone) -> Vec<(Vec<String>, Vec<String>)> {
    let mut places: BTreeMap<Vec<String>, usize> = BTreeMap::new();
    let mut names: Vec<Vec<String>> = Vec::new();
    for status in slos {
        let lines = words::lines(status, zone);
        if lines.is_empty() {
            continue;
        }
        let place = *places.entry(lines).or_insert(names.len());
        if place == names.len() {
            names.push(Vec::new());
        }
        names[place].push(name(status));
    }
    let mut alike: Vec<_> = places.into_iter().collect();
    alike.sort_by_key(|(_, place)| *place);
    let lines = alike.into_iter().map(|(lines, _)| lines);
    names.into_iter().zip(lines).collect()
}

/// The SLO, and whose it is where there are several.
pub(super) fn name(status: &Status) -> String {
    match &status.job {
        Some(job) => format!("{} ({job})", status.slo),
        None => status.slo.clone(),
    }
}
