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

/// One endpoint at a time: the first of each journey, and each with SLOs of its own.
pub(super) fn chosen(service: &Service) -> Vec<&str> {
    let mut chosen = Vec::new();
    for journey in &service.journeys {
        for (place, endpoint) in journey.endpoints.iter().enumerate() {
            let mut slos = service.slos.iter().map(|slo| &slo.identity);
            let of_its_own = slos.any(|id| id.endpoint.as_ref() == Some(endpoint));
            let of_journey = service.slos.iter().any(|slo| {
                slo.level() == Level::Journey && slo.identity.journey == journey.record.name
            });
            if of_its_own || (place == 0 && of_journey) {
                chosen.push(&**endpoint);
            }
        }
    }
    chosen
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
