//! The list for programs.

use crate::{
    definition::{Definition, RouteConflict, Service, Slo},
    text::json,
};
use serde::Serialize;
use slo_model::record::{EndpointRecord, SourceRecord};
use std::io::{self, Write};

/// What may be relied on: keys are only ever added.
#[derive(Serialize)]
struct List<'a> {
    format: u32,
    services: Vec<ServiceItem<'a>>,
}

#[derive(Serialize)]
struct ServiceItem<'a> {
    service: &'a str,
    sdk: Option<&'a str>,
    slos: Vec<SloItem<'a>>,
    endpoints: &'a [EndpointRecord],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    conflicting_routes: Vec<ConflictItem<'a>>,
}

/// An endpoint, and those whose requests can't be told from its own.
#[derive(Serialize)]
struct ConflictItem<'a> {
    endpoint: &'a str,
    rivals: Vec<&'a str>,
}

#[derive(Serialize)]
struct SloItem<'a> {
    id: String,
    level: &'static str,
    journey: &'a str,
    endpoint: Option<&'a str>,
    sli: &'a str,
    target: String,
    target_ppb: u32,
    threshold_ns: Option<u64>,
    window: String,
    owner: &'a str,
    runbook: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    formerly: Vec<String>,
    sources: &'a [SourceRecord],
}

/// Writes everything as one JSON document.
pub(super) fn write(out: &mut dyn Write, definition: &Definition) -> io::Result<()> {
    let list = List {
        format: 1,
        services: definition.services.iter().map(service).collect(),
    };
    json::write_pretty(&mut *out, &list)?;
    writeln!(out)
}

fn service(service: &Service) -> ServiceItem<'_> {
    ServiceItem {
        service: &service.name,
        sdk: service.sdk.as_deref(),
        slos: service.slos.iter().map(slo).collect(),
        endpoints: &service.endpoints,
        conflicting_routes: service.conflicting_routes().iter().map(conflict).collect(),
    }
}

fn conflict<'a>(conflict: &RouteConflict<'a>) -> ConflictItem<'a> {
    ConflictItem {
        endpoint: &conflict.endpoint.name,
        rivals: conflict.rivals.iter().map(|rival| &*rival.name).collect(),
    }
}

fn slo(slo: &Slo) -> SloItem<'_> {
    let threshold = slo.sli.threshold().map(|threshold| threshold.as_nanos());
    SloItem {
        id: slo.identity.to_string(),
        level: slo.level().as_str(),
        journey: &slo.identity.journey,
        endpoint: slo.identity.endpoint.as_deref(),
        sli: &slo.identity.sli,
        target: slo.target.to_string(),
        target_ppb: slo.target.ppb(),
        threshold_ns: threshold.and_then(|nanoseconds| nanoseconds.try_into().ok()),
        window: slo.window.to_string(),
        owner: &slo.owner,
        runbook: &slo.runbook,
        formerly: slo.formerly.iter().map(ToString::to_string).collect(),
        sources: &slo.sources,
    }
}
