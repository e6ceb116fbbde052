//! Sloth's `prometheus/v1` specification.

use super::{
    File, Files, Output, Settings, facts, names,
    prometheus::Series,
    tree::{Node, documents},
};
use crate::{
    definition::Slo,
    fleet::{Alerts, Fleet, Subject},
    text::template::literal,
};
use slo_model::{Window, burn_rate::Severity};

/// A specification per service for Sloth, which makes rules of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sloth;

impl Output for Sloth {
    fn name(&self) -> &'static str {
        "sloth"
    }

    fn about(&self) -> &'static str {
        "Sloth prometheus/v1, one specification per service"
    }

    fn generate<'a>(&self, fleet: &'a Fleet<'a>, settings: &'a Settings) -> Files<'a> {
        // Sloth refuses a specification without SLOs.
        let subjects = fleet.subjects.iter();
        let subjects = subjects.filter(|subject| !subject.service.slos.is_empty());
        Box::new(subjects.map(move |subject| File {
            name: names::file(&subject.service.name, settings, "sloth.yaml"),
            content: specification(subject, settings),
        }))
    }
}

fn specification(subject: &Subject<'_>, settings: &Settings) -> String {
    let service = subject.service;
    let series = Series::new(service, settings);
    let slos = service
        .slos
        .iter()
        .map(|slo| objective(slo, &series, &subject.alerts));
    let spec = Node::map([
        ("version", "prometheus/v1".into()),
        ("service", names::of_service(&service.name).into()),
        ("slos", Node::list(slos)),
    ]);
    documents(&facts::head(service, &notes(subject, &series)), &[spec])
}

fn notes(subject: &Subject<'_>, series: &Series) -> Vec<String> {
    let service = subject.service;
    let mut notes = vec![
        "Sloth takes the ratio of the whole period as a mean of 5-minute ratios: it weighs a \
         quiet night like a busy day, and is NaN after a gap without events. Its budget left \
         then differs from that of `cargo slo generate prometheus`."
            .to_owned(),
    ];
    notes.extend(facts::about_namespaces(service, series));
    let other = service
        .slos
        .iter()
        .filter(|slo| slo.window != Window::DEFAULT);
    notes.extend(other.map(|slo| {
        let window = slo.window.to_string().replace('-', " ");
        let days = slo.window.length_days();
        format!(
            "{}: promised over {window}. The period is an option of Sloth for all of a run \
             (`--default-slo-period {days}d`, 28 and 30 days are built in); without it, this is \
             taken for 30 days.",
            slo.identity
        )
    }));
    let silent = service
        .slos
        .iter()
        .filter_map(|slo| silent(slo, &subject.alerts));
    notes.extend(silent);
    notes
}

/// Sloth decides on its own which conditions an alert has.
fn silent(slo: &Slo, alerts: &Alerts<'_>) -> Option<String> {
    if alerts.are_chosen(slo) {
        return Some(format!(
            "{}: Sloth knows nothing of the burn rates that slo.toml chooses.",
            slo.identity
        ));
    }
    let able = alerts.that_can_fire(slo);
    (able.len() < 4).then(|| {
        format!(
            "{}: {} of its 4 burn-rate conditions need an error ratio above 1 and can't fire; \
             Sloth writes them all the same.",
            slo.identity,
            4 - able.len()
        )
    })
}

fn objective(slo: &Slo, series: &Series, alerts: &Alerts<'_>) -> Node {
    let identity = slo.identity.to_string();
    let labels = [
        // Not `slo`: our own rules use it, under the names that some of Sloth's have, too.
        ("slo_id", identity.clone()),
        ("slo_owner", slo.owner.clone()),
    ];
    let query = |outcome| {
        let events = in_template(&series.events(slo, outcome));
        Node::Code(format!("sum(rate({events}[{{{{.window}}}}]))"))
    };
    let annotations = [
        ("summary", literal(&facts::promise(slo))),
        ("owner", literal(&slo.owner)),
        ("runbook_url", literal(&slo.runbook)),
    ];
    let alert = |severity: Severity| {
        let able = alerts.that_can_fire(slo);
        if able.iter().all(|condition| condition.severity != severity) {
            return Node::map([("disable", true.into())]);
        }
        Node::map([("labels", Node::texts([("severity", severity.as_str())]))])
    };
    Node::map([
        ("name", names::in_service(&slo.identity).into()),
        ("description", facts::promise(slo).into()),
        ("objective", percent(slo)),
        ("labels", Node::texts(labels)),
        (
            "sli",
            Node::map([(
                "events",
                Node::map([
                    ("error_query", query(Some("bad"))),
                    ("total_query", query(None)),
                ]),
            )]),
        ),
        (
            "alerting",
            Node::map([
                ("name", "SlothErrorBudgetBurn".into()),
                ("labels", Node::texts([("slo_id", literal(&identity))])),
                ("annotations", Node::texts(annotations)),
                ("page_alert", alert(Severity::Page)),
                ("ticket_alert", alert(Severity::Ticket)),
            ]),
        ),
    ])
}

fn percent(slo: &Slo) -> Node {
    Node::Number(slo.target.to_string().trim_end_matches('%').to_owned())
}

/// Queries are templates of Go, where `{{` starts an action. Inside a selector it only ever
/// stands in a text, which may spell the second brace otherwise; other readers, which know no
/// templates, then read it alike.
fn in_template(selector: &str) -> String {
    selector.replace("{{", "{\\x7b")
}
