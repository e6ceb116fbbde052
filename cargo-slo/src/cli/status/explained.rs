//! Where one SLO stands, who spent its budget, and how the numbers come about.

use super::{human::name, style, words};
use crate::{
    diagnostics::human::folded,
    status::{
        report::{Report, Status},
        spent::Episode,
    },
    text::{
        numbers::{counted, grouped, percent},
        visible,
    },
};
use jiff::tz::TimeZone;
use std::io::{self, Write};

/// How far texts are indented below their heading.
const INDENT: usize = 2;

/// Where it is written to, and how.
struct Page<'a> {
    out: &'a mut dyn Write,
    zone: &'a TimeZone,
    columns: usize,
}

/// Writes where it stands, who spent it, what was counted since the last deployment, the counts with
/// their formulas, and at the end what was asked of the store.
pub(super) fn write(
    out: &mut dyn Write,
    report: &Report,
    zone: &TimeZone,
    columns: Option<usize>,
) -> io::Result<()> {
    let columns = columns.unwrap_or(usize::MAX);
    let mut page = Page { out, zone, columns };
    for status in &report.slos {
        page.heading(&name(status))?;
        page.standing(status)?;
        page.spent(status)?;
        page.since_deploy(status)?;
        page.numbers(status)?;
    }
    page.heading(&format!("asked at {}", words::moment(report.at, zone)))?;
    for question in &report.asked {
        // To be copied, so no line is broken.
        let query = visible(&question.query);
        writeln!(page.out, "  {}: {query}", question.about)?;
    }
    Ok(())
}

impl Page<'_> {
    fn heading(&mut self, text: &str) -> io::Result<()> {
        let heading = style::HEADING;
        writeln!(self.out, "{heading}{}{heading:#}", visible(text))
    }

    fn line(&mut self, indent: usize, text: &str) -> io::Result<()> {
        let text = visible(text);
        let text = folded(&text, self.columns, indent, indent + INDENT);
        writeln!(self.out, "{:indent$}{text}", "")
    }

    fn standing(&mut self, status: &Status) -> io::Result<()> {
        let (left, share) = (words::left(status), words::share(status));
        let style = style::of(status);
        let rest = match &*share {
            "" => String::new(),
            share => format!(" ({share})"),
        };
        let left = match &status.budget {
            Some(_) => format!("{left} left{rest}"),
            None => left,
        };
        writeln!(
            self.out,
            "  {style}{left}{style:#}, target {}",
            status.target
        )?;
        if let Some([start, end]) = status.period {
            let [start, end] = [start, end].map(|moment| words::moment(moment, self.zone));
            self.line(
                INDENT,
                &format!("window {}: {start} to {end}", status.window),
            )?;
        }
        let lasts = words::lasts(status);
        if !lasts.is_empty() {
            self.line(INDENT, &format!("lasts: {lasts}"))?;
        }
        for line in words::lines(status, self.zone) {
            self.line(INDENT, &line)?;
        }
        Ok(())
    }

    fn spent(&mut self, status: &Status) -> io::Result<()> {
        let Some(episodes) = &status.spent else {
            return Ok(());
        };
        writeln!(self.out)?;
        self.heading("who spent it")?;
        if episodes.is_empty() {
            self.line(INDENT, "no minute of the window had a bad event")?;
        }
        for episode in episodes {
            self.episode(episode)?;
        }
        Ok(())
    }

    /// An episode, with whose its bad events were.
    fn episode(&mut self, episode: &Episode) -> io::Result<()> {
        let [start, end] =
            [episode.start, episode.end].map(|moment| words::moment(moment, self.zone));
        let bad = counted(episode.bad, "bad event");
        let share = percent(episode.share);
        self.line(
            INDENT,
            &format!("{start} to {end}: {bad} ({share} of the window)"),
        )?;
        for split in &episode.by {
            for part in &split.parts {
                let traffic = part.traffic.map_or_else(String::new, |share| {
                    format!(", {} of the traffic", percent(share))
                });
                let bad = grouped(part.bad);
                let text = format!("{} {}: {bad} bad{traffic}", split.kind, part.name);
                self.line(2 * INDENT, &text)?;
            }
            if split.unattributed != 0 {
                let text = format!(
                    "{} unattributed: {}",
                    split.kind,
                    words::signed(split.unattributed)
                );
                self.line(2 * INDENT, &text)?;
            }
        }
        for dependency in &episode.dependencies {
            let bad = dependency.bad.map_or_else(
                || "nothing is known of it".to_owned(),
                |bad| format!("{} bad in the same minutes", grouped(bad)),
            );
            self.line(2 * INDENT, &format!("dependency {}: {bad}", dependency.slo))?;
        }
        Ok(())
    }

    fn since_deploy(&mut self, status: &Status) -> io::Result<()> {
        let text = match &status.since_deploy {
            Some(deploy) => format!(
                "since {} was deployed at {}: {} bad of {}, burn rate {}",
                deploy.version,
                words::moment(deploy.since, self.zone),
                grouped(deploy.bad),
                counted(deploy.good + deploy.bad, "event"),
                deploy
                    .burn_rate
                    .map_or_else(|| "unknown without an event".to_owned(), words::rate)
            ),
            None if status.budget.is_some() => {
                "since the last deployment: unknown, as no process exports `service.version`"
                    .to_owned()
            }
            None => return Ok(()),
        };
        writeln!(self.out)?;
        self.line(0, &text)
    }

    /// The counts and what is made of them, digit by digit.
    fn numbers(&mut self, status: &Status) -> io::Result<()> {
        let Some(budget) = &status.budget else {
            return writeln!(self.out);
        };
        writeln!(self.out)?;
        self.heading("how the numbers come about")?;
        let valid = budget.good + budget.bad;
        let mut lines = vec![
            format!("good {}, bad {}, valid {valid}", budget.good, budget.bad),
            format!(
                "allowed = floor(valid × (1 − target)) = floor({valid} × (100% − {})) = {}",
                status.target, budget.allowed
            ),
            format!("left = allowed − bad = {}", budget.left),
            format!(
                "share left = 1 − bad ÷ (valid × (1 − target)) = {}",
                budget.left_share
            ),
        ];
        lines.extend(status.paces.iter().map(|pace| {
            let rate = pace
                .burn_rate
                .map_or_else(|| "no event".to_owned(), |rate| rate.to_string());
            format!(
                "burn rate over {} = (bad ÷ valid) ÷ (1 − target) = {rate}",
                pace.over
            )
        }));
        for line in lines {
            self.line(INDENT, &line)?;
        }
        writeln!(self.out)
    }
}
