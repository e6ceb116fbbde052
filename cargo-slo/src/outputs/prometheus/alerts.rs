//! Multiwindow, multi-burn-rate alerts.

use super::{
    file::{Kind, Rule},
    promql::{duration, recorded},
    ratios, template,
};
use crate::definition::{Identity, Sli, Slo};
use slo_model::burn_rate::{BurnRate, DEFAULT, Severity};

/// The alerts of an SLO, and a sentence for each condition that was left out.
///
/// One alert per condition, told apart by `slo_window_tier`: a page for the fast burn can
/// then silence the ticket for the slow one. None has a `for`: the long window already is
/// one, and the short window ends the alert soon after its cause.
pub(super) fn rules(slo: &Slo) -> (Vec<Rule>, Vec<String>) {
    let mut alerts = Vec::new();
    let mut left_out = Vec::new();
    for condition in &DEFAULT {
        match why_not(condition, slo) {
            Some(why) => left_out.push(format!("{} left out: {why}", named(condition))),
            None => alerts.push(alert(condition, slo)),
        }
    }
    (alerts, left_out)
}

fn named(condition: &BurnRate) -> String {
    let BurnRate {
        severity,
        long_minutes,
        short_minutes,
        ..
    } = *condition;
    let (long, short) = (duration(long_minutes), duration(short_minutes));
    format!("{} for {long} and {short}", severity.as_str())
}

fn why_not(condition: &BurnRate, slo: &Slo) -> Option<String> {
    let factor = condition.factor(slo.window);
    if !condition.can_fire(slo.target, slo.window) {
        return Some(format!(
            "it can't fire, {factor} times the error budget of {} is an error ratio of {}",
            slo.target.budget(),
            condition.threshold(slo.target, slo.window)
        ));
    }
    condition.fires_within_budget(slo.window).then(|| {
        format!(
            "its burn rate of {factor} is below 1, so it would fire while the objective is kept"
        )
    })
}

fn alert(condition: &BurnRate, slo: &Slo) -> Rule {
    let threshold = condition.threshold(slo.target, slo.window);
    let above = |minutes| format!("{} > {threshold}", recorded(&ratios::name(minutes), slo));
    let (long, short) = (condition.long_minutes, condition.short_minutes);
    let mut annotations = vec![
        ("summary", summary(condition, slo)),
        ("description", description(condition, slo)),
    ];
    let texts = [("owner", &slo.owner), ("runbook_url", &slo.runbook)];
    let known = texts.into_iter().filter(|(_, text)| !text.is_empty());
    annotations.extend(known.map(|(key, text)| (key, template::literal(text))));
    Rule {
        kind: Kind::Alert,
        name: "SloErrorBudgetBurn".to_owned(),
        expr: format!("{}\nand\n{}", above(long), above(short)),
        // The labels of the SLO come with the series.
        labels: vec![
            ("severity", condition.severity.as_str().to_owned()),
            ("slo_window_tier", duration(long)),
        ],
        annotations,
    }
}

/// What it means, for whoever is woken up by it.
fn summary(condition: &BurnRate, slo: &Slo) -> String {
    let Identity {
        service,
        journey,
        endpoint,
        ..
    } = &slo.identity;
    let whose = match endpoint {
        Some(endpoint) => format!("endpoint {endpoint} of {service}"),
        None => format!("journey {journey} in {service}"),
    };
    let what = match &slo.sli {
        Sli::Availability => "fail".to_owned(),
        Sli::Latency { threshold, .. } => format!("take longer than {threshold:?}"),
    };
    let what = match &slo.sli {
        Sli::Latency {
            overridden: true, ..
        } => format!("{what} or their endpoint's own limit"),
        _ => what,
    };
    let urgency = match condition.severity {
        Severity::Page => "Far too many",
        Severity::Ticket => "Too many",
    };
    template::literal(&format!(
        "{urgency} events of {whose} {what}: at this rate a whole error budget is spent in {}",
        lifetime(condition)
    ))
}

/// How long a full budget lasts at the rate that fires the condition.
fn lifetime(condition: &BurnRate) -> String {
    let minutes = condition.long_minutes * 100 / u32::from(condition.budget_percent);
    match minutes / 60 {
        hours if hours < 96 => format!("{hours} hours"),
        hours => format!("{} days", hours / 24),
    }
}

fn description(condition: &BurnRate, slo: &Slo) -> String {
    let text = format!(
        "{}: the error budget burns more than {} times as fast as the objective of {} over {} \
         allows, over the last {} and still over the last {}. {} % of the budget are spent in {} \
         at that rate. Error ratio over {}: ",
        slo.identity,
        condition.factor(slo.window),
        slo.target,
        slo.window,
        duration(condition.long_minutes),
        duration(condition.short_minutes),
        condition.budget_percent,
        duration(condition.long_minutes),
        duration(condition.long_minutes),
    );
    template::literal(&text) + "{{ $value | humanizePercentage }}."
}
