//! The counters that take part in a case.

use super::{expected::Events, history::History, part::Part};
use crate::definition::{Level, Slo};
use std::collections::BTreeSet;

/// A counter of an endpoint for an SLI, and the SLO whose target it is played by.
#[derive(Clone, Copy)]
pub(super) struct Series<'a> {
    pub(super) endpoint: &'a str,
    pub(super) journey: &'a str,
    pub(super) slo: &'a Slo,
}

/// Every counter that some SLO counts: of each endpoint, those of its own SLOs and those
/// of its journey's.
pub(super) fn series<'a>(part: &Part<'a>) -> Vec<Series<'a>> {
    let mut all = Vec::new();
    for endpoint in &part.endpoints {
        let journey = &*endpoint.journey.name;
        let mut of_endpoint: Vec<Series<'a>> = Vec::new();
        for level in [Level::Endpoint, Level::Journey] {
            for slo in &part.slos {
                let identity = &slo.identity;
                let is_counted = slo.level() == level
                    && identity.journey == journey
                    && identity
                        .endpoint
                        .as_ref()
                        .is_none_or(|name| *name == endpoint.name);
                let known = |series: &Series<'_>| series.slo.identity.sli == identity.sli;
                if is_counted && !of_endpoint.iter().any(known) {
                    of_endpoint.push(Series {
                        endpoint: &endpoint.name,
                        journey,
                        slo,
                    });
                }
            }
        }
        all.extend(of_endpoint);
    }
    all
}

/// The first endpoint of each journey that has SLOs over all of its endpoints.
pub(super) fn first_of_journeys<'a>(part: &Part<'a>) -> Vec<&'a str> {
    let of_journeys = part.slos.iter().filter(|slo| slo.level() == Level::Journey);
    let journeys: BTreeSet<_> = of_journeys.map(|slo| &*slo.identity.journey).collect();
    let first = |journey: &str| part.endpoints.iter().find(|e| e.journey.name == journey);
    let first = journeys.into_iter().filter_map(first);
    first.map(|endpoint| &*endpoint.name).collect()
}

/// The events that an SLO counts.
pub(super) fn counted_by(slo: &Slo, all: &[(Series<'_>, History)], step: u32) -> Events {
    let mut events = Events::every(step);
    for (series, history) in all {
        let identity = &slo.identity;
        let is_counted = identity.journey == series.journey
            && identity.sli == series.slo.identity.sli
            && identity
                .endpoint
                .as_ref()
                .is_none_or(|name| name == series.endpoint);
        if is_counted {
            events.add(history.events());
        }
    }
    events
}
