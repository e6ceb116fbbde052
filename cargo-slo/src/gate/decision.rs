//! What the gate says of one SLO, and of all.
//!
//! The budget is a count, so the answer is not an estimate: an SLO closes the gate when what is left
//! of its budget reached the level at which its policy freezes deliveries. A fix and a rollback pass,
//! as they are how a budget stops being spent. What is not known stops a feature and nothing else.

use crate::{
    status::recovery::Level,
    text::numbers::{counted, grouped},
};
use serde::Serialize;
use slo_model::{
    Decimal, Target,
    budget::{self, Counts},
};

/// A budget of fewer events decides nothing: with one request more or less the answer is another.
pub const FEW: u64 = 5;

/// What is to be delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Something new.
    Feature,
    /// What mends something that spends the budget.
    Fix,
    /// What was there before.
    Rollback,
}

/// What becomes of an SLO whose whole budget is less than [`FEW`] events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Few {
    /// It never closes the gate.
    #[default]
    Open,
    /// It closes the gate as others do.
    Closed,
    /// Once the level is reached, nothing is known.
    Unknown,
}

/// May it be delivered?
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// Yes.
    Open,
    /// That is not known.
    Unknown,
    /// No.
    Closed,
}

impl Answer {
    /// Returns the word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Answer::Open => "open",
            Answer::Unknown => "unknown",
            Answer::Closed => "closed",
        }
    }
}

/// What is known of an SLO.
#[derive(Clone, Debug, PartialEq)]
pub enum Known {
    /// Its events, and the share of the budget, 0 to 1, at which its policy freezes.
    Counted {
        /// The events of its window.
        counts: Counts,
        /// What it promises.
        target: Target,
        /// What is left when its policy freezes; `None` if it never does.
        freeze: Option<Decimal>,
    },
    /// Nothing, and why.
    Nothing(String),
}

/// What is to be delivered, and what is said about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delivery<'a> {
    /// What it is.
    pub change: Change,
    /// What becomes of small budgets.
    pub few: Few,
    /// What is said of an override that covers the SLO for it.
    pub overridden: Option<&'a str>,
    /// Why it is not known whether the SLO is about it at all.
    pub doubt: Option<&'a str>,
}

/// An answer with its reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The answer.
    pub answer: Answer,
    /// Why, in one line.
    pub reason: String,
}

/// Returns what the gate says of one SLO.
pub fn decide(known: &Known, delivery: &Delivery<'_>) -> Decision {
    let mut plain = of_budget(known, delivery.few);
    if plain.answer == Answer::Open {
        return plain;
    }
    if let Some(doubt) = delivery.doubt {
        plain = Decision {
            answer: Answer::Unknown,
            reason: format!("{}; {doubt}", plain.reason),
        };
    }
    let passes = match (delivery.overridden, delivery.change) {
        (Some(by), _) => Some(by.to_owned()),
        (None, Change::Fix) => Some("a fix passes".to_owned()),
        (None, Change::Rollback) => Some("a rollback passes".to_owned()),
        (None, Change::Feature) => None,
    };
    match passes {
        Some(why) => Decision {
            answer: Answer::Open,
            reason: format!("{}; {why}", plain.reason),
        },
        None => plain,
    }
}

/// The answer for a feature, without an override.
fn of_budget(known: &Known, few: Few) -> Decision {
    let decision = |answer, reason: String| Decision { answer, reason };
    let (counts, target, freeze) = match known {
        Known::Nothing(why) => return decision(Answer::Unknown, why.clone()),
        Known::Counted {
            counts,
            target,
            freeze,
        } => (*counts, *target, *freeze),
    };
    let Some(freeze) = freeze else {
        return decision(
            Answer::Open,
            "no level of its policy freezes deliveries".to_owned(),
        );
    };
    let allowed = budget::events(counts.valid(), target);
    let spent = match (counts.valid(), allowed) {
        (0, _) => "no events".to_owned(),
        (_, 0) => format!(
            "{}, less than 1 is allowed",
            counted(counts.bad, "bad event")
        ),
        _ => format!("{} of {} bad events", grouped(counts.bad), grouped(allowed)),
    };
    if !Level::new(target, freeze).is_reached(counts) {
        return decision(Answer::Open, spent);
    }
    if allowed >= FEW {
        return decision(Answer::Closed, spent);
    }
    let answer = match few {
        Few::Open => Answer::Open,
        Few::Closed => Answer::Closed,
        Few::Unknown => Answer::Unknown,
    };
    decision(
        answer,
        format!("{spent}: fewer than {FEW} are too few to decide by"),
    )
}

