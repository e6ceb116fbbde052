//! OpenSLO v1.

use super::{
    File, Files, Output, Settings, conditions, facts, names,
    prometheus::{Series, duration},
    tree::{Node, documents},
};
use crate::definition::{Definition, Service, Slo};
use slo_model::{
    Calendar, Window,
    burn_rate::{Condition, Severity},
};

/// The longest `displayName`, and the longest description, in characters.
const DISPLAY_NAME: usize = 63;
const DESCRIPTION: usize = 1050;

/// A file of OpenSLO objects per service.
#[derive(Clone, Copy, Debug)]
pub(super) struct OpenSlo;

impl Output for OpenSlo {
    fn name(&self) -> &'static str {
        "openslo"
    }

    fn about(&self) -> &'static str {
        "OpenSLO v1, one file per service"
    }

    fn generate<'a>(&self, definition: &'a Definition, settings: &'a Settings) -> Files<'a> {
        Box::new(definition.services.iter().map(move |service| File {
            name: names::file(&service.name, settings, "openslo.yaml"),
            content: objects(service, settings),
        }))
    }
}

fn objects(service: &Service, settings: &Settings) -> String {
    let series = Series::of(service, settings);
    let mut objects = vec![of_service(service)];
    let mut policies: Vec<(Window, Condition)> = Vec::new();
    for slo in &service.slos {
        for condition in conditions::of(slo.target, slo.window, settings) {
            let same = |(window, other): &(Window, Condition)| {
                (*window, other.long_minutes) == (slo.window, condition.long_minutes)
            };
            if !policies.iter().any(same) {
                policies.push((slo.window, condition));
            }
        }
    }
    for severity in [Severity::Page, Severity::Ticket] {
        if policies.iter().any(|(_, c)| c.severity == severity) {
            objects.push(target(service, severity));
        }
    }
    for (window, condition) in &policies {
        objects.push(alert_policy(service, *window, condition));
    }
    objects.extend(
        service
            .slos
            .iter()
            .map(|slo| objective(service, slo, &series, settings)),
    );
    documents(&facts::head(service, &notes(service, &series)), &objects)
}

fn notes(service: &Service, series: &Series) -> Vec<String> {
    if service.slos.is_empty() {
        return vec!["No SLOs are declared.".to_owned()];
    }
    let mut notes = vec![
        "An alert policy has one condition, so the short window of each burn-rate condition is \
         an annotation only: an alert goes on for as long as its lookback window after its cause \
         has ended."
            .to_owned(),
        "There is no field for the journey, its user, the owner, the runbook, the source and the \
         hash of the definition: they are annotations that start with cargo-slo/."
            .to_owned(),
        "Who is told is not in the annotations of the source: give the two notification targets \
         theirs."
            .to_owned(),
        "Each point of a query counts the events of the five minutes before it, so a restart \
         loses nothing and good and bad are counted alike."
            .to_owned(),
    ];
    notes.extend(facts::about_namespaces(service, series));
    notes.extend(service.slos.iter().filter_map(|slo| match slo.window {
        Window::Calendar(_) => Some(format!(
            "{}: its calendar periods begin in UTC.",
            slo.identity
        )),
        Window::Rolling { .. } => None,
    }));
    notes
}

fn object(kind: &str, metadata: Node, spec: Node) -> Node {
    Node::map([
        ("apiVersion", "openslo/v1".into()),
        ("kind", kind.into()),
        ("metadata", metadata),
        ("spec", spec),
    ])
}

fn metadata<K: AsRef<str>>(name: String, display: &str, notes: &[(K, String)]) -> Node {
    let annotations = notes
        .iter()
        .map(|(key, text)| (format!("{}{}", facts::PREFIX, key.as_ref()), text.clone()));
    Node::map([
        ("name", name.into()),
        (
            "displayName",
            facts::shortened(display, DISPLAY_NAME).into(),
        ),
        ("annotations", Node::texts(annotations)),
    ])
}

fn of_service(service: &Service) -> Node {
    let titles = service.journeys.iter().map(|journey| {
        let record = &journey.record;
        match &*record.title {
            "" => record.name.clone(),
            title => format!("{} ({title})", record.name),
        }
    });
    let titles: Vec<_> = titles.collect();
    let description = match titles.is_empty() {
        true => "No journeys are declared.".to_owned(),
        false => format!("Its journeys: {}.", titles.join(", ")),
    };
    object(
        "Service",
        metadata(
            names::of_service(&service.name),
            &service.name,
            &[("service", service.name.clone())],
        ),
        Node::map([(
            "description",
            facts::shortened(&description, DESCRIPTION).into(),
        )]),
    )
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

fn policy_name(service: &Service, window: Window, condition: &Condition) -> String {
    names::of_parts(&[
        &service.name,
        condition.severity.as_str(),
        &duration(condition.long_minutes),
        &window.to_string(),
    ])
}

fn alert_policy(service: &Service, window: Window, condition: &Condition) -> Node {
    let name = policy_name(service, window, condition);
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

fn objective(service: &Service, slo: &Slo, series: &Series, settings: &Settings) -> Node {
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
                ("displayName", facts::shortened(&title, DISPLAY_NAME).into()),
            ]),
        ),
        ("spec", Node::map([("ratioMetric", ratio)])),
    ]);
    let policies = conditions::of(slo.target, slo.window, settings)
        .into_iter()
        .map(|condition| {
            Node::map([(
                "alertPolicyRef",
                policy_name(service, slo.window, &condition).into(),
            )])
        });
    let policies = Node::list(policies);
    let spec = Node::map([
        (
            "description",
            facts::shortened(&facts::promise(slo), DESCRIPTION).into(),
        ),
        ("service", names::of_service(&service.name).into()),
        ("indicator", indicator),
        ("budgetingMethod", "Occurrences".into()),
        ("timeWindow", Node::list([time_window(slo.window)])),
        (
            "objectives",
            Node::list([Node::map([
                ("displayName", facts::shortened(&title, DISPLAY_NAME).into()),
                ("target", slo.target.ratio().into()),
            ])]),
        ),
    ])
    .and("alertPolicies", (!policies.is_empty()).then_some(policies));
    object(
        "SLO",
        metadata(name, &title, &facts::of_slo(service, slo)),
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
