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
    let slos = worst_first(&report.slos);
    let paces = words::paces(&slos);
    let burn = format!("Burn {}", paces.join(" · "));
    writeln!(out, "| SLO | Target | Window | Left | {} | |", burn.trim())?;
    writeln!(out, "| --- | ---: | --- | ---: | --- | --- |")?;
    for status in slos {
        let rates = paces
            .iter()
            .map(|over| match words::burn_rate(status, over) {
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
            match words::share(status) {
                share if share.is_empty() => words::left(status),
                share => format!("{} ({share})", words::left(status)),
            },
            rates.collect::<Vec<_>>().join(" · "),
            more.join("; "),
        ];
        let cells = cells.map(|cell| escaped(&cell).replace('|', "\\|"));
        writeln!(out, "| {} |", cells.join(" | "))?;
    }
    Ok(())
}
