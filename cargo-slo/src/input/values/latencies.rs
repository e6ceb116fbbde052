//! What is promised of latency, by the names of SLIs.

use super::{Promise, promise::NoPromise};
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor, value::MapAccessDeserializer},
};
use slo_model::Target;
use std::{collections::BTreeMap, fmt, marker::PhantomData, time::Duration};
use toml::Spanned;

/// A promise for each SLI of latency: `{ latency = "99% < 500ms" }`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Latencies<P>(BTreeMap<String, Spanned<P>>);

impl<P> Latencies<P> {
    /// Returns the promise for an SLI.
    pub fn get(&self, sli: &str) -> Option<&Spanned<P>> {
        self.0.get(sli)
    }

    /// Returns the promises with the names of their SLIs, in the order of the names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Spanned<P>)> {
        self.0.iter().map(|(name, promise)| (&**name, promise))
    }
}

impl<P> Default for Latencies<P> {
    fn default() -> Latencies<P> {
        Latencies(BTreeMap::new())
    }
}

impl<'de, P: Deserialize<'de>> Deserialize<'de> for Latencies<P> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Latencies<P>, D::Error> {
        struct ByName<P>(PhantomData<P>);
        impl<'de, P: Deserialize<'de>> Visitor<'de> for ByName<P> {
            type Value = Latencies<P>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(
                    "a promise by the name of each SLI, such as `{ latency = \"99% < 500ms\" }`",
                )
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Latencies<P>, A::Error> {
                BTreeMap::deserialize(MapAccessDeserializer::new(map)).map(Latencies)
            }
        }
        deserializer.deserialize_map(ByName(PhantomData))
    }
}

/// So many events in so much time: `99% < 500ms`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct LatencyPromise {
    /// The share of valid events.
    pub target: Target,
    /// An event is in time if it took at most this long.
    pub threshold: Duration,
}

/// The text is not a promise of latency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoLatencyPromise {
    /// It is none at all.
    NoPromise(NoPromise),
    /// It does not say within what time.
    NoThreshold(String),
}

impl fmt::Display for NoLatencyPromise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NoLatencyPromise::NoPromise(error) => error.fmt(f),
            NoLatencyPromise::NoThreshold(text) => write!(
                f,
                "`{text}` does not say within what time; expected a threshold, such as `{text} < 500ms`"
            ),
        }
    }
}

impl std::error::Error for NoLatencyPromise {}

impl TryFrom<String> for LatencyPromise {
    type Error = NoLatencyPromise;

    fn try_from(text: String) -> Result<LatencyPromise, NoLatencyPromise> {
        let promise: Promise = text.parse().map_err(NoLatencyPromise::NoPromise)?;
        match promise.threshold {
            Some(threshold) => Ok(LatencyPromise {
                target: promise.target,
                threshold,
            }),
            None => Err(NoLatencyPromise::NoThreshold(text)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_latency_says_within_what_time() {
        let read = |text: &str| LatencyPromise::try_from(text.to_owned());
        let promise = read("99% < 250ms").unwrap();
        assert_eq!(promise.threshold, Duration::from_millis(250));
        let wrong = read("99%").unwrap_err().to_string();
        assert!(wrong.contains("such as `99% < 500ms`"), "{wrong}");
        assert!(matches!(read("99"), Err(NoLatencyPromise::NoPromise(_))));
    }
}
