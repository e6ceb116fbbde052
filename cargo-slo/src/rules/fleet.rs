//! What rules look at: services with what is said about them, and the catalogue.

use super::Place;
use crate::{
    definition::{Definition, Service, Slo},
    diagnostics::{Diagnostic, nearest},
    input::{
        api::Api,
        catalogue::{Catalogue, Vendor},
        history::History,
        manifest::{Manifest, ManifestFile},
        values::{Date, Traffic},
    },
};
use std::{collections::HashMap, ops::Range, path::PathBuf};
use toml::Spanned;

/// All services that were read, what is said about them, and what is known of others.
#[derive(Debug)]
pub struct Fleet<'a> {
    /// The services that are checked.
    pub subjects: Vec<Subject<'a>>,
    /// The catalogue of the organisation.
    pub catalogue: &'a Catalogue,
    /// The day reviews are judged at.
    pub today: Date,
    providers: HashMap<&'a str, Provider<'a>>,
    apis: HashMap<String, Api>,
}

/// A service and what is said about it.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The service.
    pub service: &'a Service,
    /// Its `slo.toml`, where there is one.
    pub manifest: Option<&'a ManifestFile>,
    /// What was counted of services, where that is known.
    pub history: Option<&'a History>,
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

/// Someone who can be depended on.
#[derive(Clone, Copy, Debug)]
pub enum Provider<'a> {
    /// A service that was read, or whose export is in the catalogue.
    Service(Subject<'a>),
    /// A service that others run.
    Vendor(&'a Vendor),
}

/// A `slo.toml` and the services don't fit together.
#[derive(Debug)]
#[non_exhaustive]
pub enum FleetError {
    /// The file names a service that was not read; read it too, or correct the name.
    NoSuchService {
        /// The file.
        manifest: Box<ManifestFile>,
        /// The services that were read.
        read: Vec<String>,
    },
    /// The file names no service, and not just one was read; name it.
    WhichService {
        /// The file.
        manifest: Box<ManifestFile>,
        /// The services that were read.
        read: Vec<String>,
    },
    /// Two files are about one service; join them.
    Twice {
        /// The service.
        service: String,
        /// Both files.
        files: [PathBuf; 2],
    },
}

impl FleetError {
    /// The error as it is told to people.
    pub fn diagnostic(&self) -> Diagnostic {
        match self {
            FleetError::NoSuchService { manifest, read } => {
                let name = manifest.facts.service.as_ref();
                let span = name.map_or(0..0, Spanned::span);
                let name = name.map_or("", |name| name.get_ref());
                let error = Diagnostic::error(format!("no service `{name}` was read"))
                    .at_location(manifest.location(span))
                    .with_note(format!("these were read: {}", read.join(", ")));
                let error = match nearest(name, read.iter().map(String::as_str)) {
                    Some(meant) => error.with_help(format!("did you mean `{meant}`?")),
                    None => error.with_help("read the service too: `--bin FILE` or `-p PACKAGE`"),
                };
                match &read[..] {
                    [only] => error.with_help(format!(
                        "if `{only}` is that service, say so: `--service {name}`, or for good \
                         `slo_sdk::service!({name:?});` in its program"
                    )),
                    _ => error,
                }
            }
            FleetError::WhichService { manifest, read } => {
                Diagnostic::error("the file does not say which service it is about")
                    .at_location(manifest.location(0..0))
                    .with_note(match read.is_empty() {
                        true => "no service was read".to_owned(),
                        false => format!("these were read: {}", read.join(", ")),
                    })
                    .with_help("say it in its first line: `service = \"NAME\"`")
            }
            FleetError::Twice { service, files } => {
                Diagnostic::error(format!("two files are about the service `{service}`"))
                    .at(&files[0])
                    .with_note(format!("the other is {}", files[1].display()))
                    .with_help("one `slo.toml` holds all that is said about a service")
            }
        }
    }
}

impl<'a> Fleet<'a> {
    /// Puts services, what is said about them, and the catalogue together; `others` are the
    /// services that the catalogue knows.
    ///
    /// # Errors
    /// Where a `slo.toml` is about no service that was read, or two are about one.
    pub fn new(
        definition: &'a Definition,
        manifests: &'a [ManifestFile],
        catalogue: &'a Catalogue,
        others: &'a Definition,
        today: Date,
    ) -> Result<Fleet<'a>, Vec<FleetError>> {
        let services = &definition.services;
        let by_name: HashMap<_, _> = services.iter().map(|s| (s.name.as_str(), s)).collect();
        let read = || services.iter().map(|s| s.name.clone()).collect();
        let mut said: HashMap<&str, &ManifestFile> = HashMap::new();
        let mut errors = Vec::new();
        for manifest in manifests {
            let name = match (manifest.service(), &services[..]) {
                (Some(name), _) => name,
                (None, [only]) => &only.name,
                (None, _) => {
                    let manifest = Box::new(manifest.clone());
                    errors.push(FleetError::WhichService {
                        manifest,
                        read: read(),
                    });
                    continue;
                }
            };
            if !by_name.contains_key(name) {
                let manifest = Box::new(manifest.clone());
                errors.push(FleetError::NoSuchService {
                    manifest,
                    read: read(),
                });
            } else if let Some(other) = said.insert(name, manifest) {
                errors.push(FleetError::Twice {
                    service: name.to_owned(),
                    files: [&other.file, &manifest.file].map(|file| file.path.clone()),
                });
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let subjects: Vec<_> = services
            .iter()
            .map(|service| Subject {
                service,
                manifest: said.get(service.name.as_str()).copied(),
                history: None,
            })
            .collect();
        let mut providers = HashMap::new();
        for (name, vendor) in &catalogue.vendors.entries {
            providers.insert(name.get_ref().as_str(), Provider::Vendor(vendor.get_ref()));
        }
        for service in &others.services {
            let exported = Subject {
                service,
                manifest: None,
                history: None,
            };
            providers.insert(&service.name, Provider::Service(exported));
        }
        // What was read is newer than what was exported.
        for subject in &subjects {
            providers.insert(&subject.service.name, Provider::Service(*subject));
        }
        Ok(Fleet {
            subjects,
            catalogue,
            today,
            providers,
            apis: HashMap::new(),
        })
    }

    /// The same with what was counted.
    #[must_use]
    pub fn with_history(mut self, history: Option<&'a History>) -> Fleet<'a> {
        for subject in &mut self.subjects {
            subject.history = history;
        }
        self
    }

    /// Adds the endpoints that services offer, by the names of the services.
    #[must_use]
    pub fn offering(mut self, apis: HashMap<String, Api>) -> Fleet<'a> {
        self.apis = apis;
        self
    }

    /// The endpoints that a service offers, where files list them.
    pub fn api(&self, service: &str) -> Option<&Api> {
        self.apis.get(service)
    }

    /// Who is known under this name.
    pub fn provider(&self, name: &str) -> Option<Provider<'a>> {
        self.providers.get(name).copied()
    }

    /// All names that are known, in order.
    pub fn provider_names(&self) -> Vec<&'a str> {
        let mut names: Vec<_> = self.providers.keys().copied().collect();
        names.sort_unstable();
        names
    }
}

impl<'a> Subject<'a> {
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

/// The name of an SLO in its service: `journey.sli` or `journey/endpoint.sli`.
pub(crate) fn slo_name(slo: &Slo) -> String {
    format!("{}.{}", slo_part(slo), slo.identity.sli)
}

/// Whose events an SLO is about: `journey` or `journey/endpoint`.
pub(crate) fn slo_part(slo: &Slo) -> String {
    match &slo.identity.endpoint {
        None => slo.identity.journey.clone(),
        Some(endpoint) => format!("{}/{endpoint}", slo.identity.journey),
    }
}
