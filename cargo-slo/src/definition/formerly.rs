//! What journeys, endpoints and SLOs were called before.

use super::{Identity, Slo};
use slo_model::record::{EndpointRecord, JourneyRecord};
use std::collections::BTreeSet;

/// Former names of an endpoint, each with its journey: under each name it had, in each journey
/// that its journey was.
pub(crate) fn of_endpoint(endpoint: &EndpointRecord) -> BTreeSet<(String, String)> {
    let journey = &endpoint.journey;
    let journeys = || std::iter::once(&journey.name).chain(&journey.formerly);
    let mut all = BTreeSet::new();
    for name in std::iter::once(&endpoint.name).chain(&endpoint.formerly) {
        match name.split_once('/') {
            Some((journey, name)) => {
                all.insert((journey.to_owned(), name.to_owned()));
            }
            None => all.extend(journeys().map(|journey| (journey.clone(), name.clone()))),
        }
    }
    all.remove(&(journey.name.clone(), endpoint.name.clone()));
    all
}

/// What an SLO of a journey was, or of its endpoint.
pub(super) fn of_slo(
    identity: &Identity,
    journey: &JourneyRecord,
    endpoint: Option<&EndpointRecord>,
) -> Vec<Identity> {
    let named = |journey: String, endpoint| Identity {
        journey,
        endpoint,
        ..identity.clone()
    };
    match endpoint {
        None => {
            let journeys: BTreeSet<_> = journey.formerly.iter().cloned().collect();
            let journeys = journeys.into_iter();
            journeys.map(|journey| named(journey, None)).collect()
        }
        Some(endpoint) => {
            let all = of_endpoint(endpoint).into_iter();
            all.map(|(journey, endpoint)| named(journey, Some(endpoint)))
                .collect()
        }
    }
}

/// Leaves out what is still there, and what an SLO before says it was: events are in one budget.
/// `cargo slo check` tells of both.
pub(super) fn without_claimed(slos: &mut [Slo], parts: &BTreeSet<(String, Option<String>)>) {
    let mut claimed = BTreeSet::new();
    for slo in slos {
        slo.formerly.retain(|former| {
            let part = (former.journey.clone(), former.endpoint.clone());
            !parts.contains(&part) && claimed.insert(former.clone())
        });
    }
}