/// Returns what the gate says of all: the worst answer there is; unknown without any.
pub fn of_all(answers: impl IntoIterator<Item = Answer>) -> Answer {
    answers.into_iter().max().unwrap_or(Answer::Unknown)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHANGES: [Change; 3] = [Change::Feature, Change::Fix, Change::Rollback];
    const FEWS: [Few; 3] = [Few::Open, Few::Closed, Few::Unknown];

    fn counted(good: u64, bad: u64, freeze: Option<u8>) -> Known {
        Known::Counted {
            counts: Counts { good, bad },
            target: Target::from_percent(99.0),
            freeze: freeze.map(|percent| Decimal::new(percent.into(), 100)),
        }
    }

    /// Each state × change × few × override × doubt, a row each.
    #[test]
    fn every_row_of_the_table() {
        use Answer::{Closed, Open, Unknown};
        let states: [(&str, Known, [Answer; 3]); 9] = [
            // For a feature without an override, by what is said of few events.
            ("no policy", counted(0, 1000, None), [Open; 3]),
            ("untouched", counted(1000, 0, Some(0)), [Open; 3]),
            ("one left", counted(991, 9, Some(0)), [Open; 3]),
            ("spent", counted(990, 10, Some(0)), [Closed; 3]),
            (
                "half left, freezes at half",
                counted(995, 5, Some(50)),
                [Closed; 3],
            ),
            ("more than half left", counted(996, 4, Some(50)), [Open; 3]),
            (
                "few events, spent",
                counted(399, 5, Some(0)),
                [Open, Closed, Unknown],
            ),
            ("no event", counted(0, 0, Some(0)), [Open; 3]),
            (
                "nothing known",
                Known::Nothing("no answer".to_owned()),
                [Unknown; 3],
            ),
        ];
        let mut rows = 0;
        for (name, known, feature) in &states {
            for change in CHANGES {
                for (few, of_feature) in FEWS.into_iter().zip(feature) {
                    for by in [None, Some("overridden until 2026-12-05")] {
                        for doubt in [None, Some("`cart` was not read")] {
                            let delivery = Delivery {
                                change,
                                few,
                                overridden: by,
                                doubt,
                            };
                            let expected = match (change, by, doubt, *of_feature) {
                                (Change::Feature, None, Some(_), Closed) => Unknown,
                                (Change::Feature, None, _, of_feature) => of_feature,
                                _ => Open,
                            };
                            let found = decide(known, &delivery);
                            assert_eq!(found.answer, expected, "{name}, {delivery:?}");
                            // What opened it is said, what it opened, and what is not known.
                            if *of_feature != Open {
                                for told in [by, doubt].into_iter().flatten() {
                                    assert!(found.reason.contains(told), "{found:?}");
                                }
                            }
                            rows += 1;
                        }
                    }
                }
            }
        }
        assert_eq!(rows, 9 * 3 * 3 * 2 * 2);
    }

    /// Of so few events that not one may be bad, or of none, no share is told.
    #[test]
    fn reasons_are_counts_that_read_well() {
        let feature = Delivery {
            change: Change::Feature,
            few: Few::Closed,
            overridden: None,
            doubt: None,
        };
        let reason = |good, bad| decide(&counted(good, bad, Some(0)), &feature).reason;
        assert_eq!(reason(0, 0), "no events");
        assert_eq!(reason(50, 0), "0 bad events, less than 1 is allowed");
        let few = ": fewer than 5 are too few to decide by";
        assert_eq!(
            reason(49, 1),
            format!("1 bad event, less than 1 is allowed{few}")
        );
        assert_eq!(reason(499_479, 5214), "5,214 of 5,046 bad events");
    }

    #[test]
    fn the_worst_answer_is_that_of_all() {
        use Answer::{Closed, Open, Unknown};
        assert_eq!(of_all([Open, Unknown, Closed]), Closed);
        assert_eq!(of_all([Open, Unknown]), Unknown);
        assert_eq!(of_all([Open, Open]), Open);
        assert_eq!(of_all([]), Unknown);
    }

    proptest::proptest! {
        /// More bad events never open the gate, and more good ones never close it, once there are
        /// enough to decide by.
        #[test]
        fn it_follows_the_budget(good in 500u64..100_000, bad in 0u64..2_000, more in 0u64..1_000, freeze in 0u8..=99) {
            let feature = Delivery { change: Change::Feature, few: Few::Open, overridden: None, doubt: None };
            let answer = |good, bad| decide(&counted(good, bad, Some(freeze)), &feature).answer;
            proptest::prop_assert!(answer(good, bad) <= answer(good, bad + more));
            proptest::prop_assert!(answer(good, bad) >= answer(good + more, bad));
        }
    }
}
