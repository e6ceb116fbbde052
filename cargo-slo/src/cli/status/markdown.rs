//! The status for chats and pull requests.

use super::{human::name, order::worst_first, words};
use crate::{status::report::Report, text::markdown::escaped};
use jiff::tz::TimeZone;
use std::io::{self, Write};

/// Writes the report.
pub(super) fn write(out: &mut dyn Write, report: &Report, zone: &TimeZone) -> io::Result<()> {
    writeln!(
        out,
        "**{}** · {}\n",
        escaped(&report.summary),
        words::moment(report.at, zone)
    )?;
    writeln!(
        out,
        "| SLO | Target | Window | Left | Burn 1h · 6h · 3d | |"
    )?;
    writeln!(out, "| --- | ---: | --- | ---: | --- | --- |")?;
    for status in worst_first(&report.slos) {
        let rates = ["1h", "6h", "3d"].map(|over| match words::burn_rate(status, over) {
            rate if rate.is_empty() => "–".to_owned(),
            rate => rate,
        });
        let mut more = vec![words::lasts(status)];
        more.extend(words::lines(status, zone));
        more.retain(|line| !line.is_empty());
        let cells = [
            name(status),
            status.target.clone(),
            status.window.clone(),
            format!("{} ({})", words::left(status), words::share(status)),
            rates.join(" · "),
            more.join("; "),
        ];
        let cells = cells.map(|cell| escaped(&cell).replace('|', "\\|"));
        writeln!(out, "| {} |", cells.join(" | "))?;
    }
    Ok(())
}
