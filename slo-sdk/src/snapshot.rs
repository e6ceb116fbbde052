//! Every count of the process at a moment.

#[cfg(feature = "serde")]
mod serialize;
mod table;

use crate::{
    Durations, Endpoint,
    count::cells::Tally,
    event::unclaimed,
    registry,
    unannotated::{self, Outcomes},
};
use slo_model::{
    AVAILABILITY, Declaration, EventResult, Objectives, Outcome, Slis, budget::Counts, classify,
};
use std::{
    collections::{BTreeMap, btree_map::Entry},
    time::{Duration, SystemTime},
};

/// Every count of the process at a moment, for tests and debug pages.
///
/// It prints as a table, with the feature `serde` it serialises, and
/// [`to_prometheus`](Snapshot::to_prometheus) writes what a Prometheus scrapes.
///
/// ```
/// println!("{}", slo_sdk::snapshot());
/// for endpoint in slo_sdk::snapshot().endpoints() {
///     println!("{}: {} in flight", endpoint.name(), endpoint.in_flight());
/// }
/// ```
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    endpoints: Vec<EndpointCounts>,
    unannotated: BTreeMap<String, u64>,
    unannotated_outcomes: BTreeMap<String, Outcomes>,
    unclaimed: u64,
    hides_consumers: bool,
}

/// Reads every count of the process.
pub fn snapshot() -> Snapshot {
    let outcomes = unannotated::read();
    let totals = outcomes
        .iter()
        .map(|(route, outcomes)| (route.clone(), outcomes.total()));
    let mut snapshot = Snapshot {
        endpoints: Vec::new(),
        unannotated: totals.collect(),
        unannotated_outcomes: outcomes,
        unclaimed: unclaimed::count(),
        hides_consumers: false,
    };
    // Two annotations of the same name export the same series, so they are one here too.
    // `cargo slo` refuses a build in which they differ; copies of one annotation are usual,
    // as other macros make them.
    let mut places = BTreeMap::new();
    for endpoint in registry::endpoints() {
        let counts = EndpointCounts::read(endpoint);
        match places.entry((counts.journey(), counts.name())) {
            Entry::Occupied(place) => {
                let known: &mut EndpointCounts = &mut snapshot.endpoints[*place.get()];
                known.combine(&counts, |a, b| a + b);
            }
            Entry::Vacant(place) => {
                place.insert(snapshot.endpoints.len());
                snapshot.endpoints.push(counts);
            }
        }
    }
    snapshot
}

impl Snapshot {
    /// Returns the endpoints, those of one journey and name together, in the order they were found.
    pub fn endpoints(&self) -> &[EndpointCounts] {
        &self.endpoints
    }

    /// Returns the counts of the endpoint of this name.
    pub fn endpoint(&self, name: &str) -> Option<&EndpointCounts> {
        self.endpoints
            .iter()
            .find(|endpoint| endpoint.name() == name)
    }

    /// True where nothing was counted yet.
    #[cfg(feature = "otlp")]
    pub(crate) fn is_zero(&self) -> bool {
        let endpoints = self.endpoints.iter();
        endpoints.map(EndpointCounts::started).sum::<u64>() == 0
            && self.unannotated.values().sum::<u64>() == 0
    }

    /// Returns the counts of a journey's SLI, over all its endpoints.
    pub fn journey(&self, journey: &str, sli: &str) -> Counts {
        self.endpoints
            .iter()
            .filter(|endpoint| endpoint.journey() == journey)
            .filter_map(|endpoint| endpoint.sli(sli))
            .fold(Counts::default(), |sum, sli| sum + sli.counts)
    }

    /// Events that no annotation covers, by the names of [`unannotated::ServedRoute`]; those that nobody
    /// served are under `_unmatched`.
    pub fn unannotated(&self) -> &BTreeMap<String, u64> {
        &self.unannotated
    }

    /// The same events by what they came to, judged by the same table as all others.
    pub fn unannotated_outcomes(&self) -> &BTreeMap<String, Outcomes> {
        &self.unannotated_outcomes
    }

