//! A report in a sentence.

use super::{
    report::{State, Status},
    standing::Budget,
};
use crate::text::numbers::{counted, grouped};

/// So many SLOs are named in a sentence.
const NAMED: usize = 3;

/// All of it in a sentence.
pub(super) fn summary(slos: &[Status]) -> String {
    if let [status] = slos {
        return of_one(status);
    }
    let of = |state: State| slos.iter().filter(move |status| status.state == state);
    let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
    let mut parts = vec![match of(State::Spent).count() {
        0 if slos.is_empty() => "there is no SLO".to_owned(),
        0 => format!(
            "{} of {} have budget left",
            grouped(count(of(State::Ok).chain(of(State::OverAchieved)).count())),
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
                "{} of {} spent the budget: {}",
                grouped(count(n)),
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
            parts.push(format!("{} {what}", grouped(count(n))));
        }
    }
    let firing = slos
        .iter()
        .filter(|status| !status.firing.is_empty())
        .count();
    if firing > 0 {
        parts.push(format!("alerts fire for {}", grouped(count(firing))));
    }
    parts.join("; ")
}

/// One SLO in a sentence.
fn of_one(status: &Status) -> String {
    let slo = &status.slo;
    let bad = |budget: &Budget| {
        format!(
            "{} of {}, {} allowed",
            counted(budget.bad, "bad event"),
            grouped(budget.good + budget.bad),
            grouped(budget.allowed)
        )
    };
    let counts = status.budget.as_ref().map(bad).unwrap_or_default();
    let mut text = match status.state {
        State::Ok => format!("{slo} has budget left: {counts}"),
        State::OverAchieved => format!("{slo} has budget left, and is over-achieved: {counts}"),
        State::Spent => format!("{slo} spent the budget: {counts}"),
        State::Unknown => format!("{slo} is unknown"),
        State::NoData => format!("{slo} has no data"),
        State::NotMeasured => format!("{slo} is not measured"),
    };
    if let (true, Some(why)) = (status.state >= State::Unknown, &status.why) {
        text += &format!(": {why}");
    }
    match status.firing.len() {
        0 => {}
        1 => text += "; an alert fires",
        n => text += &format!("; {n} alerts fire"),
    }
    text
}
