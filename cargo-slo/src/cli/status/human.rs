//! The status for people: a table, the worst first, and what is to be known below.

use super::{
    order::{is_calm, worst_first},
    words,
};
use crate::{
    cli::table::Table,
    status::report::{Report, State, Status},
    text::{numbers::counted, visible},
};
use jiff::tz::TimeZone;
use std::io::{self, Write};
use unicode_width::UnicodeWidthStr;

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
            for line in wrapped(&visible(&line), columns) {
                writeln!(out, "  {line}")?;
            }
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

/// A line in as many as the columns ask for, those after the first indented; a word that is longer
/// stays whole.
fn wrapped(line: &str, columns: Option<usize>) -> Vec<String> {
    let most = columns.unwrap_or(usize::MAX).saturating_sub(INDENT);
    let mut lines = vec![String::new()];
    for word in line.split(' ') {
        let last = lines.len() - 1;
        let width = lines[last].width();
        if width > 0 && width + 1 + word.width() > most {
            lines.push(format!("{:INDENT$}{word}", ""));
            continue;
        }
        if width > 0 {
            lines[last].push(' ');
        }
        lines[last] += word;
    }
    lines
}

/// The SLO, and whose it is where there are several.
pub(super) fn name(status: &Status) -> String {
    match &status.job {
        Some(job) => format!("{} ({job})", status.slo),
        None => status.slo.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_wrapped_between_words() {
        let text = "when it is back is not known";
        assert_eq!(wrapped(text, None), [text]);
        assert_eq!(wrapped(text, Some(30)), [text]);
        let lines = ["when it is", "  back is", "  not", "  known"];
        assert_eq!(wrapped(text, Some(12)), lines);
        assert_eq!(wrapped("", Some(3)), [""]);
        assert_eq!(
            wrapped("https://wiki.example/a b", Some(9)),
            ["https://wiki.example/a", "  b"]
        );
    }
}
