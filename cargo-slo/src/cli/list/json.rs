//! The list for programs.

use crate::{
    definition::{RouteConflict, Slo},
    fleet::{Fleet, Subject},
    text::{json, numbers::window},
};
use serde::Serialize;
use slo_model::record::{EndpointRecord, SourceRecord};
use std::io::{self, Write};
use toml::Spanned;

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
    #[serde(flatten)]
    chosen: Chosen<'a>,
    slos: Vec<SloItem<'a>>,
    endpoints: &'a [EndpointRecord],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    conflicting_routes: Vec<ConflictItem<'a>>,
}

/// What `slo.toml` says of who runs the service, and what it takes from the catalogue.
#[derive(Default, Serialize)]
struct Chosen<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tier: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    burn_rates: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    policy: Option<&'a str>,
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
    alerts: Vec<AlertItem>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    formerly: Vec<String>,
    sources: &'a [SourceRecord],
}

/// A burn rate, over a long window and still over a short one, that somebody is told of.
#[derive(Serialize)]
struct AlertItem {
    severity: &'static str,
    factor: String,
    long: String,
    short: String,
}

/// Writes everything as one JSON document.
pub(super) fn write(out: &mut dyn Write, fleet: &Fleet<'_>) -> io::Result<()> {
    let list = List {
        format: 1,
        services: fleet.subjects.iter().map(service).collect(),
    };
    json::write_pretty(&mut *out, &list)?;
    writeln!(out)
}

fn service<'a>(subject: &Subject<'a>) -> ServiceItem<'a> {
    let service = subject.service;
    let slos = service.slos.iter().map(|one| slo(subject, one));
    ServiceItem {
        service: &service.name,
        sdk: service.sdk.as_deref(),
        chosen: chosen(subject),
        slos: slos.collect(),
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

fn chosen<'a>(subject: &Subject<'a>) -> Chosen<'a> {
    let Some(facts) = subject.facts() else {
        return Chosen::default();
    };
    let named = |name: &'a Option<Spanned<String>>| Some(name.as_ref()?.get_ref().as_str());
    Chosen {
        owner: facts.owner.as_deref(),
        tier: named(&facts.tier),
        burn_rates: named(&facts.burn_rates),
        policy: named(&facts.policy),
    }
}

fn alerts(subject: &Subject<'_>, slo: &Slo) -> Vec<AlertItem> {
    let conditions = subject.alerts.that_can_fire(slo);
    let alerts = conditions.iter().map(|condition| AlertItem {
        severity: condition.severity.as_str(),
        factor: condition.factor.to_string(),
        long: window(condition.long_minutes),
        short: window(condition.short_minutes),
    });
    alerts.collect()
}

fn slo<'a>(subject: &Subject<'_>, slo: &'a Slo) -> SloItem<'a> {
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
        alerts: alerts(subject, slo),
        formerly: slo.formerly.iter().map(ToString::to_string).collect(),
        sources: &slo.sources,
    }
}
