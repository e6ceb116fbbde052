//! In what the monitors of an SLO differ.

use super::{
    burn_rate::BurnRate,
    identity::{merged, told, value},
    wanted::{Objective, readable},
};
use crate::{
    diff::{Change, Field, Request},
    input::datadog::Monitor,
};
use serde_json::{Value, json};

/// What tells the monitors of an SLO from each other: severity and long window.
type Key<'m> = (&'m str, &'m str);

/// The change of the monitors of an SLO that is there, with these monitors; `None` if they are as
/// they should be. Those that were not generated are left alone.
pub(super) fn change(
    slo: &str,
    found: &[&Monitor],
    wanted: &Objective,
    url: &str,
) -> Option<Change> {
    let mut rest: Vec<_> = found.to_vec();
    let mut change = Change::of(&readable(&wanted.slo.name), Field::Monitors);
    for (monitor, body) in &wanted.monitors {
        let mut body = body.clone();
        let own = body["query"].as_str().unwrap_or_default();
        let placeholder = BurnRate::parse(own).map_or("", |query| query.slo);
        let query = own.replace(placeholder, slo);
        body["query"] = query.clone().into();
        let place = rest.iter().position(|found| key(found) == key(monitor));
        let Some(place) = place else {
            change.details.push(format!("missing {}", name(monitor)));
            let url = format!("{url}/api/v1/monitor");
            change.apply.push(Request::post(url, body));
            continue;
        };
        let found = rest.remove(place);
        let (parts, body) = differences(found, monitor, &query, &body);
        if !parts.is_empty() {
            let parts = parts.join(" and ");
            change
                .details
                .push(format!("different {} in {parts}", name(monitor)));
            change.apply.push(Request::put(of(url, found), body));
        }
    }
    for left_over in rest.into_iter().filter(|monitor| {
        let tags: Vec<_> = monitor.tags.iter().map(String::as_str).collect();
        super::identity::is_generated(&tags)
    }) {
        change
            .details
            .push(format!("left over {}", name(left_over)));
        change.apply.push(Request::delete(of(url, left_over)));
    }
    (!change.details.is_empty()).then_some(change)
}

/// The address of a monitor that is there.
pub(super) fn of(url: &str, monitor: &Monitor) -> String {
    format!("{url}/api/v1/monitor/{}", monitor.id.unwrap_or_default())
}

fn key(monitor: &Monitor) -> Option<Key<'_>> {
    let severity = value(&monitor.tags, "severity")?;
    Some((severity, BurnRate::parse(&monitor.query)?.long_window))
}

fn name(monitor: &Monitor) -> String {
    match key(monitor) {
        Some((severity, window)) => format!("{severity} {window}"),
        None => format!("`{}`", readable(&monitor.name)),
    }
}

/// What differs, and the body that changes no more than that.
fn differences(
    found: &Monitor,
    wanted: &Monitor,
    query: &str,
    body: &Value,
) -> (Vec<String>, Value) {
    let mut parts = Vec::new();
    let mut changed = json!({});
    if let (Some(is), Some(should)) = (BurnRate::parse(&found.query), BurnRate::parse(query))
        && is != should
    {
        for (what, is, should) in [
            ("period", is.over, should.over),
            ("short window", is.short_window, should.short_window),
        ] {
            if is != should {
                parts.push(format!("{what} {is} → {should}"));
            }
        }
        changed["query"] = query.into();
    }
    let critical = |monitor: &Monitor| {
        let own = monitor.options.thresholds.critical;
        own.or_else(|| Some(BurnRate::parse(&monitor.query)?.threshold))
    };
    let limits = [critical(found), critical(wanted)];
    if limits[0] != limits[1] || changed["query"].is_string() && parts.is_empty() {
        let [is, should] = limits.map(|limit| limit.map_or("none".to_owned(), |n| n.to_string()));
        parts.push(match is == should {
            // Its option and its query say two things.
            true => format!("threshold of its query → {should}"),
            false => format!("threshold {is} → {should}"),
        });
        changed["query"] = query.into();
        changed["options"] = body["options"].clone();
    }
    if found.name != wanted.name {
        parts.push("name".to_owned());
        changed["name"] = body["name"].clone();
    }
    let (is, mentions) = without_mentions(&found.message);
    if is != without_mentions(&wanted.message).0 {
        parts.push("message".to_owned());
        let mut message = wanted.message.clone();
        if !mentions.is_empty() {
            message += &format!("\n{}", mentions.join(" "));
        }
        changed["message"] = message.into();
    }
    let tags = told(&found.tags, &wanted.tags);
    if !tags.is_empty() {
        parts.extend(tags);
        changed["tags"] = merged(&found.tags, &wanted.tags).into();
    }
    (parts, changed)
}

/// The words of a message, and apart from them who is told it: that is nothing we know.
fn without_mentions(message: &str) -> (Vec<&str>, Vec<&str>) {
    // Where one of ours starts like this, a word joiner follows.
    let is_mention = |word: &&str| {
        let rest = word.strip_prefix('@');
        rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('\u{2060}'))
    };
    let (mentions, words) = message.split_whitespace().partition(is_mention);
    (words, mentions)
}
