//! What a collector may see, whatever was sent.

use crate::{
    collector::Export,
    target::{ENDPOINTS, TEMPLATES},
};
use slo_sdk::{EventResult, Snapshot};
use std::collections::BTreeSet;

/// Compares every label that a peer could have a hand in with all that it may say.
pub(crate) fn only_known_values(export: &Export) {
    let values = |key| {
        let series = export.series().into_iter();
        let values = series.filter_map(|(_, attributes)| attributes.get(key).cloned());
        values.collect::<BTreeSet<String>>()
    };
    let set = |values: &[&str]| values.iter().map(ToString::to_string).collect();
    let results = EventResult::ALL
        .iter()
        .map(|one| one.as_str())
        .collect::<Vec<_>>();
    let mut endpoints = vec!["_unclaimed"];
    endpoints.extend(ENDPOINTS);
    // Where no route is seen, the first segment of what was served.
    let mut routes = vec!["_unmatched", "/found", "/plain"];
    if cfg!(feature = "axum") {
        routes.extend(TEMPLATES);
    }
    let known: [(&str, BTreeSet<String>); 6] = [
        ("slo.endpoint", set(&endpoints)),
        ("slo.journey", set(&["hostile"])),
        ("slo.result", set(&results)),
        ("slo.sli", set(&["availability", "latency"])),
        // Of events that no annotation covers, those that are neither are told, too.
        ("slo.outcome", set(&["good", "bad", "excluded"])),
        ("http.route", set(&routes)),
    ];
    for (key, known) in known {
        assert_eq!(values(key), known, "{key}");
    }
    assert_eq!(export.service_name(), "hostile");
}

/// Compares the values, too.
pub(crate) fn exported_as_counted(export: &Export, counted: &Snapshot) {
    for endpoint in counted.endpoints() {
        for (result, events) in endpoint.results() {
            let attributes = [
                ("slo.endpoint", endpoint.name()),
                ("slo.result", result.as_str()),
            ];
            let exported = export.sum("slo.results", &attributes);
            assert_eq!(exported, events as f64, "{} {result}", endpoint.name());
        }
    }
    for (route, events) in counted.unannotated() {
        let attributes = [("http.route", route.as_str())];
        let points = export.points("slo.unannotated", &attributes);
        let exported: f64 = points.map(|point| point.value).sum();
        assert_eq!(exported, *events as f64, "{route}");
    }
}
