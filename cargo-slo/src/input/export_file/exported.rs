//! What an export says beside its records.

use crate::input::{api::Api, catalogue::Catalogue, manifest::ManifestFile};
use serde::{Deserialize, Serialize};

/// What is known of a service from its export, beside its records.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exported {
    /// False where it is not known what `slo.toml` says: an export of format 1 holds nothing but
    /// records.
    pub has_facts: bool,
    /// False where `--public` left out what events are worth.
    pub has_money: bool,
    /// What `slo.toml` said; `None` if there was none, or if that is not known.
    pub manifest: Option<ManifestFile>,
    /// The catalogue that was given, as far as rules read it.
    pub catalogue: Option<Catalogue>,
    /// The endpoints that files listed.
    pub api: Option<Api>,
    /// What was built.
    pub build: Build,
}

impl Exported {
    /// True if both know what `slo.toml` says, and not the same.
    pub(crate) fn contradicts(&self, other: &Exported) -> bool {
        let facts = |exported: &Exported| exported.manifest.clone().map(|manifest| manifest.facts);
        self.has_facts && other.has_facts && facts(self) != facts(other)
    }
}

/// Which build of a service it was, as far as somebody said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Build {
    /// The commit it was built from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// Its version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The day of the commit: year, month and day with hyphens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
}

impl Build {
    /// Returns `true` if nobody said anything.
    pub fn is_unknown(&self) -> bool {
        *self == Build::default()
    }
}
