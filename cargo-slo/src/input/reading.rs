//! What reading gives: services, each with the records found for it.

use super::{ReadError, ReadErrors, export_file::Exported};
use crate::diagnostics::Diagnostic;
use slo_model::{
    record::{EndpointRecord, ServiceRecord},
    service_name_fault,
};
use std::{collections::BTreeMap, fmt, path::PathBuf, sync::Arc};

/// Everything that was found, by service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct Reading {
    /// Services by name.
    pub services: BTreeMap<String, ServiceRecords>,
    /// What a person should know about what was read; nothing that keeps it from being used.
    pub remarks: Vec<Diagnostic>,
}

/// The records of one service, in the order they were found, repetitions included.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServiceRecords {
    /// The files the service was read from.
    pub files: Vec<PathBuf>,
    /// The folders of the packages that cargo built these files from, as far as cargo built them.
    pub packages: Vec<PathBuf>,
    /// Version of the SDK the service was built with, where a program said so.
    pub sdk: Option<String>,
    /// The name that the program gives the service, if it gives one.
    pub declared: Option<ServiceRecord>,
    /// What an export says beside its records, if the service was read from one.
    pub exported: Option<Arc<Exported>>,
    /// The records.
    pub records: Vec<Found>,
}

/// A record and where it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// What it says.
    pub record: EndpointRecord,
    /// The file that holds it.
    pub file: Arc<PathBuf>,
    /// Where in that file.
    pub place: Place,
}

/// Where in a file a record stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Its frame starts at this byte of the program.
    Byte(u64),
    /// It is this one in the list of an exported file, counted from 1.
    Item(usize),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Byte(offset) => write!(f, "record at byte {offset:#x}"),
            Place::Item(n) => write!(f, "record {n}"),
        }
    }
}

impl Reading {
    /// Joins what two sources gave; a service in both has the records of both.
    pub fn merge(&mut self, other: Reading) {
        for (name, records) in other.services {
            let service = self.services.entry(name.clone()).or_default();
            service.packages.extend(records.packages);
            service.sdk = service.sdk.take().or(records.sdk);
            service.declared = service.declared.take().or(records.declared);
            if let (Some(one), Some(other)) = (&service.exported, &records.exported)
                && one.contradicts(other)
            {
                let remark = format!("two exports of `{name}` say different things about it");
                let files = service.files.iter().chain(&records.files);
                let files: Vec<_> = files.map(|file| file.display().to_string()).collect();
                let remark = Diagnostic::warning(remark)
                    .with_note(format!("it was read from {}", files.join(", ")))
                    .with_help("the first is taken; name the one that is meant");
                self.remarks.push(remark);
            }
            let has_facts = |exported: &Arc<Exported>| exported.has_facts;
            if !service.exported.as_ref().is_some_and(has_facts) {
                service.exported = records.exported.or(service.exported.take());
            }
            service.files.extend(records.files);
            service.records.extend(records.records);
        }
        self.remarks.extend(other.remarks);
    }

    /// Gives the only service another name.
    ///
    /// # Errors
    /// If there is not exactly one, or if the name is none a service can have.
    pub fn rename(mut self, name: &str) -> Result<Reading, ReadErrors> {
        check_name(name).map_err(|why| ReadError::ServiceName {
            path: None,
            name: name.to_owned(),
            why,
        })?;
        let found: Vec<_> = self.services.keys().cloned().collect();
        if found.len() != 1 {
            return Err(ReadError::NotOneService { found }.into());
        }
        let only = std::mem::take(&mut self.services).into_values();
        self.services = only.map(|records| (name.to_owned(), records)).collect();
        Ok(self)
    }
}

/// True if two records are of one annotation: they say the same, and stand at one place of a source
/// file, which is compiled into one crate or into several, such as the library and the program of a
/// package that both have `mod handlers;`.
pub(crate) fn is_same_declaration(one: &EndpointRecord, other: &EndpointRecord) -> bool {
    let crate_of = |record: &EndpointRecord| {
        let module = &record.source.module;
        module.split("::").next().unwrap_or(module).to_owned()
    };
    one == other
        || crate_of(one) != crate_of(other) && {
            let mut moved = other.clone();
            moved.source.module.clone_from(&one.source.module);
            *one == moved
        }
}

/// Refuses what can't be the name of a service or of their namespace.
pub(crate) fn check_name(name: &str) -> Result<(), &'static str> {
    service_name_fault(name).map_or(Ok(()), Err)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(names: &[&str]) -> Reading {
        let services = names
            .iter()
            .map(|name| ((*name).to_owned(), ServiceRecords::default()));
        Reading {
            services: services.collect(),
            remarks: Vec::new(),
        }
    }

    #[test]
    fn only_one_service_can_be_renamed() {
        let renamed = reading(&["a"]).rename("b").unwrap();
        assert!(renamed.services.contains_key("b") && renamed.services.len() == 1);
        assert!(reading(&["a", "b"]).rename("c").is_err());
        assert!(reading(&[]).rename("c").is_err());
    }

    #[test]
    fn names_that_lead_out_of_a_folder_are_refused() {
        for name in [
            "",
            ".",
            "..",
            "../a",
            "a/b",
            "a\\b",
            "a\nb",
            &"a".repeat(201),
        ] {
            assert!(check_name(name).is_err(), "{name:?}");
            assert!(reading(&["a"]).rename(name).is_err(), "{name:?}");
        }
        for name in ["orders", "Orders API", "日本", "a.b", "a\"b{{"] {
            assert!(check_name(name).is_ok(), "{name:?}");
        }
    }
}
