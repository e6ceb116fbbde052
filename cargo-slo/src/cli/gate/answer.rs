//! The answer, for people and for programs.

use super::known::{Row, WayOut};
use crate::{
    cli::{failure::Failure, status::back},
    diagnostics::human::folded,
    gate::decision::Answer,
    text::{json, visible},
};
use anstyle::{AnsiColor, Style};
use jiff::tz::TimeZone;
use serde::Serialize;
use std::io::{self, Write};
use unicode_width::UnicodeWidthStr;

/// So many SLOs are named in the answer.
const NAMED: usize = 3;

/// How far lines are indented below their SLO.
const INDENT: usize = 2;

/// What the gate says.
#[derive(Debug, Serialize)]
pub(super) struct Told<'a> {
    answer: Answer,
    summary: String,
    slos: Vec<Row<'a>>,
}

impl<'a> Told<'a> {
    pub(super) fn new(answer: Answer, slos: Vec<Row<'a>>) -> Told<'a> {
        Told {
            answer,
            summary: summary(answer, &slos),
            slos,
        }
    }

    /// Writes a line for each SLO, the ways out below it, and the answer, in a number of columns or in
    /// as many as it takes. What closes the gate stands last, where a log is read first.
    pub(super) fn human(
        &self,
        out: &mut dyn Write,
        zone: &TimeZone,
        columns: Option<usize>,
    ) -> io::Result<()> {
        let columns = columns.unwrap_or(usize::MAX);
        let mut rows: Vec<_> = self.slos.iter().collect();
        rows.sort_by_key(|row| row.answer);
        for row in rows {
            let name = match row.job {
                Some(job) => format!("{} ({job})", row.slo),
                None => row.slo.to_owned(),
            };
            let answer = row.answer.as_str();
            let start = format!("{}: {answer}: ", visible(&name));
            let reason = visible(&row.reason);
            let reason = folded(&reason, columns, start.width(), 2 * INDENT);
            let style = style(row.answer);
            writeln!(
                out,
                "{}: {style}{answer}{style:#}: {reason}",
                visible(&name)
            )?;
            if let Some(way_out) = &row.way_out {
                for line in lines(row, way_out, zone) {
                    let line = visible(&line);
                    writeln!(out, "  {}", folded(&line, columns, INDENT, 2 * INDENT))?;
                }
            }
        }
        let summary = visible(&self.summary);
        let style = style(self.answer);
        let summary = folded(&summary, columns, 0, INDENT);
        writeln!(out, "{style}{summary}{style:#}")
    }

    /// Writes it as JSON.
    pub(super) fn json(&self, out: &mut dyn Write) -> Result<(), Failure> {
        json::write_pretty(out, self)?;
        writeln!(out)?;
        Ok(())
    }
}

/// How an answer looks; it says so in words, too.
fn style(answer: Answer) -> Style {
    match answer {
        Answer::Open => Style::new(),
        Answer::Unknown => AnsiColor::Magenta.on_default().bold(),
        Answer::Closed => AnsiColor::Red.on_default().bold(),
    }
}

fn lines(row: &Row<'_>, way_out: &WayOut, zone: &TimeZone) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(level) = &way_out.level {
        let policy = match &level.policy {
            Some(name) => format!("policy `{name}`"),
            None => "policy".to_owned(),
        };
        let whom = match (level.blocks_participants, &row.takes_part[..]) {
            (false, _) => String::new(),
            (true, []) => ", also of whoever takes part in the journey".to_owned(),
            (true, services) => {
                let services: Vec<_> = services.iter().map(|name| format!("`{name}`")).collect();
                format!(
                    ", also of {}: taking part in the journey",
                    services.join(", ")
                )
            }
        };
        lines.push(format!("{policy} at {} left: freeze{whom}", level.left));
    }
    if row.answer == Answer::Closed {
        lines.push(match way_out.opens {
            Some(opens) => format!("opens, if no new event is bad: {}", back(opens, zone)),
            None => "when it opens is not known: the store does not have every hour of the window"
                .to_owned(),
        });
    }
    lines.extend(way_out.ask.as_ref().map(|owner| format!("ask: {owner}")));
    lines.push(format!(
        "to deliver nevertheless: `[[override]]` with `{}`, on the protected branch",
        way_out.overridden_by
    ));
    lines
}

fn summary(answer: Answer, rows: &[Row<'_>]) -> String {
    let of = |answer: Answer| {
        let of = rows.iter().filter(|row| row.answer == answer);
        let of: Vec<_> = of.map(|row| row.slo).collect();
        match of.len() {
            n if n > NAMED => format!("{} and {} more", of[..NAMED].join(", "), n - NAMED),
            _ => of.join(", "),
        }
    };
    match answer {
        Answer::Open => "the gate is open".to_owned(),
        Answer::Closed => format!("the gate is closed by {}", of(Answer::Closed)),
        Answer::Unknown if rows.is_empty() => "the gate is unknown: no SLO was read".to_owned(),
        Answer::Unknown => format!("the gate is unknown because of {}", of(Answer::Unknown)),
    }
}
