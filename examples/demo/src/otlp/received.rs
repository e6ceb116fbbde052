//! All that is known from exports.

use super::Export;
use std::{collections::BTreeMap, time::SystemTime};

/// The first and the latest export of each service. Sums are cumulative, so the latest holds
/// everything, and one that is lost loses nothing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Received {
    services: BTreeMap<String, FromService>,
    /// What was wrong with what arrived.
    complaints: Vec<String>,
    exports: usize,
}

#[derive(Clone, Debug)]
struct FromService {
    first: Export,
    latest: Export,
}

impl Received {
    /// Takes an export in.
    pub(crate) fn add(&mut self, service: String, mut export: Export) {
        self.exports += 1;
        let mut complaints = std::mem::take(&mut export.complaints);
        if let Some(known) = self.services.get(&service) {
            complaints.extend(export.lost_since(&known.latest));
        }
        for complaint in complaints {
            let complaint = format!("{service}: {complaint}");
            if !self.complaints.contains(&complaint) {
                self.complaints.push(complaint);
            }
        }
        match self.services.get_mut(&service) {
            Some(known) => known.latest = export,
            None => {
                self.services.insert(
                    service,
                    FromService {
                        first: export.clone(),
                        latest: export,
                    },
                );
            }
        }
    }

    /// The first export of a service.
    pub(crate) fn first(&self, service: &str) -> Option<&Export> {
        self.services.get(service).map(|known| &known.first)
    }

    /// The latest export of a service.
    pub(crate) fn latest(&self, service: &str) -> Option<&Export> {
        self.services.get(service).map(|known| &known.latest)
    }

    /// The latest export of each service.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&str, &Export)> {
        self.services
            .iter()
            .map(|(service, known)| (service.as_str(), &known.latest))
    }

    /// Exports so far.
    pub(crate) fn exports(&self) -> usize {
        self.exports
    }

    /// What was wrong with what arrived.
    pub(crate) fn complaints(&self) -> &[String] {
        &self.complaints
    }

    /// True where each of these services collected after a moment and had nothing in flight.
    pub(crate) fn is_final(&self, services: &[String], since: SystemTime) -> bool {
        services.iter().all(|service| {
            self.latest(service).is_some_and(|export| {
                export.collected > Some(since)
                    && export
                        .points("slo.in_flight")
                        .all(|(_, in_flight)| in_flight == 0.0)
            })
        })
    }
}
