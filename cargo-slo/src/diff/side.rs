//! What one source says about SLOs.

use super::Rules;
use slo_model::{Target, Window};
use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

/// What one source says, as far as it knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Side {
    /// SLOs by their identity; `None` if the source lists none.
    pub slos: Option<BTreeMap<String, State>>,
    /// The hashes of definitions, by `service/journey` and `service/journey/endpoint`; several
    /// where pods of several versions run. `None` if the source knows none.
    pub hashes: Option<BTreeMap<String, BTreeSet<String>>>,
    /// What SLOs were called before, each with its present name: `service/journey.sli`. So are
    /// definitions, `service/journey`.
    pub renamed: BTreeMap<String, String>,
    /// Where endpoints are served, by `service/journey/endpoint`.
    pub routes: BTreeMap<String, String>,
    /// What an endpoint itself declares, without what it inherits from its journey, by
    /// `service/journey/endpoint`; only a build or an export knows.
    pub declared: BTreeMap<String, String>,
    /// The rules; `None` if the source has none.
    pub rules: Option<Rules>,
    /// True where the source may also hold SLOs of services that nobody compares.
    pub is_shared: bool,
}

/// An SLO, as far as a source knows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// The share of valid events that is promised to be good.
    pub target: Option<Target>,
    /// The period it is promised over.
    pub window: Option<Window>,
    /// The threshold of a latency SLI.
    pub threshold: Option<Duration>,
    /// The team that answers for it.
    pub owner: Option<String>,
    /// The page that tells what to do.
    pub runbook: Option<String>,
}

/// The service of an SLO or a definition.
pub(super) fn service(about: &str) -> &str {
    about.split('/').next().unwrap_or(about)
}

impl Side {
    /// Returns the services it knows.
    pub fn services(&self) -> BTreeSet<&str> {
        let slos = self.slos.iter().flat_map(BTreeMap::keys);
        let definitions = self.hashes.iter().flat_map(BTreeMap::keys);
        slos.chain(definitions)
            .map(|about| service(about))
            .collect()
    }

    /// Adds what another source of the same side says.
    pub fn merge(&mut self, other: Side) {
        fn join<T: Extend<I> + IntoIterator<Item = I>, I>(one: &mut Option<T>, other: Option<T>) {
            match (one, other) {
                (_, None) => {}
                (Some(one), Some(other)) => one.extend(other),
                (one, other) => *one = other,
            }
        }
        join(&mut self.slos, other.slos);
        join(&mut self.hashes, other.hashes);
        self.renamed.extend(other.renamed);
        self.routes.extend(other.routes);
        self.declared.extend(other.declared);
        self.is_shared |= other.is_shared;
        if let Some(rules) = other.rules {
            self.rules.get_or_insert_default().merge(rules);
        }
    }
}
