//! Before the first event every series is there, at 0, and none too many.

use super::Difference;
use crate::{
    ledger::thresholds,
    otlp::{Export, Received},
};
use cargo_slo::definition::Service;
use slo_model::{AVAILABILITY, EventResult};
use std::collections::{BTreeMap, BTreeSet};

type Series = (String, BTreeMap<String, String>);

/// Compares the first export of each service with what its program declares.
pub(crate) fn at_start(services: &[Service], received: &Received) -> Vec<Difference> {
    let mut differences = Vec::new();
    for service in services {
        let Some(first) = received.first(&service.name) else {
            differences.push(Difference::new(&service.name, "an export", "none"));
            continue;
        };
        let found = counters(first);
        let declared = declared(service);
        for (series, value) in &found {
            if *value != 0 || !declared.contains(series) {
                let what = format!("{} {series:?} before any traffic", service.name);
                differences.push(Difference::new(what, "0, and only what is declared", value));
            }
        }
        for missing in declared.iter().filter(|series| !found.contains_key(series)) {
            let what = format!("{} {missing:?} before any traffic", service.name);
            differences.push(Difference::new(what, 0, "nothing"));
        }
        differences.extend(targets(service, first));
    }
    differences
}

/// The series of a service, whose endpoints the program declares.
fn declared(service: &Service) -> BTreeSet<Series> {
    let mut series = BTreeSet::new();
    let mut add = |metric: &str, attributes: &[(&str, &str)]| {
        let attributes = attributes
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
        series.insert((metric.to_owned(), attributes.collect()));
    };
    for (endpoint, thresholds) in thresholds(service) {
        let journey = service.endpoints.iter().find(|e| e.name == endpoint);
        let journey = journey.map_or("", |e| e.journey.name.as_str());
        let identity = [
            ("slo.endpoint", endpoint.as_str()),
            ("slo.journey", journey),
        ];
        for outcome in ["good", "bad"] {
            let mut attributes = identity.to_vec();
            attributes.extend([("slo.sli", AVAILABILITY), ("slo.outcome", outcome)]);
            add("slo.events", &attributes);
            for (sli, threshold) in &thresholds {
                let seconds = threshold.as_secs_f64().to_string();
                let mut attributes = identity.to_vec();
                attributes.extend([("slo.sli", sli.as_str()), ("slo.outcome", outcome)]);
                attributes.push(("slo.threshold", &seconds));
                add("slo.events", &attributes);
            }
        }
        for result in EventResult::ALL.iter().copied() {
            let mut attributes = identity.to_vec();
            attributes.push(("slo.result", result.as_str()));
            add("slo.results", &attributes);
        }
        add("slo.in_flight", &identity[..1]);
    }
    // Requests that hang before anybody knows whose they are.
    add("slo.in_flight", &[("slo.endpoint", "_unclaimed")]);
    series
}

fn counters(export: &Export) -> BTreeMap<Series, i64> {
    let metrics = ["slo.events", "slo.results", "slo.in_flight"];
    let points = metrics.into_iter().flat_map(|metric| {
        let series = move |attributes: &BTreeMap<_, _>| (metric.to_owned(), attributes.clone());
        export
            .points(metric)
            .map(move |(attributes, value)| (series(attributes), whole(value)))
    });
    points.collect()
}

#[expect(clippy::cast_possible_truncation, reason = "counts are whole")]
fn whole(value: f64) -> i64 {
    value as i64
}

/// The targets that a service reports at run time are those its program carries.
fn targets(service: &Service, export: &Export) -> Vec<Difference> {
    let reported: BTreeMap<String, f64> = export
        .points("slo.objective")
        .map(|(attributes, target)| {
            let get = |key: &str| attributes.get(key).map_or("", String::as_str);
            let endpoint = attributes
                .get("slo.endpoint")
                .map(|e| format!("/{e}"))
                .unwrap_or_default();
            (
                format!(
                    "{}/{}{endpoint}.{}",
                    service.name,
                    get("slo.journey"),
                    get("slo.sli")
                ),
                target,
            )
        })
        .collect();
    let declared: BTreeMap<String, f64> = service
        .slos
        .iter()
        .map(|slo| (slo.identity.to_string(), slo.target.ratio().to_f64()))
        .collect();
    if reported == declared {
        return Vec::new();
    }
    vec![Difference::new(
        format!("the targets of {}", service.name),
        format!("{declared:?}"),
        format!("{reported:?}"),
    )]
}
