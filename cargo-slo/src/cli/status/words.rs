//! What is said of a status, in short.

use crate::{
    status::{
        corrected::Corrected,
        earlier::ENDED_HOURS,
        report::{OverAchieved, State, Status, UncleanEnds},
        standing::{Back, Budget},
    },
    text::numbers::{counted, grouped, minutes, number},
};
use jiff::{Timestamp, tz::TimeZone};
use slo_model::Decimal;
use std::collections::BTreeSet;

/// A moment as people write it, to the minute.
pub(super) fn moment(second: i64, zone: &TimeZone) -> String {
    match Timestamp::from_second(second) {
        Ok(moment) => moment
            .to_zoned(zone.clone())
            .strftime("%a %Y-%m-%d %H:%M %Z")
            .to_string(),
        Err(_) => format!("{second} s after 1970"),
    }
}

/// What is left in events: `3 of 41`; below 0 where more were bad than may be. Without a number, why
/// there is none.
pub(super) fn left(status: &Status) -> String {
    match &status.budget {
        Some(budget) => left_of(budget),
        None => status.state.as_str().to_owned(),
    }
}

/// What is left of a budget in events. Of few events not one may be bad, which is a budget all the
/// same.
fn left_of(budget: &Budget) -> String {
    match (budget.good + budget.bad, budget.allowed, budget.left) {
        (0, ..) => "no events".to_owned(),
        (_, 0, 0) => "<1".to_owned(),
        (_, 0, left) => format!("{} of <1", signed(left)),
        (_, allowed, left) => format!("{} of {}", signed(left), grouped(allowed)),
    }
}

/// A number of events that may be below 0.
pub(super) fn signed(events: i64) -> String {
    let sign = if events < 0 { "-" } else { "" };
    format!("{sign}{}", grouped(events.unsigned_abs()))
}

/// What is left as a share: `7%`. Of what is overspent it is told how much was spent: `122× spent`.
pub(super) fn share(status: &Status) -> String {
    match &status.budget {
        Some(budget) if budget.good + budget.bad > 0 => share_left(budget.left_share),
        _ => String::new(),
    }
}

/// A share that is left; nothing is clamped, and what rounds to all or nothing but is neither says so.
fn share_left(share: f64) -> String {
    let spent = 1.0 - share;
    match share * 100.0 {
        p if p > 0.0 && p < 1.0 => "<1%".to_owned(),
        p if p > 99.0 && p < 100.0 => ">99%".to_owned(),
        p if p >= 0.0 => format!("{p:.0}%"),
        _ if spent < 1.01 => ">100% spent".to_owned(),
        _ if spent < 1.995 => format!("{:.0}% spent", spent * 100.0),
        _ if spent < 9.95 => format!("{spent:.1}× spent"),
        _ => format!("{}× spent", number(spent)),
    }
}

/// The lengths of the paces of some SLOs, the shortest first: `1h`, `6h`, `1d`, `3d`.
pub(super) fn paces<'s>(slos: &[&'s Status]) -> Vec<&'s str> {
    let paces = slos.iter().flat_map(|status| &status.paces);
    let paces: BTreeSet<_> = paces.map(|pace| (pace.minutes, &*pace.over)).collect();
    paces.into_iter().map(|(_, over)| over).collect()
}

/// How fast it is spent over one of the paces: `0.4`.
pub(super) fn burn_rate(status: &Status, over: &str) -> String {
    let pace = status.paces.iter().find(|pace| pace.over == over);
    let rate = pace.and_then(|pace| pace.burn_rate);
    rate.map_or_else(String::new, self::rate)
}

/// A burn rate: one decimal, and none from a hundred on; what rounds to 0 but is more says so.
pub(super) fn rate(rate: f64) -> String {
    match rate {
        rate if rate > 0.0 && rate < 0.05 => "<0.1".to_owned(),
        rate if rate >= 100.0 => number(rate),
        rate => format!("{rate:.1}"),
    }
}

/// How long it lasts at the fastest pace: `2.6 h at 1h pace`; `sustainable` where no pace spends more
/// than the budget in a window.
pub(super) fn lasts(status: &Status) -> String {
    let soonest = status
        .paces
        .iter()
        .filter_map(|pace| Some((pace.exhausted_in_minutes?, &pace.over)))
        .min();
    match (soonest, &status.budget) {
        (Some((length, over)), _) => {
            let length = minutes(Decimal::new(u128::from(length), 1));
            format!("{length} at {over} pace")
        }
        (None, Some(budget)) if budget.left_share > 0.0 && has_pace(status) => {
            "sustainable".to_owned()
        }
        (None, _) => String::new(),
    }
}

