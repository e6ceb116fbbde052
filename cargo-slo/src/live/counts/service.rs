//! A service: the sum of its processes, those that are gone included.

use super::{Process, Recent};
use crate::live::view::HistogramView;
use slo_model::{Target, Window, budget::Counts};
use std::{collections::BTreeMap, fmt};

/// One service.
#[derive(Clone, Debug, Default)]
pub(crate) struct Service {
    pub(crate) version: Option<String>,
    /// By instance.
    pub(crate) processes: BTreeMap<String, Process>,
    /// By name.
    pub(crate) endpoints: BTreeMap<String, Endpoint>,
    /// By route: good, bad and excluded events.
    pub(crate) unannotated: BTreeMap<String, (Counts, u64)>,
    pub(crate) objectives: BTreeMap<Promised, Objective>,
    /// What runs, as the last process says that reported it.
    pub(crate) definitions: BTreeMap<Part, Running>,
    /// By journey, consumer and SLI.
    pub(crate) consumers: BTreeMap<[String; 3], Counts>,
    /// Data points that were not taken, because of the bounds.
    pub(crate) overflow: u64,
    /// Events that its processes say they lost.
    pub(crate) lost: u64,
}

/// A journey, or an endpoint of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Part {
    pub(crate) journey: String,
    pub(crate) endpoint: Option<String>,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.endpoint {
            None => f.write_str(&self.journey),
            Some(endpoint) => write!(f, "{}/{endpoint}", self.journey),
        }
    }
}

/// The definition that a process counts by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Running {
    pub(crate) hash: String,
    /// May be empty.
    pub(crate) runbook: String,
}

/// What an objective is about: a journey, and an endpoint of it if it is not the whole.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Promised {
    pub(crate) journey: String,
    pub(crate) endpoint: Option<String>,
    pub(crate) sli: String,
}

/// What a process promises.
#[derive(Clone, Debug)]
pub(crate) struct Objective {
    pub(crate) target: Target,
    pub(crate) window: Window,
    pub(crate) owner: String,
}

/// An annotated endpoint.
#[derive(Clone, Debug, Default)]
pub(crate) struct Endpoint {
    pub(crate) journey: String,
    /// By name.
    pub(crate) slis: BTreeMap<String, Sli>,
    /// Events by how they ended.
    pub(crate) results: BTreeMap<String, u64>,
    /// When events ended, whatever they are.
    pub(crate) ended: Recent,
    pub(crate) durations: Option<HistogramView>,
    /// Of a job, in seconds.
    pub(crate) interval: Option<f64>,
    /// Of a job, in seconds since 1970; 0 before the first.
    pub(crate) last_success: Option<f64>,
}

/// What one SLI of an endpoint counted.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sli {
    /// In seconds.
    pub(crate) threshold: Option<f64>,
    pub(crate) counts: Counts,
    pub(crate) recent: Recent,
}

impl Service {
    /// How many things are known of it that no process takes with it.
    pub(super) fn entries(&self) -> usize {
        let of_endpoint = |endpoint: &Endpoint| 1 + endpoint.slis.len() + endpoint.results.len();
        let endpoints: usize = self.endpoints.values().map(of_endpoint).sum();
        let of_service = self.objectives.len() + self.definitions.len() + self.consumers.len();
        endpoints + self.unannotated.len() + of_service
    }

    /// Events of an endpoint that started and did not end.
    pub(crate) fn in_flight(&self, endpoint: &str, at: u64) -> u64 {
        let alive = self
            .processes
            .values()
            .filter(|process| !process.is_silent(at));
        alive
            .filter_map(|process| process.in_flight.get(endpoint))
            .sum()
    }
}

impl Endpoint {
    /// Events that ended.
    pub(crate) fn ended(&self) -> u64 {
        self.results.values().sum()
    }
}
