//! The status for people: a table, and what is to be known below.

use super::words;
use crate::{
    cli::table::Table,
    status::report::{Report, Status},
    text::visible,
};
use jiff::tz::TimeZone;
use std::io::{self, Write};

const HEAD: [&str; 9] = [
    "SLO", "TARGET", "WINDOW", "LEFT", "", "BURN 1h", "6h", "3d", "LASTS",
];

/// What follows says how long it lasts.
const FOLDS: usize = 8;

/// Writes the report, in a number of columns or in as many as it takes.
pub(super) fn write(
    out: &mut dyn Write,
    report: &Report,
    zone: &TimeZone,
    columns: Option<usize>,
) -> io::Result<()> {
    writeln!(out, "{}", words::moment(report.at, zone))?;
    let mut table = Table::new(HEAD, FOLDS);
    for status in &report.slos {
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
    table.write(out, columns)?;
    for status in &report.slos {
        let lines = words::lines(status, zone);
        if lines.is_empty() {
            continue;
        }
        writeln!(out, "\n{}", visible(&name(status)))?;
        for line in lines {
            writeln!(out, "  {}", visible(&line))?;
        }
    }
    Ok(())
}

/// The SLO, and whose it is where there are several.
pub(super) fn name(status: &Status) -> String {
    match &status.job {
        Some(job) => format!("{} ({job})", status.slo),
        None => status.slo.clone(),
    }
}
