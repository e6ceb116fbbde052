//! The exported file of a service, `<service>.slo.json`.

use super::{File, GENERATOR};
use crate::{
    fleet::{Fleet, Subject},
    input::export_file::{Build, Content, text},
};

/// What is exported of a service.
#[derive(Clone, Debug, Default)]
pub struct Export {
    /// What was built; that of the export that a service was read from, where nothing is said.
    pub build: Build,
    /// Leaves out what events are worth.
    pub is_public: bool,
}

impl Export {
    /// Returns the exported file of a service: all that is known of it.
    pub fn file(&self, fleet: &Fleet<'_>, subject: &Subject<'_>) -> File {
        let service = subject.service;
        let exported = service.exported.as_deref();
        let build = match exported {
            Some(exported) if self.build.is_unknown() => &exported.build,
            _ => &self.build,
        };
        let catalogue = subject.catalogue;
        let content = text(&Content {
            generator: GENERATOR,
            service: &service.name,
            build,
            sdk: service.sdk.as_deref(),
            declared: service.declared.as_ref(),
            records: &service.endpoints,
            manifest: subject.manifest,
            has_facts: subject.is_known(),
            catalogue: catalogue.folder.as_ref().map(|_| catalogue),
            api: fleet.api(&service.name),
            has_money: !self.is_public && subject.is_worth_known(),
        });
        File {
            name: format!("{}.slo.json", service.name),
            content,
        }
    }
}
