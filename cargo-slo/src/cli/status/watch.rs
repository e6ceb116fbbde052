//! The status again and again, until somebody interrupts it.

use super::human;
use crate::{
    cli::{columns::columns, failure::Failure, interrupt::Interrupts},
    status::report::Report,
    text::{json, visible},
};
use jiff::{Timestamp, tz::TimeZone};
use serde::Serialize;
use std::{
    io::{self, IsTerminal, Write},
    thread,
    time::{Duration, Instant},
};

/// Lines that are left free below the last one.
const FREE_LINES: usize = 1;

/// How often an interrupt is looked for.
const LOOK: Duration = Duration::from_millis(50);

/// Moves the cursor home and clears what is below. No mode of the terminal is changed, so there is
/// nothing to restore, however it ends.
const CLEAR: &str = "\x1b[H\x1b[2J";

/// How it is shown.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shown {
    /// Redrawn in a terminal, a line each without one.
    Human,
    /// A line of JSON each.
    Json,
}

/// A report, and why it is not newer.
#[derive(Serialize)]
struct Told<'a> {
    #[serde(flatten)]
    report: Option<&'a Report>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stale: Option<Stale<'a>>,
}

/// Why a report is not newer.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Stale<'a> {
    age_seconds: Option<i64>,
    why: &'a str,
}

/// Asks once in each stretch of time, the next time after the answer at the earliest, and shows the
/// last answer there was. Returns the last one when somebody interrupts it.
pub(super) fn watch(
    every: Duration,
    shown: Shown,
    zone: &TimeZone,
    mut ask: impl FnMut() -> Result<Report, Failure>,
    out: &mut dyn Write,
) -> Result<Option<Report>, Failure> {
    let interrupts = Interrupts::held();
    let mut last: Option<Report> = None;
    loop {
        let next = Instant::now() + every;
        let why = match ask() {
            Ok(report) => {
                last = Some(report);
                None
            }
            Err(Failure::Told(told)) => Some(
                told.first()
                    .map_or_else(String::new, |first| first.message.clone()),
            ),
            Err(stream) => return Err(stream),
        };
        show(shown, last.as_ref(), why.as_deref(), zone, out)?;
        out.flush()?;
        while Instant::now() < next && !Interrupts::came() {
            thread::sleep(LOOK.min(next.saturating_duration_since(Instant::now())));
        }
        if Interrupts::came() {
            drop(interrupts);
            return Ok(last);
        }
    }
}

fn show(
    shown: Shown,
    last: Option<&Report>,
    why: Option<&str>,
    zone: &TimeZone,
    out: &mut dyn Write,
) -> io::Result<()> {
    let age = last.map(|report| Timestamp::now().as_second() - report.at);
    if let Shown::Json = shown {
        let stale = why.map(|why| Stale {
            age_seconds: age,
            why,
        });
        let told = Told {
            report: last,
            stale,
        };
        json::write_compact(out, &told)?;
        return writeln!(out);
    }
    let stale = why.map(|why| {
        let age = age.map_or_else(String::new, |age| format!("; what follows is {age} s old"));
        format!("the store can't be asked: {}{age}", visible(why))
    });
    let rows = io::stdout()
        .is_terminal()
        .then(terminal_size::terminal_size)
        .flatten()
        .map(|(_, rows)| usize::from(rows.0));
    let Some(rows) = rows else {
        return line(stale.as_deref(), last, zone, out);
    };
    let mut page = Vec::new();
    if let Some(stale) = &stale {
        writeln!(page, "{stale}")?;
    }
    if let Some(report) = last {
        writeln!(page, "{}", visible(&report.summary))?;
        human::write(&mut page, report, zone, columns(), false)?;
    }
    out.write_all(CLEAR.as_bytes())?;
    out.write_all(first_lines(&String::from_utf8_lossy(&page), rows).as_bytes())
}

/// One line, where nothing can be redrawn.
fn line(
    stale: Option<&str>,
    last: Option<&Report>,
    zone: &TimeZone,
    out: &mut dyn Write,
) -> io::Result<()> {
    let told = last.map(|report| {
        let moment = super::words::moment(report.at, zone);
        format!("{moment}: {}", visible(&report.summary))
    });
    let parts: Vec<&str> = stale.into_iter().chain(told.as_deref()).collect();
    writeln!(out, "{}", parts.join(": "))
}

/// As much of a page as a terminal of so many rows shows; what is left out is said.
fn first_lines(page: &str, rows: usize) -> String {
    let lines: Vec<_> = page.lines().collect();
    let most = rows.saturating_sub(FREE_LINES).max(2);
    let mut text = String::new();
    let (shown, left) = match lines.len() <= most {
        true => (&lines[..], 0),
        false => (&lines[..most - 1], lines.len() - most + 1),
    };
    for line in shown {
        text += line;
        text.push('\n');
    }
    if left > 0 {
        text += &format!("… {left} more lines\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_never_longer_than_the_terminal() {
        let page: String = (1..=10).map(|n| format!("{n}\n")).collect();
        assert_eq!(first_lines(&page, 11), page);
        assert_eq!(first_lines(&page, 5), "1\n2\n3\n… 7 more lines\n");
        for rows in 0..12 {
            assert!(first_lines(&page, rows).lines().count() < rows.max(3));
        }
    }
}
