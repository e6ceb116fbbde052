//! The table, and the bound that the layer keeps against the cheapest OpenTelemetry
//! middleware.

use crate::{contest::Account, row::Row};
use std::fmt::{self, Display, Formatter};

/// The middlewares that do what the layer does: metrics over OpenTelemetry.
const OPENTELEMETRY: [&str; 3] = [
    "otel-instrumentation-tower",
    "tower-otel",
    "axum-otel-metrics",
];

/// At most this share of the cheapest one's time is what the layer costs, by its place.
const BOUNDS: [(&str, f64); 2] = [("inside", 0.2), ("around", 0.12)];

/// All that is printed.
#[derive(Clone, Debug)]
pub struct Report {
    /// The first is not a layer at all.
    pub rows: Vec<Row>,
    /// What each was given and recorded.
    pub accounts: Vec<(&'static str, Account)>,
}

impl Report {
    fn row(&self, key: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.key == key)
    }
}

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let floor = self.row("floor").map_or(f64::NAN, |row| row.added.median);
        writeln!(
            f,
            "| | a request, ns | added ns (range of the rounds) | added instructions | \
             added allocations (bytes) | time ÷ by hand | recorded |\n\
             | --- | --- | --- | --- | --- | --- | --- |"
        )?;
        for row in &self.rows {
            let account = self.accounts.iter().find(|(key, _)| *key == row.key);
            let recorded = account.map_or(String::new(), |(_, account)| {
                format!("{} of {}", account.recorded, account.given)
            });
            writeln!(
                f,
                "| {} | {:.0} | {:.0} ({:.0}–{:.0}) | {:.0} | {:.0} ({:.0}) | {:.2} | {recorded} |",
                row.name,
                row.total.median,
                row.added.median,
                row.added.low,
                row.added.high,
                row.instructions,
                row.allocations.count,
                row.allocations.bytes,
                row.added.median / floor,
            )?;
        }
        writeln!(f)?;
        self.bound(f)
    }
}

impl Report {
    fn bound(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let others = OPENTELEMETRY.iter().filter_map(|key| self.row(key));
        let cheapest = others.min_by(|a, b| a.added.median.total_cmp(&b.added.median));
        let Some(cheapest) = cheapest else {
            return Ok(());
        };
        writeln!(
            f,
            "Against the cheapest OpenTelemetry metrics middleware of this run, {}:\n\n\
             | | time | bound | | instructions |\n| --- | --- | --- | --- | --- |",
            cheapest.name,
        )?;
        for (key, bound) in BOUNDS {
            let Some(row) = self.row(key) else { continue };
            let time = row.added.median / cheapest.added.median;
            let work = row.instructions / cheapest.instructions;
            let met = if time <= bound { "met" } else { "missed" };
            writeln!(
                f,
                "| {} | {time:.2} | {bound} | {met} | {work:.2} |",
                row.name
            )?;
        }
        Ok(())
    }
}
