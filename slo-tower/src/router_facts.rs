//! What a program says of the router or service that a layer stands around.

use slo_sdk::Endpoint;
use std::{
    ptr,
    sync::{PoisonError, RwLock},
};

/// What [`SloLayer::journey`](crate::SloLayer::journey) and
/// [`SloLayer::mounted_at`](crate::SloLayer::mounted_at) say. Kept for the life of the process, and one
/// for each that is said, however often layers are made.
#[derive(Debug)]
pub(crate) struct RouterFacts {
    /// The endpoint of what nobody claims.
    pub(crate) journey: Option<&'static Endpoint>,
    /// What was taken off the client's path; begins with a slash, and does not end with one.
    pub(crate) prefix: Option<Box<str>>,
}

static ALL: RwLock<Vec<&'static RouterFacts>> = RwLock::new(Vec::new());

/// The number of some facts: a request carries it in two bytes that it has to spare.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct FactsNumber(u16);

impl FactsNumber {
    /// No facts are known, as usual.
    pub(crate) const NONE: FactsNumber = FactsNumber(0);

    pub(crate) fn facts(self) -> Option<&'static RouterFacts> {
        let at = usize::from(self.0.checked_sub(1)?);
        let all = ALL.read().unwrap_or_else(PoisonError::into_inner);
        all.get(at).copied()
    }
}

impl RouterFacts {
    /// The number of these facts; that of none beyond the first 65,535.
    pub(crate) fn number(journey: Option<&'static Endpoint>, prefix: Option<&str>) -> FactsNumber {
        let is_it = |known: &&'static RouterFacts| {
            let is_journey = match (known.journey, journey) {
                (Some(known), Some(journey)) => ptr::eq(known, journey),
                (None, None) => true,
                _ => false,
            };
            is_journey && known.prefix.as_deref() == prefix
        };
        let mut all = ALL.write().unwrap_or_else(PoisonError::into_inner);
        let known = all.iter().position(is_it);
        let at = known.unwrap_or(all.len()) + 1;
        let Ok(number) = u16::try_from(at) else {
            return FactsNumber::NONE;
        };
        if known.is_none() {
            all.push(Box::leak(Box::new(RouterFacts {
                journey,
                prefix: prefix.map(Box::from),
            })));
        }
        FactsNumber(number)
    }

    /// Says once that the journey is not asked for: another layer counts what passes both.
    #[cold]
    #[cfg(not(feature = "off"))]
    pub(crate) fn is_within_another(&self) {
        static ONCE: std::sync::Once = std::sync::Once::new();
        if let Some(endpoint) = self.journey {
            ONCE.call_once(|| {
                slo_sdk::layer::warn(format_args!(
                    "a SloLayer with `journey({})` is inside another SloLayer, which counts the \
                     requests: the journey has none of those that no handler claims; give it to \
                     the outer layer, or leave that one out",
                    endpoint.declaration().name
                ));
            });
        }
    }

    /// As `Router::nest` takes it; `None` for the root.
    pub(crate) fn prefix(text: &str) -> Option<String> {
        let text = text.trim_matches('/');
        (!text.is_empty()).then(|| format!("/{text}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use slo_sdk::{Journey, Objectives, endpoint};

    #[test]
    fn one_is_kept_for_each() {
        const J: Journey = Journey::new("facts").objectives(Objectives::new().availability(99.0));
        let (a, b) = (
            endpoint!(name = "a", journey = J),
            endpoint!(name = "b", journey = J),
        );
        let all = || {
            [
                (Some(a), None),
                (Some(b), None),
                (Some(a), Some("/v2")),
                (None, Some("/v2")),
            ]
            .map(|(journey, prefix)| RouterFacts::number(journey, prefix))
        };
        let first = all();
        assert_eq!(all(), first);
        let facts = first.map(|number| number.facts().expect("they are known"));
        assert!(facts[0].journey.is_some_and(|journey| ptr::eq(journey, a)));
        assert_eq!(facts[3].prefix.as_deref(), Some("/v2"));
        assert!(FactsNumber::NONE.facts().is_none());
        for (i, one) in first.iter().enumerate() {
            assert!(first[..i].iter().all(|other| other != one));
        }
    }

    #[test]
    fn prefixes() {
        for (text, prefix) in [
            ("/v2", Some("/v2")),
            ("v2/", Some("/v2")),
            ("/api/v2/", Some("/api/v2")),
            ("/", None),
            ("", None),
        ] {
            assert_eq!(RouterFacts::prefix(text).as_deref(), prefix, "{text}");
        }
    }
}
