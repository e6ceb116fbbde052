//! Two recordings, held against each other.

use super::{
    indicators::{Indicator, indicators},
    view::View,
};
use serde::Serialize;
use slo_model::binomial::{lower_bound, upper_bound};

/// How sure it has to be that a share of bad events is another one, on each side.
const CONFIDENCE: f64 = 0.95;

/// How an SLI of one recording differs from the same in the other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Difference {
    /// `service/journey.sli` or `service/journey/endpoint.sli`.
    pub id: String,
    /// Whether it is worse now by more than chance explains, or not counted any more.
    pub is_regression: bool,
    /// What was and what is.
    pub sentence: String,
}

/// Returns what differs, the regressions first.
pub fn compare(before: &View, after: &View) -> Vec<Difference> {
    let (old, new) = (indicators(before), indicators(after));
    let mut found = Vec::new();
    for one in &old {
        let same = new.iter().find(|other| other.id == one.id);
        found.extend(difference(one, same));
    }
    let is_new = |one: &&Indicator<'_>| !old.iter().any(|other| other.id == one.id);
    found.extend(new.iter().filter(is_new).map(|one| Difference {
        id: one.id.clone(),
        is_regression: false,
        sentence: format!("`{}` is new: {}", one.id, told(one)),
    }));
    found.sort_by_key(|difference| !difference.is_regression);
    found
}

fn difference(before: &Indicator<'_>, after: Option<&Indicator<'_>>) -> Option<Difference> {
    let id = &before.id;
    let valid = |one: &Indicator<'_>| one.counts.good + one.counts.bad;
    let found = |is_regression, sentence| {
        Some(Difference {
            id: id.clone(),
            is_regression,
            sentence,
        })
    };
    let Some(after) = after.filter(|after| valid(after) > 0 || valid(before) == 0) else {
        return match valid(before) {
            0 => None,
            _ => found(
                true,
                format!("`{id}` was {}, and is not counted any more", told(before)),
            ),
        };
    };
    let share = |one: &Indicator<'_>| {
        let counts = slo_model::budget::Counts {
            good: one.counts.good,
            bad: one.counts.bad,
        };
        counts.error_ratio()
    };
    let (Some(old), Some(new)) = (share(before), share(after)) else {
        return None;
    };
    let more = if new > old { "more" } else { "fewer" };
    let sentence = |why| {
        format!(
            "`{id}` has {more} bad events: {} before, {} now{why}",
            told(before),
            told(after)
        )
    };
    let worst_before = upper_bound(before.counts.bad, valid(before), CONFIDENCE);
    let best_after = lower_bound(after.counts.bad, valid(after), CONFIDENCE);
    match new > old {
        true if best_after > worst_before => found(true, sentence("")),
        true => found(false, sentence(", which chance explains")),
        false if new < old => found(false, sentence("")),
        false => None,
    }
}

fn told(one: &Indicator<'_>) -> String {
    format!("{} of {}", one.counts.bad, one.counts.good + one.counts.bad)
}
