//! A report in a sentence.

use super::report::{State, Status};
use crate::text::numbers::counted;

/// So many SLOs are named in a sentence.
const NAMED: usize = 3;

/// All of it in a sentence.
pub(super) fn summary(slos: &[Status]) -> String {
    let of = |state: State| slos.iter().filter(move |status| status.state == state);
    let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
    let mut parts = vec![match of(State::Spent).count() {
        0 if slos.is_empty() => "there is no SLO".to_owned(),
        0 => format!(
            "{} of {} have budget left",
            of(State::Ok).chain(of(State::OverAchieved)).count(),
            counted(count(slos.len()), "SLO")
        ),
        n => {
            let mut names: Vec<_> = of(State::Spent)
                .map(|status| status.slo.as_str())
                .take(NAMED)
                .collect();
            if n > NAMED {
                names.push("…");
            }
            format!(
                "{n} of {} spent the budget: {}",
                counted(count(slos.len()), "SLO"),
                names.join(", ")
            )
        }
    }];
    for (state, what) in [
        (State::Unknown, "unknown"),
        (State::NoData, "without data"),
        (State::NotMeasured, "not measured"),
        (State::OverAchieved, "over-achieved"),
    ] {
        let n = of(state).count();
        if n > 0 {
            parts.push(format!("{n} {what}"));
        }
    }
    let firing = slos
        .iter()
        .filter(|status| !status.firing.is_empty())
        .count();
    if firing > 0 {
        parts.push(format!("alerts fire for {firing}"));
    }
    parts.join("; ")
}
