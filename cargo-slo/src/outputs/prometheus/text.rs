//! What alerts tell whoever they wake up.

use super::{promql::duration, subject::Subject, worst};
use crate::{
    definition::{Identity, Sli, Slo},
    outputs::{Names, ServiceLabel},
    text::template::literal,
};
use slo_model::{
    Window,
    burn_rate::{Condition, Severity},
};

/// What all burn-rate alerts of an SLO say alike.
pub(super) struct Shared {
    whose: String,
    what: String,
    allowed: String,
    tolerable: String,
    contacts: Vec<(&'static str, String)>,
}

impl Shared {
    pub(super) fn new(subject: Subject<'_>, window: Window) -> Shared {
        let (whose, what, allowed) = match subject {
            Subject::One { slo, .. } => (
                literal(&whose(slo)),
                literal(&what(slo)),
                literal(&format!(
                    "{}: the objective of {}",
                    slo.identity, slo.target
                )),
            ),
            Subject::All { .. } => (
                "{{ $labels.slo }}".to_owned(),
                "are bad".to_owned(),
                "{{ $labels.slo }}: the objective".to_owned(),
            ),
        };
        Shared {
            whose,
            what,
            allowed,
            tolerable: tolerable(subject, window),
            contacts: contacts(subject),
        }
    }
}

/// The annotations of a burn-rate alert.
pub(super) fn of_burn(
    subject: Subject<'_>,
    shared: &Shared,
    condition: &Condition,
    window: Window,
) -> Vec<(&'static str, String)> {
    let Shared {
        whose,
        what,
        allowed,
        tolerable,
        contacts,
    } = shared;
    let urgency = match condition.severity {
        Severity::Page => "Far too many",
        Severity::Ticket => "Too many",
    };
    let lifetime = lifetime(condition, window);
    let (long, short) = (
        duration(condition.long_minutes),
        duration(condition.short_minutes),
    );
    let factor = condition.factor;
    let worst = worst::sentence(subject, condition.long_minutes);
    let mut all = vec![
        (
            "summary",
            format!(
                "{urgency} events of {whose} {what}: at this rate a whole error budget is spent in {lifetime}"
            ),
        ),
        (
            "description",
            format!(
                "{allowed} over {window} allows for {tolerable} bad events at the traffic there was; \
                 {{{{ $value | printf \"%.0f\" }}}} were bad in the last {long}. The error budget \
                 burns more than {factor} times as fast as it may, over {long} and still over {short}.{worst}"
            ),
        ),
    ];
    all.extend_from_slice(contacts);
    all
}

/// Who answers for it and what to do.
fn contacts(subject: Subject<'_>) -> Vec<(&'static str, String)> {
    match subject {
        Subject::One { slo, .. } => {
            let texts = [("owner", &slo.owner), ("runbook_url", &slo.runbook)];
            let known = texts.into_iter().filter(|(_, text)| !text.is_empty());
            known.map(|(key, text)| (key, literal(text))).collect()
        }
        Subject::All { labelled, .. } => vec![
            ("owner", "{{ $labels.slo_owner }}".to_owned()),
            ("runbook_url", labelled.runbook()),
        ],
    }
}

/// The number of bad events that the window tolerates, which Prometheus looks up.
fn tolerable(subject: Subject<'_>, window: Window) -> String {
    let (names, label) = subject.spelling();
    let service = of_service(names, label);
    let budget = match subject {
        Subject::One { slo, .. } => slo.target.budget().to_string(),
        Subject::All { .. } => format!(
            "scalar(slo:error_budget:ratio{{slo=%q,{}}})",
            service.matchers
        ),
    };
    let times = if let Subject::All { .. } = subject {
        format!("$labels.slo {} ", service.values)
    } else {
        String::new()
    };
    format!(
        "{{{{ with printf \"{budget} * sum(slo:events:sum_window{{slo=%q,slo_window=%q,{}}})\" \
         {times}$labels.slo \"{window}\" {} | query }}}}{{{{ . | first | value | printf \"%.0f\" }}}}{{{{ end }}}}",
        service.matchers, service.values
    )
}

/// How a template asks for the service of its alert.
struct OfService {
    matchers: String,
    values: String,
}

fn of_service(names: Names, label: ServiceLabel) -> OfService {
    let labels: &[&str] = match (label, names.is_utf8()) {
        (ServiceLabel::Job, _) => &["job"],
        (ServiceLabel::ServiceName, false) => &["service_namespace", "service_name"],
        (ServiceLabel::ServiceName, true) => &["service.namespace", "service.name"],
    };
    let matchers = labels.iter().map(|label| match label.contains('.') {
        // Inside a text of the template, which has quotes of its own.
        true => format!("\\\"{label}\\\"=%q"),
        false => format!("{label}=%q"),
    });
    let values = labels
        .iter()
        .map(|label| format!("(index $labels \"{label}\")"));
    OfService {
        matchers: matchers.collect::<Vec<_>>().join(","),
        values: values.collect::<Vec<_>>().join(" "),
    }
}

impl super::job::Labelled {
    /// The runbook of the SLO of an alert, as its service exports it: its endpoint's, else its
    /// journey's.
    fn runbook(self) -> String {
        let (names, label) = self.spelling();
        let service = of_service(names, label);
        let info = |endpoint: &str| {
            let quoted = |attribute| match names.is_utf8() {
                true => format!("\\\"{attribute}\\\""),
                false => names.label(attribute),
            };
            let metric = names.metric(super::names::Instrument::Info);
            let inside = format!(
                "{}=%q,{}={endpoint},{}!=\\\"\\\",{}",
                quoted("slo.journey"),
                quoted("slo.endpoint"),
                quoted("slo.runbook"),
                service.matchers
            );
            match names.is_utf8() {
                true => format!("{{\\\"{metric}\\\",{inside}}}"),
                false => format!("{metric}{{{inside}}}"),
            }
        };
        let runbook = match names.is_utf8() {
            true => "slo.runbook",
            false => "slo_runbook",
        };
        format!(
            "{{{{ with printf \"{} or {}\" $labels.slo_journey $labels.slo_endpoint {values} \
             $labels.slo_journey {values} | query }}}}{{{{ . | first | label \"{runbook}\" }}}}{{{{ end }}}}",
            info("%q"),
            info("\\\"\\\""),
            values = service.values,
        )
    }
}

/// Whose events they are.
fn whose(slo: &Slo) -> String {
    let Identity {
        service,
        journey,
        endpoint,
        ..
    } = &slo.identity;
    match endpoint {
        Some(endpoint) => format!("endpoint {endpoint} of {service}"),
        None => format!("journey {journey} in {service}"),
    }
}

/// What is bad about them.
fn what(slo: &Slo) -> String {
    match &slo.sli {
        Sli::Availability => "fail".to_owned(),
        Sli::Latency {
            threshold,
            overridden: false,
            ..
        } => format!("take longer than {threshold:?}"),
        Sli::Latency { threshold, .. } => {
            format!("take longer than {threshold:?} or their endpoint's own limit")
        }
    }
}

/// How long a whole budget lasts at the rate that fires it, in words.
fn lifetime(condition: &Condition, window: Window) -> String {
    let minutes = condition.lifetime_minutes(window).floor();
    match minutes / 60 {
        hours if hours < 96 => format!("{hours} hours"),
        hours => format!("{} days", hours / 24),
    }
}
