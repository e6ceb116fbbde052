//! SLOs and monitors, as far as we write them.
//!
//! Datadog gives back more than it was given, `null` for what is not there, and may know kinds that
//! we don't: what we do not write is not read.

use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;

/// An SLO.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Slo {
    /// What Datadog calls it; empty for one that is yet to be created.
    #[serde(default)]
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether it is over a `metric`, or something else.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its description, in Markdown.
    #[serde(default, deserialize_with = "or_default")]
    pub description: String,
    /// Its tags.
    #[serde(default, deserialize_with = "or_default")]
    pub tags: Vec<String>,
    /// What is counted, by `numerator` and `denominator`; empty for other kinds.
    #[serde(default, deserialize_with = "texts")]
    pub query: BTreeMap<String, String>,
    /// Its targets.
    #[serde(default, deserialize_with = "or_default")]
    pub thresholds: Vec<Threshold>,
}

/// A target over a period.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Threshold {
    /// The period: `7d`, `30d`, `90d`.
    pub timeframe: String,
    /// The target in percent.
    pub target: f64,
}

/// A monitor.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Monitor {
    /// What Datadog calls it; `None` for one that is yet to be created.
    #[serde(default)]
    pub id: Option<u64>,
    /// Its name.
    pub name: String,
    /// What is told, with who is told it.
    #[serde(default, deserialize_with = "or_default")]
    pub message: String,
    /// What it watches.
    pub query: String,
    /// Its tags.
    #[serde(default, deserialize_with = "or_default")]
    pub tags: Vec<String>,
    /// Its options.
    #[serde(default, deserialize_with = "or_default")]
    pub options: Options,
}

/// The options of a monitor that we write.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct Options {
    /// The values it fires at.
    #[serde(default, deserialize_with = "or_default")]
    pub thresholds: Limits,
}

/// The values that a monitor fires at.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct Limits {
    /// The burn rate it fires at.
    #[serde(default)]
    pub critical: Option<f64>,
}

/// `null` is the same as nothing.
fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// The texts of an object: other kinds of SLOs have other things in it.
fn texts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, String>, D::Error> {
    let all = Option::<serde_json::Value>::deserialize(deserializer)?.unwrap_or_default();
    let all = all.as_object().into_iter().flatten();
    let texts = all.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())));
    Ok(texts.collect())
}
