//! A service and what is known of it.

use super::{Alerts, BudgetPolicy, Place};
use crate::{
    definition::{Service, Slo},
    input::{
        catalogue::Catalogue,
        history::History,
        manifest::{Manifest, ManifestFile},
        values::Traffic,
    },
};
use std::ops::Range;
use toml::Spanned;

/// A service and what is said about it.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The service.
    pub service: &'a Service,
    /// Its `slo.toml`, where there is one.
    pub manifest: Option<&'a ManifestFile>,
    /// What was counted of services, where that is known.
    pub history: Option<&'a History>,
    /// The alerts of its SLOs.
    pub alerts: Alerts<'a>,
    /// What happens when an error budget is spent.
    pub policy: BudgetPolicy<'a>,
}

/// How many events are expected, and what says so.
#[derive(Clone, Debug, PartialEq)]
pub struct Expected {
    /// Valid events.
    pub traffic: Traffic,
    /// Where that is said; where it was measured, the SLO it was measured for.
    pub place: Place,
    /// `expected`, or `measured` where a history says it.
    pub word: &'static str,
}

impl<'a> Subject<'a> {
    /// A service of which nothing but its annotations is known.
    pub fn of_annotations(service: &'a Service) -> Subject<'a> {
        Subject {
            service,
            manifest: None,
            history: None,
            alerts: Alerts::default(),
            policy: BudgetPolicy::default(),
        }
    }

    pub(crate) fn with_manifest(
        self,
        manifest: &'a ManifestFile,
        catalogue: &'a Catalogue,
    ) -> Subject<'a> {
        let facts = &manifest.facts;
        Subject {
            manifest: Some(manifest),
            alerts: Alerts::resolve(Some(facts), catalogue),
            policy: BudgetPolicy::resolve(Some(facts), catalogue),
            ..self
        }
    }

    /// What `slo.toml` says about it.
    pub fn facts(&self) -> Option<&'a Manifest> {
        self.manifest.map(|manifest| &manifest.facts)
    }

    /// Expected events of an SLO: of its endpoint or journey; for a journey that is not
    /// mentioned, of all its endpoints together where each is. Where nothing is said, those that
    /// were measured.
    pub fn traffic(&self, slo: &Slo) -> Option<Expected> {
        self.said(slo).or_else(|| {
            Some(Expected {
                traffic: self.measured(slo)?,
                place: Place::first_of(&slo.sources),
                word: "measured",
            })
        })
    }

    fn said(&self, slo: &Slo) -> Option<Expected> {
        let traffic = &self.facts()?.traffic;
        let of = |name: String| {
            let expected = traffic.get(&Spanned::new(0..0, name))?;
            Some((*expected.get_ref(), expected.span()))
        };
        let journey = &slo.identity.journey;
        let endpoint = |name: &str| of(format!("{journey}/{name}"));
        let (traffic, span) = match &slo.identity.endpoint {
            Some(name) => endpoint(name),
            None => of(journey.clone()).or_else(|| {
                let mut sum: Option<(Traffic, Range<usize>)> = None;
                for record in self.service.endpoints_of(journey) {
                    let (more, span) = endpoint(&record.name)?;
                    sum = Some(match sum {
                        None => (more, span),
                        Some((traffic, first)) => (traffic.and(more), first),
                    });
                }
                sum
            }),
        }?;
        Some(Expected {
            traffic,
            place: Place::Manifest(span),
            word: "expected",
        })
    }

    /// What is known in the service under a name: `journey` or `journey/endpoint`.
    pub fn parts(&self) -> impl Iterator<Item = String> {
        self.service.journeys.iter().flat_map(|journey| {
            let name = &journey.record.name;
            let endpoints = journey.endpoints.iter();
            std::iter::once(name.clone())
                .chain(endpoints.map(move |endpoint| format!("{name}/{endpoint}")))
        })
    }
}
