//! How the numbers of an SLO come about.

use super::{human::name, words};
use crate::{
    status::{report::Report, spent::Episode},
    text::{
        numbers::{counted, grouped, percent},
        visible,
    },
};
use jiff::tz::TimeZone;
use std::io::{self, Write};

/// Writes the questions, the ends of the window, the counts and the formulas.
pub(super) fn write(out: &mut dyn Write, report: &Report, zone: &TimeZone) -> io::Result<()> {
    writeln!(out, "asked at {}:", words::moment(report.at, zone))?;
    for question in &report.asked {
        writeln!(out, "  {}: {}", question.about, visible(&question.query))?;
    }
    for status in &report.slos {
        writeln!(out, "\n{}", visible(&name(status)))?;
        if let Some([start, end]) = status.period {
            writeln!(
                out,
                "  window {}: {} to {}",
                status.window,
                words::moment(start, zone),
                words::moment(end, zone)
            )?;
        }
        if let Some(budget) = &status.budget {
            let valid = budget.good + budget.bad;
            writeln!(
                out,
                "  good {}, bad {}, valid {valid}",
                budget.good, budget.bad
            )?;
            writeln!(
                out,
                "  allowed = floor(valid × (1 − target)) = floor({valid} × (100% − {})) = {}",
                status.target, budget.allowed
            )?;
            writeln!(out, "  left = allowed − bad = {}", budget.left)?;
            writeln!(
                out,
                "  share left = 1 − bad ÷ (valid × (1 − target)) = {}",
                budget.left_share
            )?;
        }
        for pace in &status.paces {
            let rate = pace
                .burn_rate
                .map_or_else(|| "no event".to_owned(), |rate| rate.to_string());
            writeln!(
                out,
                "  burn rate over {} = (bad ÷ valid) ÷ (1 − target) = {rate}",
                pace.over
            )?;
        }
        for line in words::lines(status, zone) {
            writeln!(out, "  {}", visible(&line))?;
        }
        match &status.since_deploy {
            Some(deploy) => writeln!(
                out,
                "  since {} was deployed at {}: {} bad of {}, burn rate {}",
                visible(&deploy.version),
                words::moment(deploy.since, zone),
                grouped(deploy.bad),
                counted(deploy.good + deploy.bad, "event"),
                deploy.burn_rate.map_or_else(
                    || "unknown without an event".to_owned(),
                    |rate| rate.to_string()
                )
            )?,
            None if status.budget.is_some() => writeln!(
                out,
                "  since the last deployment: unknown, as no process exports `service.version`"
            )?,
            None => {}
        }
        for episode in status.spent.iter().flatten() {
            spent(out, episode, zone)?;
        }
        if status.spent.as_ref().is_some_and(Vec::is_empty) {
            writeln!(out, "  no minute of the window had a bad event")?;
        }
    }
    Ok(())
}

/// An episode, with whose its bad events were.
fn spent(out: &mut dyn Write, episode: &Episode, zone: &TimeZone) -> io::Result<()> {
    writeln!(
        out,
        "  {} to {}: {} ({} of the window)",
        words::moment(episode.start, zone),
        words::moment(episode.end, zone),
        counted(episode.bad, "bad event"),
        percent(episode.share)
    )?;
    for split in &episode.by {
        for part in &split.parts {
            let traffic = part.traffic.map_or_else(String::new, |share| {
                format!(", {} of the traffic", percent(share))
            });
            writeln!(
                out,
                "    {} {}: {} bad{traffic}",
                split.kind,
                visible(&part.name),
                grouped(part.bad)
            )?;
        }
        if split.unattributed != 0 {
            writeln!(
                out,
                "    {} unattributed: {}",
                split.kind, split.unattributed
            )?;
        }
    }
    for dependency in &episode.dependencies {
        let bad = dependency.bad.map_or_else(
            || "nothing is known of it".to_owned(),
            |bad| format!("{} bad in the same minutes", grouped(bad)),
        );
        writeln!(out, "    dependency {}: {bad}", visible(&dependency.slo))?;
    }
    Ok(())
}
