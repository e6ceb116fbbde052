//! Services, and what belongs to them.

use super::Slo;
use crate::input::export_file::Exported;
use slo_model::record::{EndpointRecord, JourneyRecord, ServiceRecord};
use std::{path::PathBuf, sync::Arc};

/// Everything that was declared, by service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Definition {
    /// The services by name.
    pub services: Vec<Service>,
}

/// One service: a program, by its `service.name`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// Its name.
    pub name: String,
    /// Version of the SDK it was built with, where that is known.
    pub sdk: Option<String>,
    /// The files it was read from.
    pub files: Vec<PathBuf>,
    /// The folders of the packages that cargo built these files from, as far as cargo built them.
    pub packages: Vec<PathBuf>,
    /// The name that its program gives it, if it gives one.
    pub declared: Option<ServiceRecord>,
    /// What its export says beside its annotations, if it was read from one.
    pub exported: Option<Arc<Exported>>,
    /// Its part of each journey, by name.
    pub journeys: Vec<Journey>,
    /// Its annotated endpoints, by name.
    pub endpoints: Vec<EndpointRecord>,
    /// Its SLOs: journey by journey, the journey's own before those of its endpoints.
    pub slos: Vec<Slo>,
}

/// A journey, as one service sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Journey {
    /// What was declared.
    pub record: JourneyRecord,
    /// The names of the endpoints whose events count for it.
    pub endpoints: Vec<String>,
}

impl Service {
    /// Returns the endpoints of a journey, by name.
    pub fn endpoints_of<'a>(
        &'a self,
        journey: &'a str,
    ) -> impl Iterator<Item = &'a EndpointRecord> {
        self.endpoints
            .iter()
            .filter(move |endpoint| endpoint.journey.name == journey)
    }
}