    /// Events in flight that no handler has claimed yet and no route explains: requests that
    /// hang on their way to a handler, or have none.
    pub fn unclaimed(&self) -> u64 {
        self.unclaimed
    }

    /// Returns the counts in Prometheus' text format (version 0.0.4), under the names and labels
    /// that a Prometheus gives to what is exported over OTLP: the same rules read both. The job of
    /// the scrape has to have the service's name.
    pub fn to_prometheus(&self) -> String {
        crate::export::prometheus_text(self)
    }

    /// Returns the same counts without those of single consumers.
    #[must_use]
    pub fn without_consumers(mut self) -> Snapshot {
        for endpoint in &mut self.endpoints {
            endpoint.consumers.clear();
        }
        self.hides_consumers = true;
        self
    }

    /// True where nobody is to learn who the consumers are.
    pub(crate) fn hides_consumers(&self) -> bool {
        self.hides_consumers
    }

    /// Returns what was counted since an earlier snapshot of the same process.
    #[must_use]
    pub fn since(&self, earlier: &Snapshot) -> Snapshot {
        let mut delta = self.clone();
        for (at, endpoint) in delta.endpoints.iter_mut().enumerate() {
            let is_it = |e: &&EndpointCounts| {
                e.name() == endpoint.name() && e.journey() == endpoint.journey()
            };
            // Endpoints keep their order, and new ones come last.
            let there = earlier.endpoints.get(at).filter(is_it);
            let before = there.or_else(|| earlier.endpoints.iter().find(is_it));
            if let Some(before) = before {
                endpoint.combine(before, u64::saturating_sub);
            }
        }
        delta.unclaimed = self.unclaimed.saturating_sub(earlier.unclaimed);
        for (route, count) in &mut delta.unannotated {
            *count = count.saturating_sub(earlier.unannotated.get(route).copied().unwrap_or(0));
        }
        for (route, outcomes) in &mut delta.unannotated_outcomes {
            let before = earlier.unannotated_outcomes.get(route);
            *outcomes = outcomes.since(before.copied().unwrap_or_default());
        }
        delta
    }
}

/// The counts of one endpoint.
#[derive(Clone, Debug)]
pub struct EndpointCounts {
    declaration: &'static Declaration,
    started: u64,
    results: [u64; EventResult::ALL.len()],
    slis: Vec<SliCounts>,
    durations: Option<Durations>,
    consumers: BTreeMap<&'static str, Vec<SliCounts>>,
    last_success: Option<SystemTime>,
}

/// The counts of one SLI of one endpoint.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct SliCounts {
    /// `availability`, `latency`, or the latency objective's own name.
    pub name: &'static str,
    /// The threshold that parts in time from late; nothing for availability.
    pub threshold: Option<Duration>,
    /// Good and bad events.
    pub counts: Counts,
}

impl EndpointCounts {
    fn read(endpoint: &Endpoint) -> EndpointCounts {
        let tally = endpoint.read();
        let mut results = [0; EventResult::ALL.len()];
        for (ending, level, events) in tally.endings() {
            results[classify(ending, level > 0).result.index()] += events;
        }
        EndpointCounts {
            declaration: endpoint.declaration(),
            started: tally.started,
            results,
            slis: slis(endpoint.slis(), &tally),
            // After the ends: of each that is counted it is known how long it took.
            durations: endpoint.durations(),
            consumers: endpoint
                .read_by_consumer()
                .map(|(name, tally)| (name, slis(endpoint.slis(), &tally)))
                .collect(),
            last_success: endpoint.last_success(),
        }
    }

    fn combine(&mut self, other: &EndpointCounts, with: fn(u64, u64) -> u64) {
        self.started = with(self.started, other.started);
        self.last_success = self.last_success.max(other.last_success);
        for (a, b) in self.results.iter_mut().zip(other.results) {
            *a = with(*a, b);
        }
        if let (Some(mine), Some(theirs)) = (&mut self.durations, &other.durations) {
            mine.combine(theirs, with);
        }
        combine(&mut self.slis, &other.slis, with);
        for (name, theirs) in &other.consumers {
            let mine = self.consumers.entry(name).or_insert_with(|| {
                let none = |sli: &SliCounts| SliCounts {
                    counts: Counts::default(),
                    ..sli.clone()
                };
                theirs.iter().map(none).collect()
            });
            combine(mine, theirs, with);
        }
    }

