//! An SLO over counts of `slo.events`.

use super::{
    monitor::{MAX_LONG_MINUTES, Monitor},
    tags::{is_kept, tag},
};
use crate::{
    definition::Slo,
    fleet::{Alerts, Fleet, Subject},
    outputs::{Settings, facts, prometheus::duration},
    text::{datadog::literal, visible},
};
use slo_model::{
    Decimal, PPB, Target, Window,
    burn_rate::{Condition, Scaling},
};

/// An SLO with its monitors, in Datadog's terms.
#[derive(Clone, Debug)]
pub(in crate::outputs) struct Objective<'a> {
    /// What it was made of.
    pub(in crate::outputs) slo: &'a Slo,
    /// Its name.
    pub(in crate::outputs) name: String,
    /// Its description, in Markdown.
    pub(in crate::outputs) description: String,
    /// Its tags.
    pub(in crate::outputs) tags: Vec<String>,
    /// The query of good events.
    pub(in crate::outputs) good: String,
    /// The query of valid events.
    pub(in crate::outputs) valid: String,
    /// The period it is promised over.
    pub(in crate::outputs) timeframe: &'static str,
    /// The target in percent.
    pub(in crate::outputs) target: Decimal,
    /// Its monitors.
    pub(in crate::outputs) monitors: Vec<Monitor>,
}

/// The SLOs of a service.
pub(in crate::outputs) fn objectives<'a>(
    subject: &Subject<'a>,
    settings: &Settings,
) -> Vec<Objective<'a>> {
    let slos = subject.service.slos.iter();
    slos.map(|slo| objective(subject, slo, settings)).collect()
}

/// Returns the tags that everything of a service has in a Datadog, its metrics, SLOs and monitors.
pub fn datadog_owner(service: &str, settings: &Settings) -> Vec<String> {
    let namespace = settings.namespace.as_deref();
    let namespace = namespace.map(|name| tag("service.namespace", name));
    std::iter::once(tag("service", service))
        .chain(namespace)
        .collect()
}

fn objective<'a>(subject: &Subject<'a>, slo: &'a Slo, settings: &Settings) -> Objective<'a> {
    let identity = &slo.identity;
    let (timeframe, days) = timeframe(slo.window);
    let mut scope = datadog_owner(&identity.service, settings);
    scope.push(tag("slo.journey", &identity.journey));
    let endpoint = identity.endpoint.as_deref();
    scope.extend(endpoint.map(|name| tag("slo.endpoint", name)));
    scope.push(tag("slo.sli", &identity.sli));
    let query = |more: &[String]| {
        let tags = [&scope[..], more].concat().join(",");
        format!("sum:slo.events{{{tags}}}.as_count()")
    };
    let mut tags = scope.clone();
    if !slo.owner.is_empty() {
        tags.push(tag("team", &slo.owner));
    }
    tags.push("managed_by:cargo-slo".to_owned());
    let conditions = conditions(&subject.alerts, slo, days);
    let monitors = conditions
        .iter()
        .filter(|condition| fits(condition, slo.target))
        .map(|condition| Monitor::new(slo, condition, timeframe, &tags))
        .collect();
    Objective {
        slo,
        name: identity.to_string(),
        description: description(subject, slo),
        good: query(&[tag("slo.outcome", "good")]),
        valid: query(&[]),
        tags,
        timeframe,
        target: Decimal::new(slo.target.ppb().into(), u128::from(PPB) / 100),
        monitors,
    }
}

/// What is promised, then every other fact on a line of its own.
fn description(subject: &Subject<'_>, slo: &Slo) -> String {
    let said = [
        "slo",
        "service",
        "journey",
        "endpoint",
        "sli",
        "target",
        "threshold",
    ];
    let mut description = facts::promise(slo);
    for (key, text) in facts::of_slo(subject, slo) {
        if !text.is_empty() && !said.contains(&key) {
            description += &format!("\n{key}: {}", visible(&text));
        }
    }
    literal(&description)
}

/// The conditions over a period. Windows are whole hours here, so the usual ones always stay as
/// they are and the factors are computed.
fn conditions(alerts: &Alerts<'_>, slo: &Slo, days: u16) -> Vec<Condition> {
    let alerts = alerts.with_scaling(Scaling::KeepWindows);
    alerts.over_window(slo, Window::days(days))
}

fn fits(condition: &Condition, target: Target) -> bool {
    condition.long_minutes <= MAX_LONG_MINUTES && condition.can_fire(target)
}

/// The nearest of the three periods that Datadog has, and its length in days.
fn timeframe(window: Window) -> (&'static str, u16) {
    match window.length_days() {
        0..=18 => ("7d", 7),
        19..=60 => ("30d", 30),
        _ => ("90d", 90),
    }
}

/// What Datadog can't say as it is meant.
pub(in crate::outputs) fn notes(
    fleet: &Fleet<'_>,
    subject: &Subject<'_>,
    settings: &Settings,
) -> Vec<String> {
    let service = subject.service;
    let mut notes = vec![
        "Who is notified is not in the annotations: add handles to the messages, or route by the \
         tags severity and team."
            .to_owned(),
        "A burn-rate monitor looks back two days at most: conditions over more are left out."
            .to_owned(),
        "There is no monitor for missing data.".to_owned(),
    ];
    notes.push(match &settings.namespace {
        Some(_) => "service.namespace is a tag only where resource attributes are made tags \
                    (resource_attributes_as_tags of the exporter)."
            .to_owned(),
        None => format!(
            "Services called {} in several service.namespaces are counted together; `--namespace \
             NAME` keeps to one.",
            service.name
        ),
    });
    if fleet.scaling != Scaling::KeepWindows {
        notes.push(
            "The windows of burn-rate monitors are whole hours: they are not scaled, their factors \
             are computed instead."
                .to_owned(),
        );
    }
    if !is_kept("service", &service.name) {
        notes.push(format!(
            "Datadog stores the name of the service as {}.",
            tag("service", &service.name)
        ));
    }
    for slo in &service.slos {
        let (timeframe, days) = timeframe(slo.window);
        if slo.window != Window::days(days) {
            notes.push(format!(
                "{}: promised over {}; Datadog has 7d, 30d and 90d, here it is {timeframe}.",
                slo.identity,
                slo.window.to_string().replace('-', " ")
            ));
        }
        for condition in conditions(&subject.alerts, slo, days) {
            if !condition.can_fire(slo.target) {
                notes.push(format!(
                    "{}: {} for {} left out, it needs an error ratio above 1 and can't fire.",
                    slo.identity,
                    condition.severity.as_str(),
                    duration(condition.long_minutes)
                ));
            }
        }
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_period_is_taken() {
        let periods = [1, 7, 18, 19, 28, 60, 61, 366].map(|days| timeframe(Window::days(days)).0);
        assert_eq!(
            periods,
            ["7d", "7d", "7d", "30d", "30d", "30d", "90d", "90d"]
        );
        assert_eq!(timeframe(Window::MONTH), ("30d", 30));
    }
}
