//! The exported file of a service, `<service>.slo.json`.

use super::{File, GENERATOR};
use crate::{definition::Service, input::export::FORMAT, text::json};
use serde::Serialize;
use slo_model::record::{EndpointRecord, ServiceRecord};

#[derive(Serialize)]
struct Export<'a> {
    format: u32,
    generator: &'a str,
    service: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    declared: Option<&'a ServiceRecord>,
    records: &'a [EndpointRecord],
}

/// The exported file of a service: all its records, by name.
pub fn export(service: &Service) -> File {
    let export = Export {
        format: FORMAT,
        generator: GENERATOR,
        service: &service.name,
        declared: service.declared.as_ref(),
        records: &service.endpoints,
    };
    let mut content = json::pretty(&export);
    content.push('\n');
    File {
        name: format!("{}.slo.json", service.name),
        content,
    }
}
