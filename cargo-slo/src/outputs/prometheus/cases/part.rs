//! What of a service takes part in a file of cases: all of it, or a sample.

use super::shape::Shape;
use crate::{
    definition::{Level, Service, Slo},
    fleet::Subject,
    outputs::prometheus::{missed_run, per_slo},
};
use slo_model::record::EndpointRecord;
use std::collections::BTreeSet;

/// Up to so many SLOs, all of a service are played.
const MAX_PLAYED: usize = 4;

/// How many endpoints of a journey are played for its SLOs in a sample.
const ENDPOINTS_OF_JOURNEY: usize = 2;

/// The part of a service that is played.
#[derive(Debug)]
pub(super) struct Part<'a> {
    pub(super) slos: Vec<&'a Slo>,
    /// The endpoints whose counters are played.
    pub(super) endpoints: Vec<&'a EndpointRecord>,
    /// The jobs, and how often each is expected to run, in seconds.
    pub(super) jobs: Vec<(&'a EndpointRecord, u64)>,
}

impl<'a> Part<'a> {
    /// All of a service.
    pub(super) fn whole(service: &'a Service) -> Part<'a> {
        Part {
            slos: service.slos.iter().collect(),
            endpoints: service.endpoints.iter().collect(),
            jobs: missed_run::jobs(service).collect(),
        }
    }

    /// Returns an SLO of each shape, with the endpoints that takes; `None` where that is all of
    /// the service, or not much less.
    pub(super) fn sample(subject: &Subject<'a>, shapes: &[(Shape, &'a Slo)]) -> Option<Part<'a>> {
        let service = subject.service;
        let all = service.slos.len();
        if all <= MAX_PLAYED || shapes.len() == all {
            return None;
        }
        let slos: Vec<_> = shapes.iter().map(|(_, slo)| *slo).collect();
        let played: BTreeSet<_> = slos.iter().flat_map(|slo| played(slo, service)).collect();
        let endpoints = service.endpoints.iter();
        let endpoints = endpoints.filter(|endpoint| played.contains(&*endpoint.name));
        let jobs = missed_run::jobs(service).take(per_slo::JOBS_OF_SAMPLE);
        Some(Part {
            slos,
            endpoints: endpoints.collect(),
            jobs: jobs.collect(),
        })
    }
}

/// The names of endpoints that are played for an SLO: of a journey, one that serves is among them.
fn played<'a>(slo: &'a Slo, service: &'a Service) -> Vec<&'a str> {
    if let (Level::Endpoint, Some(name)) = (slo.level(), &slo.identity.endpoint) {
        return vec![name];
    }
    let endpoints = service.endpoints_of(&slo.identity.journey);
    let (jobs, serving): (Vec<_>, Vec<_>) = endpoints.partition(|e| e.every.is_some());
    let names = serving.into_iter().chain(jobs).map(|e| &*e.name);
    names.take(ENDPOINTS_OF_JOURNEY).collect()
}
