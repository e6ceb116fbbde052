//! What is said of a status, in short.

use crate::{
    status::{
        corrected::Corrected,
        earlier::ENDED_HOURS,
        report::{OverAchieved, State, Status, UncleanEnds},
        standing::Back,
    },
    text::numbers::{counted, grouped, minutes},
};
use jiff::{Timestamp, tz::TimeZone};
use slo_model::Decimal;

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

/// What is left in events: `3 of 41`.
pub(super) fn left(status: &Status) -> String {
    match &status.budget {
        Some(budget) => format!("{} of {}", signed(budget.left), grouped(budget.allowed)),
        None => status.state.as_str().to_owned(),
    }
}

fn signed(events: i64) -> String {
    let sign = if events < 0 { "-" } else { "" };
    format!("{sign}{}", grouped(events.unsigned_abs()))
}

/// What is left as a share: `7%`; nothing is clamped, and what rounds to all or nothing but is neither
/// says so.
pub(super) fn share(status: &Status) -> String {
    let Some(budget) = &status.budget else {
        return String::new();
    };
    percent_left(budget.left_share)
}

fn percent_left(share: f64) -> String {
    let percent = share * 100.0;
    match percent {
        p if p > 0.0 && p < 1.0 => "less than 1%".to_owned(),
        p if p > 99.0 && p < 100.0 => "more than 99%".to_owned(),
        p => format!("{p:.0}%"),
    }
}

/// How fast it is spent over one of the paces: `0.4`.
pub(super) fn burn_rate(status: &Status, over: &str) -> String {
    let pace = status.paces.iter().find(|pace| pace.over == over);
    match pace.and_then(|pace| pace.burn_rate) {
        Some(rate) if rate > 0.0 && rate < 0.05 => "<0.1".to_owned(),
        Some(rate) => format!("{rate:.1}"),
        None => String::new(),
    }
}

/// How long it lasts at the fastest pace.
pub(super) fn lasts(status: &Status) -> String {
    let soonest = status
        .paces
        .iter()
        .filter_map(|pace| Some((pace.exhausted_in_minutes?, &pace.over)))
        .min();
    match (soonest, &status.budget) {
        (Some((length, over)), _) => {
            let length = minutes(Decimal::new(u128::from(length), 1));
            format!("{length} at the pace of the last {over}")
        }
        (None, Some(budget)) if budget.left_share > 0.0 => "not spent at this pace".to_owned(),
        (None, _) => String::new(),
    }
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
        "corrected: {} of {} left ({}); alerts and the gate don't look at it",
        signed(budget.left),
        grouped(budget.allowed),
        percent_left(budget.left_share)
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
        let mut line = format!("policy at {} left: {}", policy.left, policy.then);
        if let Some(ends) = policy.ends {
            line += &format!(", until {}", back(ends, zone));
        }
        lines.push(line);
    }
    if let Some(moment) = status.back {
        lines.push(format!(
            "budget again, if no new event is bad: {}",
            back(moment, zone)
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
    lines.extend(status.remarks.iter().cloned());
    lines
}
