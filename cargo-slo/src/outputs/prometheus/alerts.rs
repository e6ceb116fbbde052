//! Multiwindow, multi-burn-rate alerts.

use super::{
    file::{Kind, Rule},
    promql::duration,
    ratios,
    subject::Subject,
    template,
};
use crate::definition::{Identity, Sli, Slo};
use slo_model::{
    Decimal,
    burn_rate::{BurnRate, DEFAULT, Severity},
};

/// The alerts of an SLO, and a sentence for each condition that was changed or left out.
///
/// One alert per condition, told apart by `slo_window_tier`: a page for the fast burn can
/// then silence the ticket for the slow one. None has a `for`: the long window already is
/// one, and the short window ends the alert soon after its cause.
pub(super) fn rules(subject: Subject<'_>) -> (Vec<Rule>, Vec<String>) {
    let mut alerts = Vec::new();
    let mut remarks = Vec::new();
    for condition in &DEFAULT {
        let tier = Tier {
            condition,
            slo: subject.slo,
        };
        remarks.extend(tier.remark());
        if tier.can_fire() {
            alerts.push(alert(tier, subject));
        }
    }
    (alerts, remarks)
}

/// A condition, as it is used for an SLO.
#[derive(Clone, Copy)]
struct Tier<'a> {
    condition: &'a BurnRate,
    slo: &'a Slo,
}

impl Tier<'_> {
    /// How many times the sustainable rate fires it, at least 1: below that the objective is
    /// kept, above it is missed, however short the window of the SLO is.
    fn factor(self) -> Decimal {
        if self.is_raised() {
            Decimal::new(1, 1)
        } else {
            self.condition.factor(self.slo.window)
        }
    }

    fn is_raised(self) -> bool {
        self.condition.fires_within_budget(self.slo.window)
    }

    /// The error ratio that fires it.
    fn threshold(self) -> Decimal {
        self.factor().times(self.slo.target.budget())
    }

    /// An error ratio is never above 1.
    fn can_fire(self) -> bool {
        self.threshold().is_below(1)
    }

    fn remark(self) -> Option<String> {
        let BurnRate {
            severity,
            long_minutes,
            short_minutes,
            ..
        } = *self.condition;
        let (long, short) = (duration(long_minutes), duration(short_minutes));
        let what = format!("{} for {long} and {short}", severity.as_str());
        let factor = self.condition.factor(self.slo.window);
        if !self.can_fire() {
            let budget = self.slo.target.budget();
            let threshold = self.threshold();
            return Some(format!(
                "{what} left out: it can't fire, {factor} times the error budget of {budget} is \
                 an error ratio of {threshold}"
            ));
        }
        self.is_raised().then(|| {
            format!(
                "{what} fires above a burn rate of 1 instead of {factor}: above 1 the objective \
                 is missed, below it is kept"
            )
        })
    }

    /// How long a full budget lasts at the rate that fires it.
    fn lifetime(self) -> String {
        let minutes = if self.is_raised() {
            u32::from(self.slo.window.length_days()) * 1440
        } else {
            self.condition.long_minutes * 100 / u32::from(self.condition.budget_percent)
        };
        match minutes / 60 {
            hours if hours < 96 => format!("{hours} hours"),
            hours => format!("{} days", hours / 24),
        }
    }
}

fn alert(tier: Tier<'_>, subject: Subject<'_>) -> Rule {
    let (condition, slo, threshold) = (tier.condition, tier.slo, tier.threshold());
    let above = |minutes| {
        let ratio = subject.recorded(&ratios::name(minutes));
        format!("{ratio} > {threshold}")
    };
    let (long, short) = (condition.long_minutes, condition.short_minutes);
    let mut annotations = vec![
        ("summary", summary(tier)),
        ("description", description(tier)),
    ];
    let texts = [("owner", &slo.owner), ("runbook_url", &slo.runbook)];
    let known = texts.into_iter().filter(|(_, text)| !text.is_empty());
    annotations.extend(known.map(|(key, text)| (key, template::literal(text))));
    Rule {
        kind: Kind::Alert { held_for: None },
        name: "SloErrorBudgetBurn".to_owned(),
        expr: format!("{}\nand\n{}", above(long), above(short)),
        // The labels of the SLO come with the series; its identity is said again, because
        // promtool takes alerts with the same labels in the file for copies.
        labels: vec![
            ("slo", template::literal(&slo.identity.to_string())),
            ("severity", condition.severity.as_str().to_owned()),
            ("slo_window_tier", duration(long)),
        ],
        annotations,
    }
}

/// What it means, for whoever is woken up by it.
fn summary(tier: Tier<'_>) -> String {
    let slo = tier.slo;
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
    let urgency = match tier.condition.severity {
        Severity::Page => "Far too many",
        Severity::Ticket => "Too many",
    };
    template::literal(&format!(
        "{urgency} events of {whose} {what}: at this rate a whole error budget is spent in {}",
        tier.lifetime()
    ))
}

fn description(tier: Tier<'_>) -> String {
    let slo = tier.slo;
    let (long, short) = (tier.condition.long_minutes, tier.condition.short_minutes);
    let (long, short) = (duration(long), duration(short));
    let spent = if tier.is_raised() {
        format!("The whole budget is spent in {}", tier.lifetime())
    } else {
        let percent = tier.condition.budget_percent;
        format!("{percent} % of the budget are spent in {long}")
    };
    let text = format!(
        "{}: the error budget burns more than {} times as fast as the objective of {} over {} \
         allows, over the last {long} and still over the last {short}. {spent} at that rate. \
         Error ratio over {long}: ",
        slo.identity,
        tier.factor(),
        slo.target,
        slo.window,
    );
    template::literal(&text) + "{{ $value | humanizePercentage }}."
}
