//! A version of an exported file, as names with values: what it said at some time, whatever is said now.

use super::{
    FORMAT, RECORDS_ONLY,
    shape::{ExportFile, Few},
};
use serde::de::IgnoredAny;
use slo_model::record::EndpointRecord;

/// What a version of a file says, whatever its place.
#[derive(Debug)]
pub(crate) struct Values {
    /// What `slo.toml` said.
    pub(crate) facts: toml::Table,
    /// The records.
    pub(crate) records: Vec<EndpointRecord>,
}

/// Reads a version of a file without judging it; `None` if it is none, or of a later format.
pub(crate) fn values(content: &[u8]) -> Option<Values> {
    type Whole = ExportFile<toml::Table, IgnoredAny, Few<EndpointRecord>>;
    let file: Whole = serde_json::from_slice(content).ok()?;
    if !(RECORDS_ONLY..=FORMAT).contains(&file.format) {
        return None;
    }
    let mut facts = file.facts.unwrap_or_default();
    if let Some(value) = file.confidential.and_then(|part| part.value) {
        facts.insert("value".to_owned(), value.into());
    }
    Some(Values {
        facts,
        records: file.records.0,
    })
}
