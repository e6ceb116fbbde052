//! From a service to its exported file.
//!
//! What is written is what rules, outputs and documents read, key by key: nothing of the machine, and
//! the same bytes from the same input.

use super::{
    Build, FORMAT,
    facts::{catalogue_table, facts_table},
    offers,
    shape::{Confidential, ExportFile, Tables},
};
use crate::{
    input::{
        Syntax, TextFile,
        api::Api,
        catalogue::{Catalogue, Table},
        manifest::ManifestFile,
    },
    text::json,
};
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use slo_model::record::{EndpointRecord, ServiceRecord};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

/// The keys of `slo.toml` that are written as they stand there. Beside them, `coverage` is written in
/// part, and `value` goes into `confidential`.
const KEYS: [&str; 16] = [
    "budget-policy",
    "burn-rates",
    "correction",
    "dependency",
    "description",
    "detect",
    "exception",
    "journey",
    "owner",
    "policy",
    "review",
    "service",
    "slo",
    "tier",
    "traffic",
    "unspent-budget",
];

/// The keys of `[coverage]` that are written. The others name files, whose endpoints are written
/// instead.
const COVERAGE_KEYS: [&str; 2] = ["ignore", "prefix"];

/// What is written of a service.
#[derive(Clone, Copy, Debug)]
pub struct Content<'a> {
    /// Who writes it.
    pub generator: &'a str,
    /// Its name.
    pub service: &'a str,
    /// What was built.
    pub build: &'a Build,
    /// Version of the SDK it was built with, where that is known.
    pub sdk: Option<&'a str>,
    /// The name that its program gives it.
    pub declared: Option<&'a ServiceRecord>,
    /// Its annotated endpoints.
    pub records: &'a [EndpointRecord],
    /// Its `slo.toml`, where there is one.
    pub manifest: Option<&'a ManifestFile>,
    /// False where nobody knows whether there is one.
    pub has_facts: bool,
    /// The catalogue, where there is one.
    pub catalogue: Option<&'a Catalogue>,
    /// The endpoints that files list, where some do.
    pub api: Option<&'a Api>,
    /// Whether what events are worth is written.
    pub has_money: bool,
}

/// Returns the file of a service.
pub fn text(content: &Content<'_>) -> String {
    let folder = content
        .manifest
        .and_then(|manifest| manifest.file.path.parent());
    let facts = content.manifest.map(|manifest| facts_of(&manifest.file));
    let mut facts = facts.or_else(|| content.has_facts.then(DeTable::new));
    let value = facts.as_mut().and_then(|facts| facts.remove("value"));
    let file = ExportFile {
        format: FORMAT,
        generator: content.generator.to_owned(),
        service: content.service.to_owned(),
        build: content.build.clone(),
        sdk: content.sdk.map(str::to_owned),
        facts: facts.map(|facts| Json(DeValue::Table(allowed(facts)))),
        confidential: content.has_money.then(|| Confidential {
            value: value.map(|value| Json(value.into_inner())),
        }),
        catalogue: content
            .catalogue
            .map(|catalogue| tables(catalogue, content.manifest)),
        declared: content.declared.cloned(),
        offers: content.api.map(|api| offers::written(api, folder)),
        records: content.records,
    };
    let mut text = json::pretty(&file);
    text.push('\n');
    text
}

/// What a `slo.toml` says, or an export of it. The text was read once, so it is what it should be.
fn facts_of(file: &TextFile) -> DeTable<'_> {
    let table = match file.syntax {
        Syntax::Toml => DeTable::parse(&file.text).ok(),
        Syntax::Json => facts_table(&file.text),
    };
    table.map(Spanned::into_inner).unwrap_or_default()
}

fn allowed(mut facts: DeTable<'_>) -> DeTable<'_> {
    let coverage = facts.remove("coverage");
    let mut allowed = only(facts, &KEYS);
    if let Some(coverage) = coverage {
        let span = coverage.span();
        if let DeValue::Table(coverage) = coverage.into_inner() {
            let coverage = DeValue::Table(only(coverage, &COVERAGE_KEYS));
            let key = Spanned::new(span.clone(), "coverage".into());
            allowed.insert(key, Spanned::new(span, coverage));
        }
    }
    allowed
}

fn only<'t>(table: DeTable<'t>, keys: &[&str]) -> DeTable<'t> {
    let entries = table.into_iter();
    entries
        .filter(|(key, _)| keys.contains(&&**key.get_ref()))
        .collect()
}

fn tables<'a>(catalogue: &'a Catalogue, manifest: Option<&ManifestFile>) -> Tables<Json<'a>> {
    Tables {
        tiers: table(&catalogue.tiers, |tables| tables.tiers),
        burn_rates: table(&catalogue.burn_rates, |tables| tables.burn_rates),
        policies: table(&catalogue.policies, |tables| tables.policies),
        vendors: table(&catalogue.vendors, |tables| tables.vendors),
        consumers: named_consumers(catalogue, manifest),
    }
}

/// The consumers that the journeys of a service name. Whoever reads its file needs no others.
fn named_consumers<'a>(
    catalogue: &'a Catalogue,
    manifest: Option<&ManifestFile>,
) -> Option<Json<'a>> {
    let journeys = manifest?.facts.journey.values();
    let named = journeys.flat_map(|journey| &journey.consumers);
    let named: Vec<&str> = named.map(|name| name.get_ref().as_str()).collect();
    let Json(all) = table(&catalogue.consumers, |tables| tables.consumers)?;
    let DeValue::Table(all) = all else {
        return None;
    };
    let consumers = only(all, &named);
    (!consumers.is_empty()).then_some(Json(DeValue::Table(consumers)))
}

fn table<'a, T>(
    table: &'a Table<T>,
    of: fn(&Tables<&'a RawValue>) -> Option<&'a RawValue>,
) -> Option<Json<'a>> {
    let file = table.file.as_ref()?;
    let table = match file.syntax {
        Syntax::Toml => DeTable::parse(&file.text).ok(),
        Syntax::Json => catalogue_table(&file.text, of),
    };
    Some(Json(DeValue::Table(table?.into_inner())))
}

/// A value of TOML, written as JSON. Days become texts.
#[derive(Debug)]
struct Json<'a>(DeValue<'a>);

impl Serialize for Json<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        write(&self.0, serializer)
    }
}

fn write<S: Serializer>(value: &DeValue<'_>, serializer: S) -> Result<S::Ok, S::Error> {
    struct Inner<'a>(&'a DeValue<'a>);
    impl Serialize for Inner<'_> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            write(self.0, serializer)
        }
    }
    match value {
        DeValue::String(text) => serializer.serialize_str(text),
        DeValue::Boolean(is) => serializer.serialize_bool(*is),
        // What no fact is, is refused as this text, too.
        DeValue::Integer(number) => match i64::from_str_radix(number.as_str(), number.radix()) {
            Ok(number) => serializer.serialize_i64(number),
            Err(_) => serializer.collect_str(number),
        },
        DeValue::Float(number) => serializer.collect_str(number),
        DeValue::Datetime(moment) => serializer.collect_str(moment),
        DeValue::Array(items) => {
            serializer.collect_seq(items.iter().map(|item| Inner(item.get_ref())))
        }
        DeValue::Table(table) => serializer.collect_map(
            table
                .iter()
                .map(|(key, value)| (key.get_ref(), Inner(value.get_ref()))),
        ),
    }
}
