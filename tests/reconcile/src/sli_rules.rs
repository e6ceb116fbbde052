//! What the results of an endpoint say about its SLIs: since no endpoint here is late by
//! chance, each of its results has one meaning.
//!
//! So every SLI can be computed from the results of the same export, exactly and while
//! requests are under way. An export whose numbers are of different moments breaks it.

use crate::{
    book::{Book, Key},
    scenario::Scenario,
};
use std::collections::BTreeMap;

/// For each result of an endpoint, the SLIs that count it.
#[derive(Clone, Debug)]
pub(crate) struct SliRules(BTreeMap<Key, Vec<Key>>);

impl SliRules {
    /// The law that the scenarios' expectations make.
    ///
    /// # Errors
    /// If two scenarios contradict each other.
    pub(crate) fn from_scenarios(scenarios: &[Scenario]) -> Result<SliRules, String> {
        let mut sli_rules = BTreeMap::new();
        for scenario in scenarios {
            for result in &scenario.counts {
                let Key::Result(endpoint, _) = result else {
                    continue;
                };
                let of_endpoint = |key: &&Key| matches!(key, Key::Sli(of, ..) if of == endpoint);
                let mut slis: Vec<_> = scenario
                    .counts
                    .iter()
                    .filter(of_endpoint)
                    .cloned()
                    .collect();
                slis.sort_unstable();
                let known = sli_rules
                    .entry(result.clone())
                    .or_insert_with(|| slis.clone());
                if *known != slis {
                    return Err(format!("{result} means {known:?} and {slis:?}"));
                }
            }
        }
        Ok(SliRules(sli_rules))
    }

    /// Everything in the book that is not as its results say.
    pub(crate) fn broken(&self, book: &Book) -> Vec<String> {
        let mut expected = Book::default();
        for (result, slis) in &self.0 {
            for sli in slis {
                expected.add(sli.clone(), book.get(result));
            }
        }
        book.iter()
            .filter(|(key, _)| matches!(key, Key::Sli(..)))
            .map(|(key, seen)| (key, seen, expected.get(key)))
            .filter(|(_, seen, expected)| seen != expected)
            .map(|(key, seen, expected)| format!("{key} is {seen}, its results say {expected}"))
            .collect()
    }
}
