//! In what an SLO differs.

use super::{
    identity::{merged, told},
    wanted::{Objective, readable},
};
use crate::{
    diff::{Change, Field, Request, amounts, rules::target},
    input::datadog::{Slo, Threshold},
};
use slo_model::Window;

/// Changes of an SLO that is there; the first of them has the request.
pub(super) fn changes(found: &Slo, wanted: &Objective, url: &str) -> Vec<Change> {
    let about = readable(&wanted.slo.name);
    let mut changes = thresholds(&about, &found.thresholds, &wanted.slo.thresholds);
    let details = details(found, &wanted.slo);
    if !details.is_empty() {
        changes.push(Change {
            details,
            ..Change::of(&about, Field::Datadog)
        });
    }
    if let Some(change) = changes.first_mut() {
        let mut body = wanted.body.clone();
        body["tags"] = merged(&found.tags, &wanted.slo.tags).into();
        change.apply = vec![Request::put(format!("{url}/api/v1/slo/{}", found.id), body)];
    }
    changes
}

fn thresholds(about: &str, found: &[Threshold], wanted: &[Threshold]) -> Vec<Change> {
    let mut changes = Vec::new();
    for wanted in wanted {
        let same = found
            .iter()
            .find(|found| found.timeframe == wanted.timeframe);
        match (same, found.first()) {
            // As Datadog writes a number down may differ in its last digits.
            (Some(same), _) if (same.target - wanted.target).abs() < 1e-9 => {}
            (Some(same), _) => changes.push(Change {
                before: Some(format!("{}%", same.target)),
                after: Some(format!("{}%", wanted.target)),
                details: [Some("in Datadog".to_owned()), budgets(same, wanted)]
                    .into_iter()
                    .flatten()
                    .collect(),
                ..Change::of(about, Field::Target)
            }),
            (None, other) => changes.push(Change {
                before: Some(other.map_or("none".to_owned(), |other| other.timeframe.clone())),
                after: Some(wanted.timeframe.clone()),
                details: vec!["in Datadog".to_owned()],
                ..Change::of(about, Field::Window)
            }),
        }
    }
    changes
}

/// What a changed target means, in time.
fn budgets(found: &Threshold, wanted: &Threshold) -> Option<String> {
    let days = wanted.timeframe.strip_suffix('d')?.parse().ok()?;
    let window = Window::days(days);
    let time = |threshold: &Threshold| {
        let target = target(&(threshold.target / 100.0).to_string())?;
        Some(amounts::time(target, window))
    };
    Some(format!(
        "budget {} → {} {}",
        time(found)?,
        time(wanted)?,
        amounts::period(window)
    ))
}

fn details(found: &Slo, wanted: &Slo) -> Vec<String> {
    let mut details = Vec::new();
    let mut text = |what: &str, found: &str, wanted: &str, is_shown: bool| {
        if found != wanted {
            details.push(match is_shown {
                true => format!("different {what} `{found}` → `{wanted}`"),
                false => format!("different {what}"),
            });
        }
    };
    text("type", &found.kind, &wanted.kind, true);
    text("name", &found.name, &wanted.name, true);
    for (part, what) in [
        ("numerator", "query of good events"),
        ("denominator", "query of valid events"),
    ] {
        let query = |slo: &Slo| {
            let query = slo.query.get(part).map_or("", String::as_str);
            query.split_whitespace().collect::<String>()
        };
        text(what, &query(found), &query(wanted), true);
    }
    text(
        "description",
        found.description.trim(),
        wanted.description.trim(),
        false,
    );
    let periods = wanted.thresholds.iter().map(|wanted| &wanted.timeframe);
    let periods: Vec<_> = periods.collect();
    let is_replaced = !found
        .thresholds
        .iter()
        .any(|found| periods.contains(&&found.timeframe));
    let left_over = found
        .thresholds
        .iter()
        // The first is told as the one that becomes ours.
        .skip(usize::from(is_replaced))
        .filter(|found| !periods.contains(&&found.timeframe));
    details.extend(left_over.map(|other| {
        format!(
            "left over target {}% over {}",
            other.target, other.timeframe
        )
    }));
    details.extend(told(&found.tags, &wanted.tags));
    details
}
