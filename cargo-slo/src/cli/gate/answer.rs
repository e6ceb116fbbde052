//! The answer, for people and for programs.

use super::known::{Row, WayOut};
use crate::{
    cli::{failure::Failure, status::back},
    gate::decision::Answer,
    text::{json, visible},
};
use jiff::tz::TimeZone;
use serde::Serialize;
use std::io::{self, Write};

/// What the gate says.
#[derive(Debug, Serialize)]
pub(super) struct Told<'a> {
    answer: &'static str,
    summary: String,
    slos: Vec<Row<'a>>,
}

impl<'a> Told<'a> {
    pub(super) fn new(answer: Answer, slos: Vec<Row<'a>>) -> Told<'a> {
        Told {
            answer: answer.as_str(),
            summary: summary(answer, &slos),
            slos,
        }
    }

    /// Writes a line for each SLO, the ways out below it, and the answer.
    pub(super) fn human(&self, out: &mut dyn Write, zone: &TimeZone) -> io::Result<()> {
        for row in &self.slos {
            let name = match row.job {
                Some(job) => format!("{} ({job})", row.slo),
                None => row.slo.to_owned(),
            };
            let line = format!("{name}: {}: {}", row.answer, row.reason);
            writeln!(out, "{}", visible(&line))?;
            if let Some(way_out) = &row.way_out {
                for line in lines(row, way_out, zone) {
                    writeln!(out, "  {}", visible(&line))?;
                }
            }
        }
        writeln!(out, "{}", visible(&self.summary))
    }

    /// Writes it as JSON.
    pub(super) fn json(&self, out: &mut dyn Write) -> Result<(), Failure> {
        json::write_pretty(out, self)?;
        writeln!(out)?;
        Ok(())
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
    if row.answer == Answer::Closed.as_str() {
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
        let of = rows.iter().filter(|row| row.answer == answer.as_str());
        of.map(|row| row.slo).collect::<Vec<_>>().join(", ")
    };
    match answer {
        Answer::Open => "the gate is open".to_owned(),
        Answer::Closed => format!("the gate is closed by {}", of(Answer::Closed)),
        Answer::Unknown if rows.is_empty() => "the gate is unknown: no SLO was read".to_owned(),
        Answer::Unknown => format!("the gate is unknown because of {}", of(Answer::Unknown)),
    }
}
