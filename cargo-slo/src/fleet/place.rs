//! Where a fact is written.

use crate::diagnostics::Location;
use slo_model::record::SourceRecord;
use std::ops::Range;

/// Where something is said of a service.
#[derive(Clone, Debug, PartialEq)]
pub enum Place {
    /// Nowhere in particular: in the service.
    Service,
    /// At an annotation.
    Source(SourceRecord),
    /// At these bytes of the service's `slo.toml`.
    Manifest(Range<usize>),
    /// In another file.
    File(Location),
    /// In a file of the catalogue.
    Catalogue(Location),
}

impl Place {
    /// At the first of some annotations.
    pub(crate) fn first_of(sources: &[SourceRecord]) -> Place {
        sources
            .first()
            .cloned()
            .map_or(Place::Service, Place::Source)
    }
}
