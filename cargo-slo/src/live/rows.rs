//! Rows of lists, from what was counted.

use super::{
    counts::Service,
    view::{ConsumerView, SuppressedView, UnannotatedView},
};
use crate::fleet::likely_journey;
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

/// Routes by their events, most first. Where it is not clear which journey a route belongs to, its
/// annotation names none that compiles: one under another journey would spend the wrong budget.
pub(super) fn unannotated(service: &Service) -> Vec<UnannotatedView> {
    let endpoints: Vec<_> = service
        .endpoints
        .iter()
        .map(|(name, endpoint)| (&**name, &*endpoint.journey))
        .collect();
    let annotation = |route: &str| {
        let journey = likely_journey(route, &endpoints).unwrap_or("journey");
        let constant = journey.to_uppercase().replace(['-', '.', ' '], "_");
        format!("#[slo(journey = {constant})]")
    };
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
                false => annotation(route),
            },
        })
        .collect();
    routes.sort_by_key(|route| Reverse(route.good + route.bad + route.excluded));
    routes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::counts::Endpoint;
    use slo_model::budget::Counts;

    #[test]
    fn annotations_name_the_journey_of_what_is_like_the_route() {
        let annotations = |endpoints: &[(&str, &str)]| -> Vec<String> {
            let mut service = Service::default();
            for (name, journey) in endpoints {
                let endpoint = Endpoint {
                    journey: (*journey).to_owned(),
                    ..Endpoint::default()
                };
                service.endpoints.insert((*name).to_owned(), endpoint);
            }
            for (route, good) in [("GET /carts/{id}", 3), ("/healthz", 2), ("_unmatched", 1)] {
                let counts = (Counts { good, bad: 0 }, 0);
                service.unannotated.insert(route.to_owned(), counts);
            }
            let routes = unannotated(&service).into_iter();
            routes.map(|route| route.annotation).collect()
        };
        let [buy, no, carts] =
            ["BUY_IT", "JOURNEY", "CARTS"].map(|journey| format!("#[slo(journey = {journey})]"));
        let none = String::new();
        assert_eq!(annotations(&[]), [&no, &no, &none].map(String::as_str));
        assert_eq!(
            annotations(&[("pay", "buy-it")]),
            [&buy, &buy, &none].map(String::as_str)
        );
        assert_eq!(
            annotations(&[("pay", "buy-it"), ("add-to-cart", "carts")]),
            [&carts, &no, &none].map(String::as_str)
        );
    }
}
