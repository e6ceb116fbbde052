//! Services, what is said about them, and the catalogue, put together.

use super::{FleetError, Subject};
use crate::{
    definition::Definition,
    input::{
        api::Api,
        catalogue::{Catalogue, Vendor},
        history::History,
        manifest::ManifestFile,
        values::Date,
    },
};
use slo_model::burn_rate::Scaling;
use std::collections::{BTreeSet, HashMap};

/// All services that were read, what is said about them, and what is known of others.
#[derive(Debug)]
pub struct Fleet<'a> {
    /// The services that were read.
    pub subjects: Vec<Subject<'a>>,
    /// The day reviews are judged at.
    pub today: Date,
    /// What becomes of the usual alerts over windows other than 30 days.
    pub scaling: Scaling,
    places: HashMap<&'a str, usize>,
    others: HashMap<&'a str, Provider<'a>>,
    apis: HashMap<String, Api>,
}

/// Someone who can be depended on.
#[derive(Clone, Copy, Debug)]
pub enum Provider<'a> {
    /// A service that was read, or whose export is in the catalogue.
    Service(Subject<'a>),
    /// A service that others run.
    Vendor(&'a Vendor),
}

impl<'a> Fleet<'a> {
    /// Puts services, what is said about them, and the catalogue together; `others` are the
    /// services that the catalogue knows. Where no file is about a service, and where no catalogue
    /// is given, what the export of the service says counts.
    ///
    /// # Errors
    /// If a `slo.toml` is about no service that was read, or two are about one.
    pub fn new(
        definition: &'a Definition,
        manifests: &'a [ManifestFile],
        catalogue: &'a Catalogue,
        others: &'a Definition,
        today: Date,
    ) -> Result<Fleet<'a>, Vec<FleetError>> {
        let services = &definition.services;
        let places = places(definition);
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
            if !places.contains_key(name) {
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
        let subjects = services.iter().map(|service| {
            let manifest = said.get(service.name.as_str()).copied();
            Subject::resolve(service, manifest, catalogue)
        });
        let subjects: Vec<_> = subjects.collect();
        let exported: Vec<_> = others
            .services
            .iter()
            .map(|service| Subject::resolve(service, None, catalogue))
            .collect();
        // Of what several exports say of a vendor, that of the first service counts.
        let catalogues = subjects.iter().chain(&exported).rev().map(|s| s.catalogue);
        let vendors = catalogues.flat_map(|catalogue| &catalogue.vendors.entries);
        let vendors = vendors
            .map(|(name, vendor)| (name.get_ref().as_str(), Provider::Vendor(vendor.get_ref())));
        let exported = exported
            .iter()
            .map(|subject| (subject.service.name.as_str(), Provider::Service(*subject)));
        let others = vendors.chain(exported).collect();
        Ok(Fleet {
            subjects,
            today,
            scaling: Scaling::default(),
            places,
            others,
            apis: HashMap::new(),
        })
    }

    /// Returns services of which nothing but their annotations is known.
    pub fn from_annotations(definition: &'a Definition) -> Fleet<'a> {
        let subjects = definition.services.iter().map(Subject::from_annotations);
        Fleet {
            subjects: subjects.collect(),
            today: Date::EPOCH,
            scaling: Scaling::default(),
            places: places(definition),
            others: HashMap::new(),
            apis: HashMap::new(),
        }
    }

    /// The same with the usual alerts scaled in this way.
    #[must_use]
    pub fn with_scaling(mut self, scaling: Scaling) -> Fleet<'a> {
        self.scaling = scaling;
        for subject in &mut self.subjects {
            subject.alerts = subject.alerts.with_scaling(scaling);
        }
        self
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

    /// Returns the endpoints that a service offers, where files list them.
    pub fn api(&self, service: &str) -> Option<&Api> {
        let exported = || {
            let place = self.places.get(service)?;
            self.subjects[*place].exported()?.api.as_ref()
        };
        self.apis.get(service).or_else(exported)
    }

    /// Who is known under this name. What was read is newer than what was exported.
    pub fn provider(&self, name: &str) -> Option<Provider<'a>> {
        match self.places.get(name) {
            Some(place) => Some(Provider::Service(self.subjects[*place])),
            None => self.others.get(name).copied(),
        }
    }

    /// Returns all names that are known, in order.
    pub fn provider_names(&self) -> Vec<&'a str> {
        let names = self.places.keys().chain(self.others.keys()).copied();
        names.collect::<BTreeSet<_>>().into_iter().collect()
    }
}

/// Where among the services each is, by name.
fn places(definition: &Definition) -> HashMap<&str, usize> {
    let services = definition.services.iter().enumerate();
    services
        .map(|(place, service)| (service.name.as_str(), place))
        .collect()
}
