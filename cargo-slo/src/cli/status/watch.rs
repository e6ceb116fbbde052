//! The status again and again, until somebody interrupts it.

use super::human;
use crate::{
    cli::{failure::Failure, interrupt::Interrupts},
    diagnostics::human::folded,
    status::report::Report,
    text::{json, visible},
};
use anstream::{AutoStream, ColorChoice, StripStream, adapter::strip_str};
use jiff::{Timestamp, tz::TimeZone};
use serde::Serialize;
use std::{
    io::{self, IsTerminal, Write},
    thread,
    time::{Duration, Instant},
};
use unicode_width::UnicodeWidthStr;

/// Lines that are left free below the last one.
const FREE_LINES: usize = 1;

/// How often an interrupt, and another size of the terminal, are looked for.
const LOOK: Duration = Duration::from_millis(50);

/// Moves the cursor home. What is drawn is drawn over what stands there, so nothing flickers. No mode of
/// the terminal is changed, so there is nothing to restore, however it ends.
const HOME: &str = "\x1b[H";

/// Clears the rest of a line.
const CLEAR_LINE: &str = "\x1b[K";

/// Clears what is below.
const CLEAR_BELOW: &str = "\x1b[J";

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
        let mut screen = Screen::of(shown);
        show(shown, screen, last.as_ref(), why.as_deref(), zone, out)?;
        out.flush()?;
        while Instant::now() < next && !Interrupts::came() {
            thread::sleep(LOOK.min(next.saturating_duration_since(Instant::now())));
            let now = Screen::of(shown);
            if now != screen {
                screen = now;
                show(shown, screen, last.as_ref(), why.as_deref(), zone, out)?;
            }
        }
        if Interrupts::came() {
            drop(interrupts);
            if screen.is_some() {
                // The terminal has written `^C` there.
                writeln!(out)?;
            }
            return Ok(last);
        }
    }
}

/// What a terminal has room for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Screen {
    rows: usize,
    columns: usize,
}

impl Screen {
    /// Returns the terminal that is drawn on; `None` where nothing can be drawn over.
    fn of(shown: Shown) -> Option<Screen> {
        let is_dumb = || std::env::var_os("TERM").is_some_and(|name| name == "dumb");
        let is_drawn = matches!(shown, Shown::Human) && io::stdout().is_terminal() && !is_dumb();
        let size = is_drawn.then(terminal_size::terminal_size).flatten();
        size.map(|(columns, rows)| Screen {
            rows: rows.0.into(),
            columns: columns.0.into(),
        })
    }

    /// Draws a page over the last one: as much of it as there is room for.
    fn draw(self, page: &str) -> io::Result<()> {
        let text = first_lines(page, self);
        let mut drawn = HOME.to_owned();
        for line in text.lines() {
            drawn += line;
            drawn += CLEAR_LINE;
            drawn.push('\n');
        }
        drawn += CLEAR_BELOW;
        // Where colours are not wanted, the cursor moves all the same.
        io::stdout().write_all(drawn.as_bytes())?;
        io::stdout().flush()
    }
}

fn show(
    shown: Shown,
    screen: Option<Screen>,
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
    let Some(screen) = screen else {
        return line(stale.as_deref(), last, zone, out);
    };
    let mut page = match AutoStream::choice(&io::stdout()) {
        ColorChoice::Never => Page::Plain(StripStream::new(Vec::new())),
        _ => Page::Styled(Vec::new()),
    };
    let summary = last.map(|report| visible(&report.summary).into_owned());
    for text in stale.iter().chain(&summary) {
        writeln!(page, "{}", folded(text, screen.columns, 0, 2))?;
    }
    if let Some(report) = last {
        human::write(&mut page, report, zone, Some(screen.columns), false)?;
    }
    out.flush()?;
    screen.draw(&page.into_text())
}

/// What is drawn, with styles or without.
enum Page {
    Styled(Vec<u8>),
    Plain(StripStream<Vec<u8>>),
}

impl Page {
    fn into_text(self) -> String {
        let bytes = match self {
            Page::Styled(bytes) => bytes,
            Page::Plain(stream) => stream.into_inner(),
        };
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

impl Write for Page {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Page::Styled(page) => page.write(bytes),
            Page::Plain(page) => page.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
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

/// As much of a page as a terminal shows; what is left out is said.
fn first_lines(page: &str, screen: Screen) -> String {
    let room = screen.rows.saturating_sub(FREE_LINES).max(2);
    let lines: Vec<_> = page.lines().collect();
    // What is to be copied is not broken by us, but by the terminal.
    let rows = |line: &str| {
        let width = strip_str(line).to_string().width();
        width.div_ceil(screen.columns.max(1)).max(1)
    };
    let fitting = |room: usize| {
        let mut used = 0;
        let fits = lines.iter().take_while(|line| {
            used += rows(line);
            used <= room
        });
        fits.count()
    };
    let mut shown = fitting(room);
    if shown < lines.len() {
        shown = fitting(room - 1);
    }
    let mut text = String::new();
    for line in &lines[..shown] {
        text += line;
        text.push('\n');
    }
    match lines.len() - shown {
        0 => {}
        1 => text += "… 1 more line\n",
        left => text += &format!("… {left} more lines\n"),
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_never_longer_than_the_terminal() {
        let page: String = (1..=10).map(|n| format!("{n}\n")).collect();
        let of = |page: &str, rows, columns| first_lines(page, Screen { rows, columns });
        assert_eq!(of(&page, 11, 80), page);
        assert_eq!(of(&page, 5, 80), "1\n2\n3\n… 7 more lines\n");
        for rows in 0..12 {
            assert!(of(&page, rows, 80).lines().count() < rows.max(3));
        }
    }

    /// A terminal breaks what is wider than it is; styles take no room.
    #[test]
    fn a_broken_line_takes_the_rows_that_it_has() {
        let page = "\x1b[1m注文注文\x1b[0m\nb\nc\n";
        let of = |rows, columns| first_lines(page, Screen { rows, columns });
        assert_eq!(of(4, 8), page);
        assert_eq!(of(4, 7), "\x1b[1m注文注文\x1b[0m\n… 2 more lines\n");
        assert_eq!(of(5, 7), page);
    }
}
