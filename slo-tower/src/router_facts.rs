//! What a program says of the router or service that a layer stands around.

use slo_sdk::Endpoint;
use std::{
    ptr,
    sync::{Mutex, Once, PoisonError},
};

/// What [`SloLayer::journey`](crate::SloLayer::journey) and
/// [`SloLayer::mounted_at`](crate::SloLayer::mounted_at) say. Kept for the life of the process, so
/// that a request carries a reference, and one for each that is said, however often layers are
/// made.
#[derive(Debug)]
#[cfg_attr(feature = "off", expect(dead_code, reason = "nothing is counted"))]
pub(crate) struct RouterFacts {
    /// The endpoint of what nobody claims.
    pub(crate) journey: Option<&'static Endpoint>,
    /// What was taken off the client's path; begins with a slash, and does not end with one.
    pub(crate) prefix: Option<Box<str>>,
}

static ALL: Mutex<Vec<&'static RouterFacts>> = Mutex::new(Vec::new());

impl RouterFacts {
    pub(crate) fn of(
        journey: Option<&'static Endpoint>,
        prefix: Option<&str>,
    ) -> &'static RouterFacts {
        let is_it = |known: &&&'static RouterFacts| {
            let is_journey = match (known.journey, journey) {
                (Some(known), Some(journey)) => ptr::eq(known, journey),
                (None, None) => true,
                _ => false,
            };
            is_journey && known.prefix.as_deref() == prefix
        };
        let mut all = ALL.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = all.iter().find(is_it) {
            return known;
        }
        let facts: &'static RouterFacts = Box::leak(Box::new(RouterFacts {
            journey,
            prefix: prefix.map(Box::from),
        }));
        all.push(facts);
        facts
    }

    /// Says once that the journey is not asked for: another layer counts what passes both.
    #[cold]
    #[cfg(not(feature = "off"))]
    pub(crate) fn is_within_another(&self) {
        static ONCE: Once = Once::new();
        if let Some(endpoint) = self.journey {
            ONCE.call_once(|| {
                slo_sdk::warn(format_args!(
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
            .map(|(journey, prefix)| ptr::from_ref(RouterFacts::of(journey, prefix)))
        };
        let first = all();
        assert_eq!(all(), first);
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
