//! Alert policies, and whom they tell. Neither names an SLO, so SLOs of one window and setting share
//! them.

use super::object::{metadata, object};
use crate::{
    definition::{Service, Slo},
    fleet::Subject,
    outputs::{names, prometheus::duration, tree::Node},
};
use slo_model::burn_rate::{Condition, Severity};

/// All that the SLOs of a service refer to.
pub(super) fn of_service(subject: &Subject<'_>) -> Vec<Node> {
    let service = subject.service;
    let mut policies: Vec<(&Slo, Condition)> = Vec::new();
    for slo in &service.slos {
        for condition in subject.alerts.that_can_fire(slo) {
            let name = policy_name(subject, slo, &condition);
            let same = |(slo, other): &(&Slo, Condition)| policy_name(subject, slo, other) == name;
            if !policies.iter().any(same) {
                policies.push((slo, condition));
            }
        }
    }
    let told = [Severity::Page, Severity::Ticket].into_iter();
    let told = told.filter(|severity| policies.iter().any(|(_, c)| c.severity == *severity));
    let told = told.map(|severity| target(service, severity));
    let policies = policies
        .iter()
        .map(|(slo, condition)| policy(subject, slo, condition));
    told.chain(policies).collect()
}

fn target_name(service: &Service, severity: Severity) -> String {
    names::of_parts(&[&service.name, severity.as_str()])
}

fn target(service: &Service, severity: Severity) -> Node {
    let (description, name) = match severity {
        Severity::Page => ("Whoever has to look now.", "page"),
        Severity::Ticket => ("Whoever has to look in the coming working days.", "ticket"),
    };
    object(
        "AlertNotificationTarget",
        metadata::<&str>(
            target_name(service, severity),
            &format!("{}: {name}", service.name),
            &[("service", service.name.clone())],
        ),
        Node::map([("description", description.into()), ("target", name.into())]),
    )
}

/// The name of the policy for a condition of SLOs over a window, with the burn-rate setting of those
/// that have another than their service.
pub(super) fn policy_name(subject: &Subject<'_>, slo: &Slo, condition: &Condition) -> String {
    let (long, window) = (duration(condition.long_minutes), slo.window.to_string());
    let severity = condition.severity.as_str();
    let mut parts = vec![&*subject.service.name, severity, &long, &window];
    parts.extend(subject.alerts.own_name(slo));
    names::of_parts(&parts)
}

fn policy(subject: &Subject<'_>, slo: &Slo, condition: &Condition) -> Node {
    let (service, window) = (subject.service, slo.window);
    let name = policy_name(subject, slo, condition);
    let (long, short) = (
        duration(condition.long_minutes),
        duration(condition.short_minutes),
    );
    let display = format!(
        "{}: {} for {long} over {window}",
        service.name,
        condition.severity.as_str()
    );
    let annotations = [
        ("service", service.name.clone()),
        ("short-window", short.clone()),
    ];
    let burn_rate = Node::map([
        ("kind", "burnrate".into()),
        ("op", "gt".into()),
        ("threshold", condition.factor.into()),
        ("lookbackWindow", Node::from(long.clone())),
    ]);
    let spec = Node::map([
        ("severity", condition.severity.as_str().into()),
        ("condition", burn_rate),
        (
            "description",
            format!(
                "The error budget burns at more than {} times the rate that lasts {window}, over the \
                 last {long}. It is meant to hold over the last {short}, too.",
                condition.factor
            )
            .into(),
        ),
    ]);
    let inline = Node::map([
        ("kind", "AlertCondition".into()),
        ("metadata", metadata(name.clone(), &display, &annotations)),
        ("spec", spec),
    ]);
    let target = Node::map([("targetRef", target_name(service, condition.severity).into())]);
    object(
        "AlertPolicy",
        metadata(name, &display, &annotations),
        Node::map([
            ("alertWhenBreaching", true.into()),
            ("alertWhenResolved", true.into()),
            ("conditions", Node::list([inline])),
            ("notificationTargets", Node::list([target])),
        ]),
    )
}
