//! The file of a service.

use super::{
    alerts,
    object::{description, metadata, object},
    objective::objective,
};
use crate::{
    definition::Service,
    fleet::{Fleet, Subject},
    outputs::{
        File, Files, Output, Settings, facts, names,
        prometheus::Series,
        tree::{Node, documents},
    },
};
use slo_model::Window;

/// A file of OpenSLO objects per service.
#[derive(Clone, Copy, Debug)]
pub(in crate::outputs) struct OpenSlo;

impl Output for OpenSlo {
    fn name(&self) -> &'static str {
        "openslo"
    }

    fn about(&self) -> &'static str {
        "OpenSLO v1, one file per service"
    }

    fn generate<'a>(&self, fleet: &'a Fleet<'a>, settings: &'a Settings) -> Files<'a> {
        Box::new(fleet.subjects.iter().map(move |subject| File {
            name: names::file(&subject.service.name, settings, "openslo.yaml"),
            content: objects(subject, settings),
        }))
    }
}

fn objects(subject: &Subject<'_>, settings: &Settings) -> String {
    let service = subject.service;
    let series = Series::new(service, settings);
    let mut objects = vec![of_service(service)];
    objects.extend(alerts::of_service(subject));
    let slos = service.slos.iter();
    objects.extend(slos.map(|slo| objective(subject, slo, &series)));
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
         hash of the definition, nor for the policy, the dependencies and the reviews of slo.toml: \
         they are annotations that start with cargo-slo/."
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

fn of_service(service: &Service) -> Node {
    let titles = service.journeys.iter().map(|journey| {
        let record = &journey.record;
        match &*record.title {
            "" => record.name.clone(),
            title => format!("{} ({title})", record.name),
        }
    });
    let titles: Vec<_> = titles.collect();
    let text = match titles.is_empty() {
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
        Node::map([("description", description(&text))]),
    )
}
