//! Pyrra's `ServiceLevelObjective`, a resource of Kubernetes.

use super::{
    File, Files, Output, Settings, facts, names,
    prometheus::{Series, duration},
    tree::{Node, documents},
};
use crate::{
    definition::{Service, Slo},
    diagnostics::Diagnostic,
    fleet::{Fleet, Subject},
    text::template::literal,
};
use slo_model::Window;

/// A resource per SLO for Pyrra, which makes rules of it and shows them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pyrra;

impl Output for Pyrra {
    fn name(&self) -> &'static str {
        "pyrra"
    }

    fn about(&self) -> &'static str {
        "Pyrra ServiceLevelObjective, one file per SLO"
    }

    fn refusals(&self, fleet: &Fleet<'_>, settings: &Settings) -> Vec<Diagnostic> {
        if settings.names.is_utf8() && fleet.subjects.iter().any(|s| !s.service.slos.is_empty()) {
            return vec![
                Diagnostic::error("Pyrra makes no rules of metric names with dots")
                    .with_help("generate with `--names suffixes` or `--names without-suffixes`")
                    .with_help(
                        "Prometheus spells them so with `otlp.translation_strategy: \
                         UnderscoreEscapingWithSuffixes`, its default",
                    ),
            ];
        }
        let subjects = fleet.subjects.iter();
        subjects
            .filter_map(|subject| expanded(subject.service, settings))
            .collect()
    }

    fn generate<'a>(&self, fleet: &'a Fleet<'a>, settings: &'a Settings) -> Files<'a> {
        // Pyrra reads one resource per file where it reads files.
        Box::new(fleet.subjects.iter().flat_map(move |subject| {
            subject.service.slos.iter().map(move |slo| File {
                name: names::file(&names::of_slo(&slo.identity), settings, "pyrra.yaml"),
                content: resource(subject, slo, settings),
            })
        }))
    }
}

/// Pyrra copies what a selector compares with `=` into labels of alerts, where Prometheus
/// expands it as a template.
fn expanded(service: &Service, settings: &Settings) -> Option<Diagnostic> {
    let series = Series::new(service, settings);
    let mut slos = service.slos.iter();
    let slo = slos.find(|slo| series.events(slo, None).contains("{{"))?;
    Some(
        Diagnostic::error(format!(
            "{}: Pyrra would make a template of `{{{{` in the name of the service or its namespace",
            slo.identity
        ))
        .with_help("give the service another name, or generate with `--service-label job`"),
    )
}

fn resource(subject: &Subject<'_>, slo: &Slo, settings: &Settings) -> String {
    let service = subject.service;
    let series = Series::new(service, settings);
    let metric = |outcome| Node::map([("metric", Node::Code(series.events(slo, outcome)))]);
    let ratio = Node::map([("errors", metric(Some("bad"))), ("total", metric(None))]);
    let spec = Node::map([
        ("description", facts::promise(slo).into()),
        (
            "target",
            slo.target.to_string().trim_end_matches('%').into(),
        ),
        ("window", window(slo).into()),
        ("indicator", Node::map([("ratio", ratio)])),
    ]);
    let resource = Node::map([
        ("apiVersion", "pyrra.dev/v1alpha1".into()),
        ("kind", "ServiceLevelObjective".into()),
        (
            "metadata",
            Node::map([
                ("name", names::of_slo(&slo.identity).into()),
                ("annotations", Node::texts(annotations(subject, slo))),
            ]),
        ),
        ("spec", spec),
    ]);
    documents(
        &facts::head(service, &notes(subject, slo, &series)),
        &[resource],
    )
}

/// Pyrra hands annotations with its own prefix on to the alerts, where Prometheus expands
/// them as templates.
fn annotations(subject: &Subject<'_>, slo: &Slo) -> Vec<(String, String)> {
    let handed_on = [
        ("pyrra.dev/owner", &slo.owner),
        ("pyrra.dev/runbook_url", &slo.runbook),
    ];
    let facts = facts::of_slo(subject, slo).into_iter();
    facts
        .map(|(key, text)| (format!("{}{key}", facts::PREFIX), text))
        .chain(handed_on.map(|(key, text)| (key.to_owned(), literal(text))))
        .collect()
}

/// Pyrra's windows are rolling.
fn window(slo: &Slo) -> String {
    duration(u32::from(slo.window.length_days()) * 1440)
}

fn notes(subject: &Subject<'_>, slo: &Slo, series: &Series) -> Vec<String> {
    let mut notes = vec![
        "Pyrra chooses windows and burn rates by itself: it scales its windows with that of the \
         objective and keeps the factors 14, 7, 2 and 1, so its alerts fire at other moments \
         than those of `cargo slo generate prometheus`."
            .to_owned(),
        "Pyrra pages where the counter is absent; `cargo slo generate prometheus` opens a ticket."
            .to_owned(),
    ];
    notes.extend(facts::about_namespaces(subject.service, series));
    if let Window::Calendar(_) = slo.window {
        notes.push(format!(
            "Promised over a {}, here it is the last {}.",
            slo.window.to_string().replace('-', " "),
            window(slo)
        ));
    }
    if subject.alerts.are_chosen(slo) {
        notes.push("It knows nothing of the burn rates that slo.toml chooses.".to_owned());
    } else if subject.alerts.that_can_fire(slo).len() < 4 {
        notes.push(
            "Conditions that need an error ratio above 1 can't fire; Pyrra writes them all the \
             same."
                .to_owned(),
        );
    }
    notes
}
