//! What the rules of each store made of a row, beside what the clients wrote down.

use super::{replica::Ledger, rules::MODES};
use crate::interop::parts::{
    pace::Pace,
    store::{Counts, Store},
};
use std::{fmt, thread::sleep, time::Instant};

/// How long an event may take into the counts, in minutes: an export, what a Collector waits,
/// an evaluation, and a machine that is busy.
const PATIENCE: f64 = 6.0;

/// What one store says of a row.
#[derive(Debug)]
pub(super) struct Verdict {
    store: &'static str,
    told: Vec<(String, Option<Counts>)>,
    /// What its raw series show, each to its highest value: not more than a hint.
    raw: Option<Counts>,
    expected: Counts,
}

impl Verdict {
    /// Waits until the rules say what the ledger says, or no longer.
    pub(super) fn awaited(
        name: &'static str,
        store: &Store,
        namespace: &str,
        ledger: Ledger,
        pace: Pace,
    ) -> Result<Verdict, String> {
        let asked = Instant::now();
        loop {
            let verdict = Verdict::now(name, store, namespace, ledger)?;
            if verdict.is_right() || asked.elapsed() > pace.minutes(PATIENCE) {
                return Ok(verdict);
            }
            sleep(pace.minutes(0.2));
        }
    }

    /// What they say now.
    pub(super) fn now(
        name: &'static str,
        store: &Store,
        namespace: &str,
        ledger: Ledger,
    ) -> Result<Verdict, String> {
        let job = format!("job=~\"{namespace}/.+\"");
        let mut told = Vec::new();
        for (mode, prefix) in MODES {
            let minutes = format!(
                "sum by (slo_outcome) (sum_over_time({prefix}:events:count1m{{{job}}}[1h]))"
            );
            let window = format!(
                "sum by (slo_outcome) (last_over_time({prefix}:events:sum_window{{{job}}}[1h]))"
            );
            told.push((format!("{mode}, minutes"), store.counts(&minutes)?));
            told.push((format!("{mode}, window"), store.counts(&window)?));
        }
        let raw = format!("sum by (slo_outcome) (max_over_time(slo_events_total{{{job}}}[1h]))");
        let count = |events: u64| u32::try_from(events).map_or(f64::MAX, f64::from);
        Ok(Verdict {
            store: name,
            told,
            raw: store.counts(&raw)?,
            expected: [count(ledger.good), count(ledger.bad)],
        })
    }

    /// To the event.
    pub(super) fn is_right(&self) -> bool {
        self.told
            .iter()
            .all(|(_, told)| *told == Some(self.expected))
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pair = |counts: Option<Counts>| match counts {
            Some([good, bad]) => format!("{good} and {bad}"),
            None => "nothing".to_owned(),
        };
        write!(f, "{}: ", self.store)?;
        if self.is_right() {
            return write!(f, "ok");
        }
        for (of, told) in &self.told {
            write!(f, "{of}: {}; ", pair(*told))?;
        }
        write!(f, "raw series end at {}", pair(self.raw))
    }
}
