//! The counters of a service that take part in a case.

use super::{expected::Events, history::History};
use crate::definition::{Level, Service, Slo};

/// A counter of an endpoint for an SLI, and the SLO whose target it is played by.
#[derive(Clone, Copy)]
pub(super) struct Series<'a> {
    pub(super) endpoint: &'a str,
    pub(super) journey: &'a str,
    pub(super) slo: &'a Slo,
}

/// Every counter that some SLO counts: of each endpoint, those of its own SLOs and those
/// of its journey's.
pub(super) fn series(service: &Service) -> Vec<Series<'_>> {
    let mut all = Vec::new();
    for endpoint in &service.endpoints {
        let journey = &*endpoint.journey.name;
        let mut of_endpoint: Vec<Series<'_>> = Vec::new();
        for level in [Level::Endpoint, Level::Journey] {
            for slo in &service.slos {
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
pub(super) fn first_of_journeys(service: &Service) -> Vec<&str> {
    let journeys = service.journeys.iter().filter(|journey| {
        service
            .slos
            .iter()
            .any(|slo| slo.level() == Level::Journey && slo.identity.journey == journey.record.name)
    });
    let first = journeys.filter_map(|journey| journey.endpoints.first());
    first.map(|endpoint| &**endpoint).collect()
}

/// The events that an SLO counts.
pub(super) fn counted_by(slo: &Slo, all: &[(Series<'_>, History)]) -> Events {
    let mut events = Events::default();
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
