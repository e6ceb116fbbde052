//! How differences are written.

use crate::{
    diff::{Change, Field},
    text::{json, visible},
};
use clap::ValueEnum;
use serde::Serialize;
use std::io::{self, Write};

/// How differences are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// A sentence for each difference
    #[default]
    Human,
    /// JSON for programs
    Json,
}

#[derive(Serialize)]
struct Report<'a> {
    same: bool,
    changes: &'a [Change],
}

/// Writes all changes to `out`, remarks to `err`.
pub(super) fn write(
    changes: &[Change],
    format: Format,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> io::Result<()> {
    match format {
        Format::Human => human(changes, out, err),
        Format::Json => {
            let report = Report {
                same: changes.is_empty(),
                changes,
            };
            json::write_pretty(&mut *out, &report)?;
            writeln!(out)
        }
    }
}

fn human(changes: &[Change], out: &mut dyn Write, err: &mut dyn Write) -> io::Result<()> {
    for change in folded(changes) {
        writeln!(out, "{}", visible(&change.to_string()))?;
        for help in &change.help {
            for (i, line) in help.lines().enumerate() {
                let indent = if i == 0 { "  " } else { "    " };
                writeln!(out, "{indent}{}", visible(line))?;
            }
        }
        for request in &change.apply {
            writeln!(out, "  {}", visible(&request.to_string()))?;
        }
    }
    if changes.is_empty() {
        writeln!(err, "nothing differs")?;
    }
    if changes.iter().any(|change| !change.apply.is_empty()) {
        writeln!(
            err,
            "no request was sent that changes anything; `--format json` has their bodies, in `apply`"
        )?;
    }
    Ok(())
}

/// Changes with what differs in the rules of many SLOs said once.
fn folded(changes: &[Change]) -> Vec<Change> {
    let mut folded: Vec<(Change, usize)> = Vec::new();
    for change in changes {
        let same = folded.iter_mut().find(|(first, _)| {
            first.field == Field::Rules
                && change.field == Field::Rules
                && first.details == change.details
        });
        match same {
            Some((_, others)) => *others += 1,
            None => folded.push((change.clone(), 0)),
        }
    }
    let told = folded.into_iter().map(|(mut change, others)| {
        match others {
            0 => {}
            1 => change.about += " and 1 other",
            others => change.about += &format!(" and {others} others"),
        }
        change
    });
    told.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_everywhere_is_said_once() {
        let rules = |about: &str, detail: &str| Change {
            about: about.to_owned(),
            field: Field::Rules,
            before: None,
            after: None,
            details: vec![detail.to_owned()],
            lost: false,
            help: Vec::new(),
            apply: Vec::new(),
        };
        let all = [
            rules("a", "x"),
            rules("b", "x"),
            rules("c", "y"),
            rules("d", "x"),
        ];
        let told: Vec<_> = folded(&all).iter().map(ToString::to_string).collect();
        assert_eq!(told, ["rules of a and 2 others: x", "rules of c: y"]);
    }
}
