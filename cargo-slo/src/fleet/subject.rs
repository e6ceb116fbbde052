//! A service and what is known of it.

use super::{Alerts, BudgetPolicy, Place};
use crate::{
    definition::{Service, Slo},
    input::{
        catalogue::Catalogue,
        export_file::Exported,
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
    /// Its `slo.toml`, where there is one: the file, or what an export says of it.
    pub manifest: Option<&'a ManifestFile>,
    /// The catalogue of its organisation: the one that was given, else what its export says of it.
    pub catalogue: &'a Catalogue,
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
    /// Returns a service of which nothing but its annotations is known.
    pub fn from_annotations(service: &'a Service) -> Subject<'a> {
        Subject {
            service,
            manifest: None,
            catalogue: Catalogue::NONE,
            history: None,
            alerts: Alerts::default(),
            policy: BudgetPolicy::default(),
        }
    }

    /// A service with what is said about it: in a `slo.toml`, else in its export.
    pub(crate) fn resolve(
        service: &'a Service,
        manifest: Option<&'a ManifestFile>,
        catalogue: &'a Catalogue,
    ) -> Subject<'a> {
        let exported = service.exported.as_deref();
        let manifest = manifest.or_else(|| exported?.manifest.as_ref());
        let own = exported.and_then(|exported| exported.catalogue.as_ref());
        let catalogue = match (&catalogue.folder, own) {
            (None, Some(own)) => own,
            _ => catalogue,
        };
        let facts = manifest.map(|manifest| &manifest.facts);
        Subject {
            manifest,
            catalogue,
            alerts: Alerts::resolve(facts, catalogue),
            policy: BudgetPolicy::resolve(facts, catalogue),
            ..Subject::from_annotations(service)
        }
    }

    /// True unless nothing but its records was exported: then `slo.toml` may say anything.
    pub fn is_known(&self) -> bool {
        let exported = self.service.exported.as_ref();
        self.manifest.is_some() || exported.is_none_or(|exported| exported.has_facts)
    }

    /// True unless its export leaves out what events are worth.
    pub(crate) fn is_worth_known(&self) -> bool {
        self.is_known() && self.exported().is_none_or(|exported| exported.has_money)
    }

    /// What its export says, if that counts: a `slo.toml` that was read goes before it.
    pub(crate) fn exported(&self) -> Option<&'a Exported> {
        let exported = self.service.exported.as_deref()?;
        let counts = match (self.manifest, &exported.manifest) {
            (None, _) => true,
            (Some(one), Some(own)) => std::ptr::eq(one, own),
            (Some(_), None) => false,
        };
        counts.then_some(exported)
    }

    /// Returns what `slo.toml` says about it.
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

    /// Returns what is known in the service under a name: `journey` or `journey/endpoint`.
    pub fn parts(&self) -> impl Iterator<Item = String> {
        self.service.journeys.iter().flat_map(|journey| {
            let name = &journey.record.name;
            let endpoints = journey.endpoints.iter();
            std::iter::once(name.clone())
                .chain(endpoints.map(move |endpoint| format!("{name}/{endpoint}")))
        })
    }
}
