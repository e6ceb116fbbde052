//! What programs and exports say of the definitions that run: titles, routes and conditions of alerts.
//! It is used where the hash is that of what runs.

use super::counts::{Part, Service};
use crate::fleet::{Fleet, Subject};
use slo_model::{
    Window,
    burn_rate::{Condition, Scaling},
};
use std::collections::{BTreeMap, HashMap};

/// Parts that are named where they differ.
const MAX_DIFFERING: usize = 5;

/// What was read of definitions, by service.
#[derive(Clone, Debug, Default)]
pub struct Definitions {
    /// What becomes of the usual conditions over windows other than 30 days.
    scaling: Scaling,
    services: HashMap<String, BTreeMap<Part, Definition>>,
}

/// What was read of a journey or an endpoint.
#[derive(Clone, Debug)]
struct Definition {
    hash: String,
    /// The title of a journey, the route of an endpoint; may be empty.
    text: String,
    /// The conditions of its SLOs, by SLI.
    conditions: BTreeMap<String, Vec<Condition>>,
}

impl Definitions {
    /// Nothing was read; the usual conditions are scaled like this.
    pub fn with_scaling(scaling: Scaling) -> Definitions {
        Definitions {
            scaling,
            ..Definitions::default()
        }
    }

    /// Takes what a fleet says of its services.
    pub fn from_fleet(fleet: &Fleet<'_>) -> Definitions {
        let services = fleet.subjects.iter();
        Definitions {
            scaling: fleet.scaling,
            services: services
                .map(|subject| (subject.service.name.clone(), of_service(subject)))
                .collect(),
        }
    }

    /// Adds others, which count where both know a service.
    pub(super) fn merge(&mut self, others: Definitions) {
        self.services.extend(others.services);
    }

    /// Returns the title of a journey, or the route of an endpoint. Equal hashes are equal definitions,
    /// in whichever service they were read.
    pub(super) fn text(&self, part: &Part, hash: &str) -> Option<String> {
        let read = self.services.values().filter_map(|parts| parts.get(part));
        let mut same = read.filter(|definition| definition.hash == hash);
        let text = same.next().map(|definition| definition.text.clone());
        text.filter(|text| !text.is_empty())
    }

    /// The conditions of an SLO: those that `slo.toml` and the catalogue give it, else the usual ones.
    pub(super) fn conditions(
        &self,
        service: &str,
        (part, hash): (&Part, Option<&str>),
        sli: &str,
        window: Window,
    ) -> Vec<Condition> {
        let read = self.services.get(service).and_then(|parts| parts.get(part));
        let same = read.filter(|definition| Some(&*definition.hash) == hash);
        match same.and_then(|definition| definition.conditions.get(sli)) {
            Some(conditions) => conditions.clone(),
            None => self.scaling.conditions(window).into(),
        }
    }

    /// Returns the first parts of a service that run with another definition than was read.
    pub(super) fn differing(&self, name: &str, service: &Service) -> Vec<String> {
        let Some(read) = self.services.get(name) else {
            return Vec::new();
        };
        let differing = service.definitions.iter().filter(|(part, running)| {
            let read = read.get(part);
            read.is_some_and(|definition| definition.hash != running.hash)
        });
        let names = differing.map(|(part, _)| part.to_string());
        names.take(MAX_DIFFERING).collect()
    }
}

fn of_service(subject: &Subject<'_>) -> BTreeMap<Part, Definition> {
    let service = subject.service;
    let journeys = service.journeys.iter().map(|journey| {
        let record = &journey.record;
        let part = Part {
            journey: record.name.clone(),
            endpoint: None,
        };
        (part, &record.hash, &record.title)
    });
    let none = String::new();
    let endpoints = service.endpoints.iter().map(|record| {
        let part = Part {
            journey: record.journey.name.clone(),
            endpoint: Some(record.name.clone()),
        };
        (part, &record.hash, record.route.as_ref().unwrap_or(&none))
    });
    let mut parts: BTreeMap<_, _> = journeys
        .chain(endpoints)
        .map(|(part, hash, text)| {
            let definition = Definition {
                hash: hash.clone(),
                text: text.clone(),
                conditions: BTreeMap::new(),
            };
            (part, definition)
        })
        .collect();
    for slo in &service.slos {
        let part = Part {
            journey: slo.identity.journey.clone(),
            endpoint: slo.identity.endpoint.clone(),
        };
        if let Some(definition) = parts.get_mut(&part) {
            let conditions = subject.alerts.over(slo);
            let sli = slo.identity.sli.clone();
            definition.conditions.insert(sli, conditions);
        }
    }
    parts
}
