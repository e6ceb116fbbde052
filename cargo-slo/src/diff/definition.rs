//! What a build or an export says.

use super::{Side, State};
use crate::definition::Definition;
use std::collections::{BTreeMap, BTreeSet};

/// The side of services whose records are at hand: it knows everything but rules.
pub fn from_definition(definition: &Definition) -> Side {
    let mut slos = BTreeMap::new();
    let mut hashes = BTreeMap::new();
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
        }
        let name = &service.name;
        for journey in &service.journeys {
            let about = format!("{name}/{}", journey.record.name);
            hashes.insert(about, BTreeSet::from([journey.record.hash.clone()]));
        }
        for endpoint in &service.endpoints {
            let about = format!("{name}/{}/{}", endpoint.journey.name, endpoint.name);
            hashes.insert(about, BTreeSet::from([endpoint.hash.clone()]));
        }
    }
    Side {
        slos: Some(slos),
        hashes: Some(hashes),
        rules: None,
    }
}
