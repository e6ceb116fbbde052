//! Rows of lists, from what was counted.

use super::{
    counts::Service,
    view::{ConsumerView, SuppressedView, UnannotatedView},
};
use std::{cmp::Reverse, collections::BTreeMap};

/// Rows of consumers of a journey.
const MAX_CONSUMERS: usize = 50;

/// Names that stand for many routes, above which no handler is.
const NO_ROUTES: [&str; 2] = ["_unmatched", "_other"];

/// Who called a journey, those with the most bad events first, and how many more there are.
pub(super) fn consumers(service: &Service, journey: &str) -> (Vec<ConsumerView>, u64) {
    let of_journey = service
        .consumers
        .iter()
        .filter(|([of, ..], counts)| of == journey && counts.valid() > 0);
    let mut rows: Vec<_> = of_journey
        .map(|([_, name, sli], counts)| ConsumerView {
            name: name.clone(),
            sli: sli.clone(),
            good: counts.good,
            bad: counts.bad,
        })
        .collect();
    rows.sort_by_key(|row| Reverse((row.bad, row.good)));
    let more = rows.len().saturating_sub(MAX_CONSUMERS);
    rows.truncate(MAX_CONSUMERS);
    (rows, more as u64)
}

/// Events without a record, the most first.
pub(super) fn suppressed(counts: &BTreeMap<[String; 3], u64>) -> Vec<SuppressedView> {
    let mut all: Vec<_> = counts
        .iter()
        .map(|([service, journey, endpoint], events)| SuppressedView {
            service: service.clone(),
            journey: journey.clone(),
            endpoint: endpoint.clone(),
            events: *events,
        })
        .collect();
    all.sort_by_key(|of| Reverse(of.events));
    all
}

/// Routes by their events, most first.
pub(super) fn unannotated(service: &Service) -> Vec<UnannotatedView> {
    let journey = service.endpoints.values().next();
    let journey = journey.map_or_else(
        || "JOURNEY".to_owned(),
        |endpoint| endpoint.journey.to_uppercase().replace(['-', ' '], "_"),
    );
    let mut routes: Vec<_> = service
        .unannotated
        .iter()
        .filter(|(_, (counts, excluded))| counts.valid() + excluded > 0)
        .map(|(route, (counts, excluded))| UnannotatedView {
            route: route.clone(),
            good: counts.good,
            bad: counts.bad,
            excluded: *excluded,
            annotation: match NO_ROUTES.contains(&&**route) {
                true => String::new(),
                false => format!("#[slo(journey = {journey})]"),
            },
        })
        .collect();
    routes.sort_by_key(|route| Reverse(route.good + route.bad + route.excluded));
    routes
}
