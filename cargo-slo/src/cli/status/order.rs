//! What is looked at first.

use crate::status::report::{State, Status};
use std::cmp::Ordering;

/// Returns SLOs, those first that somebody has to look at, the emptiest budget before the others.
pub(super) fn worst_first(slos: &[Status]) -> Vec<&Status> {
    let mut slos: Vec<_> = slos.iter().collect();
    slos.sort_by(|one, other| {
        let urgency = urgency(one).cmp(&urgency(other));
        let left = |status: &Status| status.budget.as_ref().map_or(f64::NAN, |it| it.left_share);
        urgency.then_with(|| {
            left(one)
                .partial_cmp(&left(other))
                .unwrap_or(Ordering::Equal)
        })
    });
    slos
}

/// True if nobody has to look at it now.
pub(super) fn is_calm(status: &Status) -> bool {
    urgency(status) >= Urgency::Calm
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Urgency {
    Firing,
    Spent,
    NotKnown,
    NotMeasured,
    Policy,
    Told,
    Calm,
    OverAchieved,
}

fn urgency(status: &Status) -> Urgency {
    let is_told =
        status.unclean_ends.is_some() || status.corrected.is_some() || !status.remarks.is_empty();
    match status.state {
        _ if !status.firing.is_empty() => Urgency::Firing,
        State::Spent => Urgency::Spent,
        State::Unknown | State::NoData => Urgency::NotKnown,
        State::NotMeasured => Urgency::NotMeasured,
        _ if status.policy.is_some() => Urgency::Policy,
        _ if is_told => Urgency::Told,
        State::Ok => Urgency::Calm,
        State::OverAchieved => Urgency::OverAchieved,
    }
}
