//! Findings on standard output.

use crate::{
    cli::columns::columns,
    diagnostics::{Diagnostic, github, human, json, sarif},
    rules::{Levels, all},
};
use clap::ValueEnum;
use std::{
    collections::HashSet,
    io::{self, Write},
};

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(super) enum Format {
    /// For people, as rustc does
    #[default]
    Human,
    /// One JSON object per line
    Json,
    /// SARIF 2.1.0, for code scanners
    Sarif,
    /// Workflow commands of GitHub, shown beside the changed lines
    Github,
}

/// Writes all findings.
pub(super) fn write(
    out: &mut dyn Write,
    format: Format,
    found: &[Diagnostic],
    levels: &Levels,
) -> io::Result<()> {
    match format {
        Format::Human => {
            let mut shown = HashSet::new();
            for finding in found {
                let mut finding = finding.clone();
                for change in &mut finding.changes {
                    // Several findings about the alerts of an SLO have one way out.
                    if !shown.insert(change.to_string()) {
                        change.edits.clear();
                        change.does += " (as above)";
                    }
                }
                human::write_within(out, &finding, columns().unwrap_or(usize::MAX))?;
                writeln!(out)?;
            }
            Ok(())
        }
        Format::Json => found
            .iter()
            .try_for_each(|finding| json::write(out, finding)),
        Format::Github => found
            .iter()
            .try_for_each(|finding| github::write(out, finding)),
        Format::Sarif => {
            let reported = all()
                .iter()
                .filter_map(|rule| Some((rule, levels.level(rule)?)));
            let texts: Vec<_> = reported
                .map(|(rule, level)| (rule.name, level, rule.summary(), rule.text()))
                .collect();
            let rules: Vec<_> = texts
                .iter()
                .map(|(name, level, summary, text)| sarif::RuleText {
                    name,
                    level: *level,
                    summary,
                    text,
                })
                .collect();
            sarif::write(out, found, &rules)
        }
    }
}

/// Writes all rules, one per line.
pub(super) fn list(out: &mut dyn Write, levels: &Levels) -> io::Result<()> {
    let widest = all().iter().map(|rule| rule.name.len()).max().unwrap_or(0);
    for rule in all() {
        let level = levels.level(rule).map_or("allowed", |level| level.as_str());
        writeln!(out, "{:widest$}  {level:7}  {}", rule.name, rule.summary())?;
    }
    Ok(())
}