/// True if an event was counted in one of the stretches that paces are about.
fn has_pace(status: &Status) -> bool {
    status.paces.iter().any(|pace| pace.burn_rate.is_some())
}

/// When something is left again.
pub(in crate::cli) fn back(back: Back, zone: &TimeZone) -> String {
    let usual = moment(back.usual, zone);
    if back.earliest == back.latest {
        return usual;
    }
    format!(
        "{usual} (with twice the traffic of the last week {}, with half {})",
        moment(back.earliest, zone),
        moment(back.latest, zone)
    )
}

/// What is left without corrected stretches, and which these are.
fn corrected(corrected: &Corrected, zone: &TimeZone) -> Vec<String> {
    let budget = &corrected.budget;
    let mut lines = vec![format!(
        "corrected: {} left ({}); alerts and the gate don't look at it",
        left_of(budget),
        share_left(budget.left_share)
    )];
    lines.extend(corrected.stretches.iter().map(|stretch| {
        let by = stretch
            .by
            .as_ref()
            .map_or_else(String::new, |by| format!(", says {by}"));
        let link = stretch
            .link
            .as_ref()
            .map_or_else(String::new, |link| format!(", {link}"));
        format!(
            "corrected from {} to {}: {} bad of {}: {}{by}{link}",
            moment(stretch.from, zone),
            moment(stretch.to, zone),
            grouped(stretch.bad),
            counted(stretch.good + stretch.bad, "event"),
            stretch.reason
        )
    }));
    lines
}

/// What unclean ends mean for the counts.
fn unclean_ends(ends: &UncleanEnds) -> String {
    let processes = match ends.processes {
        1 => "1 process".to_owned(),
        n => format!("{} processes", grouped(n)),
    };
    format!(
        "unclean ends: {processes} ended in the last {ENDED_HOURS} h with {} in flight; these, and what ended \
         after the last export, are not counted",
        counted(ends.events, "event"),
    )
}

/// What to do with a budget that nobody spends, in the words of the rules about it.
fn over_achieved(over: &OverAchieved) -> String {
    let what = match over.then {
        Some("loosen") => "loosen: agree on a looser target with those who use it",
        Some("ship") => "ship: release more often, with less waiting and fewer approvals",
        Some("rehearse") => "rehearse: cause a failure on purpose, and see what happens",
        _ => {
            "room to move: release more often, run on less, rehearse a failure; or promise more, if users \
              need what they get"
        }
    };
    let who = match over.then {
        Some(_) => "the policy says: ",
        None => "",
    };
    format!(
        "over-achieved: {} or more of its budget was left in each of its last {} windows; {who}{what}",
        over.left, over.windows
    )
}

/// What is to be known beside the numbers, a line each.
pub(super) fn lines(status: &Status, zone: &TimeZone) -> Vec<String> {
    let mut lines = Vec::new();
    lines.extend(status.why.clone());
    if let Some(second) = status.last_counted {
        lines.push(format!("counted last until {}", moment(second, zone)));
    }
    lines.extend(status.corrected.iter().flat_map(|it| corrected(it, zone)));
    if let Some(policy) = &status.policy {
        let until = match policy.ends {
            // How sure that is stands in the next line.
            Some(ends) if status.back == Some(ends) => {
                format!(", until {}", moment(ends.usual, zone))
            }
            Some(ends) => format!(", until {}", back(ends, zone)),
            None => String::new(),
        };
        lines.push(format!(
            "policy at {} left: {}{until}",
            policy.left, policy.then
        ));
    }
    if let Some(again) = status.back {
        lines.push(format!(
            "budget again, if no new event is bad: {}",
            back(again, zone)
        ));
    }
    if let Some(forecast) = &status.forecast {
        lines.push(format!(
            "of the whole period, if traffic goes on as in the last week: {} left ({} with half of it, {} \
             with twice of it)",
            signed(forecast.usual),
            signed(forecast.low),
            signed(forecast.high)
        ));
    }
    if !status.firing.is_empty() {
        lines.push(format!("firing: {}", status.firing.join(", ")));
    }
    if !status.runbook.is_empty() && (!status.firing.is_empty() || status.state == State::Spent) {
        lines.push(format!("runbook: {}", status.runbook));
    }
    lines.extend(status.unclean_ends.as_ref().map(unclean_ends));
    lines.extend(status.over_achieved.as_ref().map(over_achieved));
    // A remark may be the reason why nothing is known, too.
    let remarks = status.remarks.iter();
    let others = remarks.filter(|remark| status.why.as_ref() != Some(*remark));
    lines.extend(others.cloned());
    lines
}