    /// Returns the endpoint's name.
    pub fn name(&self) -> &'static str {
        self.declaration.name
    }

    /// Returns the name of its journey.
    pub fn journey(&self) -> &'static str {
        self.declaration.journey.name()
    }

    /// Returns what its annotation says.
    pub fn declaration(&self) -> &'static Declaration {
        self.declaration
    }

    /// Events that started. One that waits for its handler has started for the endpoint its
    /// route says; if another claims it in the end, it is moved there.
    pub fn started(&self) -> u64 {
        self.started
    }

    /// Events that ended.
    pub fn ended(&self) -> u64 {
        self.results.iter().sum()
    }

    /// Events that started and did not end yet.
    pub fn in_flight(&self) -> u64 {
        self.started.saturating_sub(self.ended())
    }

    /// Events that ended with this result.
    pub fn result(&self, result: EventResult) -> u64 {
        self.results[result.index()]
    }

    /// Returns every result with its number of events.
    pub fn results(&self) -> impl Iterator<Item = (EventResult, u64)> {
        EventResult::ALL.iter().copied().zip(self.results)
    }

    /// Returns the SLIs the endpoint is measured by: availability first, then latency by ascending
    /// threshold.
    pub fn slis(&self) -> &[SliCounts] {
        &self.slis
    }

    /// Returns the SLI of this name.
    pub fn sli(&self, name: &str) -> Option<&SliCounts> {
        self.slis.iter().find(|sli| sli.name == name)
    }

    /// Returns how long its good events took, where that is measured: see
    /// [`Builder::durations`](crate::Builder::durations).
    pub fn durations(&self) -> Option<&Durations> {
        self.durations.as_ref()
    }

    /// The same SLIs for each consumer that has called, where a layer tells consumers apart.
    pub fn consumers(&self) -> impl Iterator<Item = (&'static str, &[SliCounts])> {
        let all = self.consumers.iter();
        all.map(|(name, slis)| (*name, slis.as_slice()))
    }

    /// The same SLIs for the consumer of this name, if it has called.
    pub fn consumer(&self, name: &str) -> Option<&[SliCounts]> {
        self.consumers.get(name).map(Vec::as_slice)
    }

    /// When it last succeeded, if it is a job (`every = …`) and did.
    pub fn last_success(&self) -> Option<SystemTime> {
        self.last_success
    }

    /// Objectives of its own, if it has any.
    pub fn objectives(&self) -> Option<Objectives> {
        self.declaration.objectives
    }
}

/// What the events mean for each SLI.
fn slis(slis: &Slis, tally: &Tally) -> Vec<SliCounts> {
    let availability = slis.availability().then(|| SliCounts {
        name: AVAILABILITY,
        threshold: None,
        counts: count(tally, |ending, level| {
            classify(ending, level > 0).availability
        }),
    });
    let latencies = slis.latencies().enumerate().map(|(place, sli)| SliCounts {
        name: sli.name,
        threshold: Some(sli.threshold),
        counts: count(tally, |ending, level| {
            classify(ending, level > place).latency
        }),
    });
    availability.into_iter().chain(latencies).collect()
}

fn combine(mine: &mut [SliCounts], theirs: &[SliCounts], with: fn(u64, u64) -> u64) {
    for sli in mine {
        if let Some(same) = theirs.iter().find(|theirs| theirs.name == sli.name) {
            sli.counts.good = with(sli.counts.good, same.counts.good);
            sli.counts.bad = with(sli.counts.bad, same.counts.bad);
        }
    }
}

fn count(tally: &Tally, outcome: impl Fn(slo_model::Ending, usize) -> Outcome) -> Counts {
    let mut counts = Counts::default();
    for (ending, level, events) in tally.endings() {
        match outcome(ending, level) {
            Outcome::Good => counts.good += events,
            Outcome::Bad => counts.bad += events,
            Outcome::Excluded => {}
        }
    }
    counts
}
