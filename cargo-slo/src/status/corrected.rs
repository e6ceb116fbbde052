//! What is left of a budget without the stretches of time that say nothing of what users got.
//!
//! It stands beside what is left, and never in its place: neither alerts nor the gate know of it.

use super::{
    asked::{Asked, keys, names},
    period,
    recorded::{Counted, Key, Question, Store},
    standing::Budget,
};
use crate::input::{http::AskError, manifest::Correction};
use jiff::tz::TimeZone;
use serde::Serialize;
use slo_model::budget::Counts;
use std::collections::BTreeMap;

/// A budget without the stretches that are corrected.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Corrected {
    /// What is left without them.
    pub budget: Budget,
    /// The stretches, in the order of `slo.toml`.
    pub stretches: Vec<Stretch>,
}

/// A stretch of time that is corrected, as far as it lies in the window.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Stretch {
    /// Its start, in seconds since 1970.
    pub from: i64,
    /// Its end, in seconds since 1970.
    pub to: i64,
    /// Good events of it, to the minute.
    pub good: u64,
    /// Bad events of it, to the minute.
    pub bad: u64,
    /// Why it says nothing.
    pub reason: String,
    /// Who says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Where more is written about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

/// The events of stretches, by their start and end.
#[derive(Debug, Default)]
pub(super) struct Stretches(BTreeMap<[i64; 2], BTreeMap<Key, Counted>>);

/// The corrections of an SLO with the part of each that lies in the window.
fn in_window<'a>(asked: &Asked<'a>, now: i64, zone: &TimeZone) -> Vec<([i64; 2], &'a Correction)> {
    let Ok(period) = period::of(asked.slo.window, now, zone) else {
        return Vec::new();
    };
    let corrections = asked.subject.corrections(asked.slo);
    let clipped = corrections.map(|correction| {
        let from = correction.from.get_ref().second().max(period.start);
        let to = correction.to.get_ref().second().min(now);
        ([from, to], correction)
    });
    clipped.filter(|([from, to], _)| from < to).collect()
}

/// Asks for the events of all stretches that are corrected, each once.
pub(super) fn stretches(
    asked: &[Asked<'_>],
    store: &Store<'_>,
    zone: &TimeZone,
    questions: &mut Vec<Question>,
) -> Result<Stretches, AskError> {
    let mut needed: BTreeMap<[i64; 2], Vec<&Asked<'_>>> = BTreeMap::new();
    for asked in asked.iter().filter(|asked| asked.counted.is_some()) {
        for (stretch, _) in in_window(asked, store.now, zone) {
            needed.entry(stretch).or_default().push(asked);
        }
    }
    let mut stretches = Stretches::default();
    for (stretch, asked) in needed {
        let counted = store.between(
            &names(asked.into_iter()),
            stretch,
            "a stretch that is corrected",
            questions,
        )?;
        stretches.0.insert(stretch, counted);
    }
    Ok(stretches)
}

impl Stretches {
    /// Returns what is left of a budget without the stretches that are corrected; `None` if none of
    /// them lies in its window.
    ///
    /// # Errors
    /// With why that can't be known.
    pub(super) fn corrected(
        &self,
        asked: &Asked<'_>,
        counts: Counts,
        now: i64,
        zone: &TimeZone,
    ) -> Result<Option<Corrected>, String> {
        let corrections = in_window(asked, now, zone);
        if corrections.is_empty() {
            return Ok(None);
        }
        let mut spans: Vec<_> = corrections.iter().map(|(span, _)| *span).collect();
        spans.sort_unstable();
        if spans.windows(2).any(|two| two[1][0] < two[0][1]) {
            return Err("some of them overlap".to_owned());
        }
        let mut rest = counts;
        let mut told = Vec::new();
        for (span, correction) in corrections {
            let Counts { good, bad } = self.events(asked, span)?;
            let less = rest.good.checked_sub(good).zip(rest.bad.checked_sub(bad));
            let (less_good, less_bad) =
                less.ok_or("they hold more events than the window, which began within one")?;
            rest = Counts {
                good: less_good,
                bad: less_bad,
            };
            let [from, to] = span;
            told.push(Stretch {
                from,
                to,
                good,
                bad,
                reason: correction.reason.clone().unwrap_or_default(),
                by: correction.by.clone(),
                link: correction.link.clone(),
            });
        }
        Ok(Some(Corrected {
            budget: Budget::new(rest, asked.slo.target),
            stretches: told,
        }))
    }

    /// The events of a stretch, under all names.
    fn events(&self, asked: &Asked<'_>, span: [i64; 2]) -> Result<Counts, String> {
        let counted = self.0.get(&span);
        let mut sum = Counts::default();
        for key in keys(asked.slo, &asked.key) {
            if let Some(counted) = counted.and_then(|counted| counted.get(&key)) {
                sum = sum + counted.clone()?;
            }
        }
        Ok(sum)
    }
}
