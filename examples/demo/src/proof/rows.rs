//! What each SLO has come to.

use crate::{
    ledger::{Ledger, Sides},
    otlp::Received,
};
use cargo_slo::definition::{Service, Slo};
use slo_model::budget::Counts;

/// One SLO with its counts.
#[derive(Clone, Debug)]
pub(crate) struct Row<'a> {
    /// As the program declares it.
    pub(crate) slo: &'a Slo,
    /// As received over OTLP.
    pub(crate) counts: Counts,
    /// As the client saw it; `None` if nobody kept a ledger.
    pub(crate) saw: Option<Sides>,
}

/// Every SLO of the services.
pub(crate) fn rows<'a>(
    services: &'a [Service],
    received: &Received,
    ledger: Option<&Ledger>,
) -> Vec<Row<'a>> {
    let of = |service: &'a Service| service.slos.iter().map(move |slo| (service, slo));
    services
        .iter()
        .flat_map(of)
        .map(|(service, slo)| row(service, slo, received, ledger))
        .collect()
}

fn row<'a>(
    service: &Service,
    slo: &'a Slo,
    received: &Received,
    ledger: Option<&Ledger>,
) -> Row<'a> {
    let count = |outcome: &str| {
        let mut having = vec![
            ("slo.journey", slo.identity.journey.as_str()),
            ("slo.sli", slo.identity.sli.as_str()),
            ("slo.outcome", outcome),
        ];
        having.extend(
            slo.identity
                .endpoint
                .iter()
                .map(|endpoint| ("slo.endpoint", endpoint.as_str())),
        );
        let latest = received.latest(&service.name);
        latest
            .and_then(|export| export.sum("slo.events", &having))
            .unwrap_or(0)
    };
    let counts = Counts {
        good: count("good"),
        bad: count("bad"),
    };
    let endpoints = service
        .endpoints_of(&slo.identity.journey)
        .filter(|endpoint| {
            slo.identity
                .endpoint
                .as_ref()
                .is_none_or(|only| *only == endpoint.name)
        });
    let saw = ledger.map(|ledger| {
        endpoints
            .filter_map(|endpoint| ledger.entry(&service.name, &endpoint.name))
            .filter_map(|entry| entry.slis.get(&slo.identity.sli).copied())
            .fold(Sides::default(), Sides::plus)
    });
    Row { slo, counts, saw }
}
