//! The published schema of `slo.toml` and the types that read it know the same keys and values,
//! and so does the manual.

use crate::fixtures::repository;
use cargo_slo::input::{
    catalogue::{BurnRates, Condition, Consumer, Policy, Tier, Vendor},
    manifest::{
        Blocks, CatalogueFolder, Correction, Coverage, Dependency, Exception, Ignore, JourneyFacts,
        Kind, Manifest, ManifestFile, PolicyLevel, Removed, Review, SloFacts, Spend, Then,
        UnspentBudget, Value, Verdict,
    },
};
use serde::de::{Deserialize, Deserializer, Error, Visitor};
use serde_json::Value as Json;
use std::{collections::BTreeSet, fs, path::Path};

/// Asks a type which keys or values it knows, by failing when it says so.
struct Probe<'a>(&'a mut &'static [&'static str]);

impl<'de> Deserializer<'de> for Probe<'_> {
    type Error = serde::de::value::Error;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Self::Error> {
        Err(Error::custom("asked"))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Self::Error> {
        *self.0 = fields;
        Err(Error::custom("asked"))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Self::Error> {
        *self.0 = variants;
        Err(Error::custom("asked"))
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf
        option unit unit_struct newtype_struct seq tuple tuple_struct map identifier ignored_any
    }
}

pub(crate) fn known<T: for<'de> Deserialize<'de>>() -> BTreeSet<&'static str> {
    let mut known: &'static [&'static str] = &[];
    assert!(T::deserialize(Probe(&mut known)).is_err());
    assert!(!known.is_empty());
    known.iter().copied().collect()
}

fn schema() -> Json {
    let text = fs::read_to_string(repository("docs/schema/slo.toml.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

#[test]
fn the_schema_knows_what_the_types_know() {
    let schema = schema();
    let keys = |of: &Json| -> BTreeSet<String> {
        assert_eq!(of["additionalProperties"], false, "{of}");
        of["properties"]
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect()
    };
    let definition = |name: &str| &schema["$defs"][name];
    for (name, at, known) in [
        ("the file", &schema, known::<Manifest>()),
        ("budget-policy", definition("level"), known::<PolicyLevel>()),
        (
            "unspent-budget",
            definition("unspent"),
            known::<UnspentBudget>(),
        ),
        ("value", definition("value"), known::<Value>()),
        (
            "dependency",
            definition("dependency"),
            known::<Dependency>(),
        ),
        ("review", definition("review"), known::<Review>()),
        ("journey", definition("journey"), known::<JourneyFacts>()),
        ("slo", definition("slo"), known::<SloFacts>()),
        ("coverage", definition("coverage"), known::<Coverage>()),
        (
            "catalogue",
            definition("catalogue"),
            known::<CatalogueFolder>(),
        ),
        ("ignore", definition("ignore"), known::<Ignore>()),
        ("removed", definition("removed"), known::<Removed>()),
        (
            "correction",
            definition("correction"),
            known::<Correction>(),
        ),
        ("exception", definition("exception"), known::<Exception>()),
    ] {
        let in_schema = keys(at);
        assert!(
            in_schema.iter().map(String::as_str).eq(known),
            "{name}: {in_schema:?}"
        );
        for (key, property) in at["properties"].as_object().unwrap() {
            assert!(
                property["description"].is_string(),
                "{name}.{key} is not described"
            );
        }
    }
    for (at, known) in [
        (&definition("level")["properties"]["then"], known::<Then>()),
        (
            &definition("level")["properties"]["blocks"],
            known::<Blocks>(),
        ),
        (
            &definition("unspent")["properties"]["then"],
            known::<Spend>(),
        ),
        (
            &definition("dependency")["properties"]["kind"],
            known::<Kind>(),
        ),
        (
            &definition("review")["properties"]["verdict"],
            known::<Verdict>(),
        ),
    ] {
        let values: BTreeSet<_> = at["enum"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(Json::as_str)
            .collect();
        assert_eq!(values, known);
    }
}

/// What the schema calls required is what the parser misses, and nothing else.
#[test]
fn the_schema_requires_what_the_types_require() {
    let schema = schema();
    let whole = [
        (
            "level",
            "budget-policy",
            "left = \"5%\"\nthen = \"freeze\"\nblocks = \"service\"\ntext = \"t\"\n",
        ),
        (
            "dependency",
            "dependency",
            "service = \"a\"\nkind = \"hard\"\njourney = \"j\"\n",
        ),
        (
            "review",
            "review",
            "slo = \"a\"\nverdict = \"achievable\"\nby = \"b\"\ndate = 2026-01-01\nof = \"h\"\n",
        ),
        (
            "ignore",
            "coverage.ignore",
            "route = \"/a\"\nreason = \"r\"\n",
        ),
        ("removed", "removed", "name = \"a\"\nreason = \"r\"\n"),
        ("exception", "exception", "rule = \"a\"\nreason = \"r\"\n"),
        (
            "correction",
            "correction",
            "from = 2026-05-30T09:00:00Z\nto = 2026-05-30T10:00:00Z\nreason = \"r\"\n",
        ),
    ];
    for (definition, table, text) in whole {
        let required: BTreeSet<_> = schema["$defs"][definition]["required"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(Json::as_str)
            .collect();
        for left_out in text.lines() {
            let key = left_out.split(' ').next().unwrap();
            let rest: Vec<_> = text.lines().filter(|line| *line != left_out).collect();
            let file = format!("[[{table}]]\n{}\n", rest.join("\n"));
            let read = ManifestFile::parse(Path::new("slo.toml"), file);
            assert_eq!(read.is_err(), required.contains(key), "{table}.{key}");
        }
    }
}

#[test]
fn the_manual_explains_every_key() {
    let manual = fs::read_to_string(repository("docs/slo-toml.md")).unwrap();
    let all = [
        known::<Manifest>(),
        known::<PolicyLevel>(),
        known::<UnspentBudget>(),
        known::<Spend>(),
        known::<Value>(),
        known::<Dependency>(),
        known::<Review>(),
        known::<Removed>(),
        known::<Correction>(),
        known::<Exception>(),
        known::<Coverage>(),
        known::<CatalogueFolder>(),
        known::<Ignore>(),
        known::<JourneyFacts>(),
        known::<SloFacts>(),
        known::<Tier>(),
        known::<BurnRates>(),
        known::<Condition>(),
        known::<Policy>(),
        known::<Consumer>(),
        known::<Vendor>(),
        known::<Then>(),
        known::<Kind>(),
        known::<Verdict>(),
    ];
    for key in all.iter().flatten() {
        assert!(
            manual.contains(&format!("`{key}`")),
            "`{key}` is not explained"
        );
    }
    // The examples are read as they stand.
    let examples: Vec<_> = manual.split("```toml\n").skip(1).collect();
    let of_services: Vec<_> = examples
        .iter()
        .map(|example| example.split("```").next().unwrap())
        .filter(|example| !example.starts_with("# catalogue"))
        .collect();
    assert!(!of_services.is_empty());
    for example in of_services {
        if let Err(error) = ManifestFile::parse(Path::new("slo-toml.md"), example) {
            panic!("{error}\n{example}");
        }
    }
}
