//! An SLO, with its indicator.

use super::{
    alerts,
    object::{description, display_name, metadata, object},
};
use crate::{
    definition::Slo,
    fleet::Subject,
    outputs::{facts, names, prometheus::Series, tree::Node},
};
use slo_model::{Calendar, Window};

/// An SLO of a service.
pub(super) fn objective(subject: &Subject<'_>, slo: &Slo, series: &Series) -> Node {
    let service = subject.service;
    let name = names::of_slo(&slo.identity);
    let title = facts::title(slo);
    let metric = |outcome| {
        let query = format!("sum(increase({}[5m]))", series.events(slo, outcome));
        Node::map([(
            "metricSource",
            Node::map([
                ("type", "Prometheus".into()),
                ("spec", Node::map([("query", Node::Code(query))])),
            ]),
        )])
    };
    let ratio = Node::map([
        ("counter", false.into()),
        ("bad", metric(Some("bad"))),
        ("total", metric(None)),
    ]);
    let indicator = Node::map([
        (
            "metadata",
            Node::map([
                ("name", name.clone().into()),
                ("displayName", display_name(&title)),
            ]),
        ),
        ("spec", Node::map([("ratioMetric", ratio)])),
    ]);
    let policies = subject
        .alerts
        .that_can_fire(slo)
        .into_iter()
        .map(|condition| {
            Node::map([(
                "alertPolicyRef",
                alerts::policy_name(subject, slo, &condition).into(),
            )])
        });
    let policies = Node::list(policies);
    let spec = Node::map([
        ("description", description(&facts::promise(slo))),
        ("service", names::of_service(&service.name).into()),
        ("indicator", indicator),
        ("budgetingMethod", "Occurrences".into()),
        ("timeWindow", Node::list([time_window(slo.window)])),
        (
            "objectives",
            Node::list([Node::map([
                ("displayName", display_name(&title)),
                ("target", slo.target.ratio().into()),
            ])]),
        ),
    ])
    .and("alertPolicies", (!policies.is_empty()).then_some(policies));
    object(
        "SLO",
        metadata(name, &title, &facts::of_slo(subject, slo)),
        spec,
    )
}

fn time_window(window: Window) -> Node {
    let calendar = match window {
        Window::Rolling { days } => {
            return Node::map([
                ("duration", format!("{days}d").into()),
                ("isRolling", true.into()),
            ]);
        }
        Window::Calendar(calendar) => calendar,
    };
    let duration = match calendar {
        Calendar::Week => "1w",
        Calendar::Month => "1M",
        Calendar::Quarter => "1Q",
        Calendar::Year => "1Y",
    };
    Node::map([
        ("duration", duration.into()),
        ("isRolling", false.into()),
        (
            "calendar",
            Node::map([
                // A Monday on which a month, a quarter and a year began.
                ("startTime", "2024-01-01 00:00:00".into()),
                ("timeZone", "UTC".into()),
            ]),
        ),
    ])
}
