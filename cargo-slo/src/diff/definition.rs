//! What a build or an export says.

use super::{Side, State};
use crate::definition::{Definition, former_names};
use slo_model::record::EndpointRecord;
use std::collections::{BTreeMap, BTreeSet};

/// Returns the side of services whose records are at hand: it knows everything but rules.
pub fn from_definition(definition: &Definition) -> Side {
    let mut slos = BTreeMap::new();
    let mut hashes = BTreeMap::new();
    let mut renamed = BTreeMap::new();
    let mut routes = BTreeMap::new();
    let mut declared = BTreeMap::new();
    for service in &definition.services {
        for slo in &service.slos {
            let state = State {
                target: Some(slo.target),
                window: Some(slo.window),
                threshold: slo.sli.threshold(),
                owner: Some(slo.owner.clone()),
                runbook: Some(slo.runbook.clone()),
            };
            slos.insert(slo.identity.to_string(), state);
            let former = slo.formerly.iter().map(ToString::to_string);
            renamed.extend(former.map(|former| (former, slo.identity.to_string())));
        }
        let name = &service.name;
        for journey in &service.journeys {
            let about = format!("{name}/{}", journey.record.name);
            let former = journey.record.formerly.iter();
            renamed.extend(former.map(|former| (format!("{name}/{former}"), about.clone())));
            hashes.insert(about, BTreeSet::from([journey.record.hash.clone()]));
        }
        for endpoint in &service.endpoints {
            let about = format!("{name}/{}/{}", endpoint.journey.name, endpoint.name);
            let former = former_names(endpoint).into_iter();
            renamed.extend(former.map(|(journey, endpoint)| {
                (format!("{name}/{journey}/{endpoint}"), about.clone())
            }));
            if let Some(route) = &endpoint.route {
                routes.insert(about.clone(), route.clone());
            }
            declared.insert(about.clone(), declaration(endpoint));
            hashes.insert(about, BTreeSet::from([endpoint.hash.clone()]));
        }
    }
    Side {
        slos: Some(slos),
        hashes: Some(hashes),
        renamed,
        routes,
        declared,
        ..Side::default()
    }
}

/// What an endpoint declares itself, without what its journey does and what its hash leaves out.
fn declaration(endpoint: &EndpointRecord) -> String {
    let EndpointRecord {
        name,
        journey: _,
        objectives,
        route,
        until,
        good_status,
        bad_status,
        per,
        every,
        description,
        runbook,
        hash: _,
        answer: _,
        formerly: _,
        source: _,
    } = endpoint;
    let counted = (until, good_status, bad_status, per, every);
    format!("{name:?} {objectives:?} {route:?} {counted:?} {description:?} {runbook:?}")
}
