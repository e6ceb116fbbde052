//! What a check of the way of counts found, for people, chats and pull requests.

use crate::{
    cli::table::Table,
    diagnostics::human::folded,
    pipeline::Report,
    text::{markdown::escaped, visible},
};
use std::io::{self, Write};

const HEAD: [&str; 4] = ["FINDING", "OF", "SEEN", "EXPECTED"];

/// What follows may stand below.
const FOLDS: usize = 2;

/// How far texts are indented below their finding.
const INDENT: usize = 2;

/// Writes it as a table, with what breaks and what helps below.
pub(super) fn human(
    out: &mut dyn Write,
    report: &Report,
    columns: Option<usize>,
) -> io::Result<()> {
    writeln!(
        out,
        "{} -> {}: {}",
        visible(&report.otlp),
        visible(&report.store),
        visible(&report.service)
    )?;
    if let (Some(metric), Some(after)) = (&report.metric, report.visible_after) {
        let label = report.service_label.map(|label| format!(" by `{label}`"));
        writeln!(
            out,
            "events are `{}`{}, there {after} s after the last export",
            visible(metric),
            label.unwrap_or_default()
        )?;
    }
    if report.findings.is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    let mut table = Table::new(HEAD, FOLDS);
    for finding in &report.findings {
        let cells = [&finding.what, &finding.seen, &finding.expected];
        let [what, seen, expected] = cells.map(Clone::clone);
        table.row([finding.kind.as_str().to_owned(), what, seen, expected]);
    }
    table.write(out, columns)?;
    let columns = columns.unwrap_or(usize::MAX);
    for finding in &report.findings {
        writeln!(
            out,
            "\n{}: {}",
            finding.kind.as_str(),
            visible(&finding.what)
        )?;
        for (name, text) in [("breaks", &finding.breaks), ("way out", &finding.way_out)] {
            let line = format!("{name}: {}", visible(text));
            writeln!(out, "  {}", folded(&line, columns, INDENT, 2 * INDENT))?;
        }
    }
    Ok(())
}

/// Writes it as a table of Markdown.
pub(super) fn markdown(out: &mut dyn Write, report: &Report) -> io::Result<()> {
    writeln!(out, "**{}**\n", escaped(&report.summary))?;
    if report.findings.is_empty() {
        return Ok(());
    }
    writeln!(out, "| Finding | Of | Seen | Expected | Breaks | Way out |")?;
    writeln!(out, "| --- | --- | --- | --- | --- | --- |")?;
    for finding in &report.findings {
        let cells = [
            finding.kind.as_str(),
            &finding.what,
            &finding.seen,
            &finding.expected,
            &finding.breaks,
            &finding.way_out,
        ];
        writeln!(out, "| {} |", cells.map(escaped).join(" | "))?;
    }
    Ok(())
}
