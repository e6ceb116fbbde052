//! How the numbers of an SLO come about.

use super::{human::name, words};
use crate::{
    status::report::{Report, Status},
    text::visible,
};
use jiff::tz::TimeZone;
use std::io::{self, Write};

/// Writes the questions, the ends of the window, the counts and the formulas.
pub(super) fn write(
    out: &mut dyn Write,
    report: &Report,
    found: &[&Status],
    zone: &TimeZone,
) -> io::Result<()> {
    writeln!(out, "asked at {}:", words::moment(report.at, zone))?;
    for question in &report.asked {
        writeln!(out, "  {}: {}", question.about, visible(&question.query))?;
    }
    for status in found {
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
    }
    Ok(())
}
