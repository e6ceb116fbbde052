//! The table of SLOs.

use crate::proof::Row;
use std::fmt::Write;

const HEAD: [&str; 9] = [
    "journey",
    "endpoint",
    "sli",
    "target",
    "good",
    "bad",
    "budget left",
    "burn rate",
    "client saw",
];

/// Columns whose content is words.
const WORDS: [bool; 9] = [true, true, true, false, false, false, false, false, true];

/// One line for each SLO, under the name of its service.
pub(crate) fn table(rows: &[Row<'_>]) -> String {
    let cells: Vec<_> = rows.iter().map(cells).collect();
    let seen = rows.iter().any(|row| row.saw.is_some());
    let columns = HEAD.len() - usize::from(!seen);
    let widths: Vec<_> = (0..columns)
        .map(|column| {
            let widest = cells.iter().map(|row| row[column].chars().count()).max();
            widest.unwrap_or(0).max(HEAD[column].len())
        })
        .collect();
    let mut text = line(&HEAD.map(str::to_uppercase), &widths);
    let mut service = "";
    for (row, cells) in rows.iter().zip(&cells) {
        if row.slo.identity.service != service {
            service = &row.slo.identity.service;
            let _ = writeln!(text, "{service}");
        }
        text.push_str(&line(cells, &widths));
    }
    text
}

fn cells(row: &Row<'_>) -> [String; 9] {
    let (slo, counts) = (row.slo, row.counts);
    let percent = |share: f64| format!("{:.1}%", share * 100.0);
    [
        slo.identity.journey.clone(),
        slo.identity
            .endpoint
            .clone()
            .unwrap_or_else(|| "(all)".to_owned()),
        slo.identity.sli.clone(),
        slo.target.to_string(),
        counts.good.to_string(),
        counts.bad.to_string(),
        percent(counts.budget_left(slo.target)),
        counts
            .burn_rate(slo.target)
            .map_or_else(|| "-".to_owned(), |rate| format!("{rate:.2}")),
        match row.saw {
            None => String::new(),
            Some(saw) if !saw.hold(counts.good, counts.bad) => {
                format!("DIFFERENT: {} good, {} bad", saw.good, saw.bad)
            }
            Some(saw) if saw.good.is_exact() && saw.bad.is_exact() => "the same".to_owned(),
            Some(saw) => format!("{} bad", saw.bad),
        },
    ]
}

fn line(cells: &[String], widths: &[usize]) -> String {
    let mut text = String::from(" ");
    for ((cell, width), is_word) in cells.iter().zip(widths).zip(WORDS) {
        let _ = if is_word {
            write!(text, " {cell:<width$} ")
        } else {
            write!(text, " {cell:>width$} ")
        };
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::Sides;
    use cargo_slo::definition::{Identity, Sli, Slo};
    use slo_model::{Target, Window, budget::Counts};

    fn slo(endpoint: Option<&str>) -> Slo {
        Slo {
            formerly: Vec::new(),
            identity: Identity {
                service: "shop".into(),
                journey: "checkout".into(),
                endpoint: endpoint.map(Into::into),
                sli: "availability".into(),
            },
            sli: Sli::Availability,
            target: Target::from_percent(99.0),
            window: Window::days(30),
            owner: String::new(),
            runbook: String::new(),
            sources: Vec::new(),
        }
    }

    #[test]
    fn columns_are_aligned_and_differences_shout() {
        let (journey, endpoint) = (slo(None), slo(Some("place-order")));
        let counts = Counts { good: 199, bad: 1 };
        let row = |slo, counts| Row {
            slo,
            counts,
            saw: Some(Sides::default()),
        };
        let text = table(&[row(&journey, Counts::default()), row(&endpoint, counts)]);
        let expected = "
  JOURNEY   ENDPOINT     SLI           TARGET  GOOD  BAD  BUDGET LEFT  BURN RATE  CLIENT SAW
shop
  checkout  (all)        availability     99%     0    0       100.0%          -  the same
  checkout  place-order  availability     99%   199    1        50.0%       0.50  DIFFERENT: 0 good, 0 bad
";
        assert_eq!(format!("\n{text}"), expected);
    }
}
