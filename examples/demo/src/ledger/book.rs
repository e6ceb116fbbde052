//! The ledger itself: what adds up.

use super::{
    Contradiction, Range, Thresholds, Visit, follow, follow_run,
    judge::{Judge, Judgement, thresholds},
    range::Share,
};
use crate::traffic::{Run, Sent};
use cargo_slo::definition::Service;
use slo_model::AVAILABILITY;
use std::collections::BTreeMap;

/// What the services must have counted.
#[derive(Debug)]
pub(crate) struct Ledger {
    thresholds: BTreeMap<(String, String), Thresholds>,
    entries: BTreeMap<(String, String), Entry>,
    /// Requests to the gateway that no annotation covers, by route.
    unannotated: BTreeMap<String, u64>,
    contradictions: Vec<Contradiction>,
    requests: u64,
}

/// What one endpoint must have counted.
#[derive(Clone, Debug, Default)]
pub(crate) struct Entry {
    /// By SLI.
    pub(crate) slis: BTreeMap<String, Sides>,
    /// By `slo.result`.
    pub(crate) results: BTreeMap<&'static str, Range>,
    /// Events altogether.
    pub(crate) events: Range,
}

/// Good and bad events of one SLI, and both together: which of them an event is may be
/// unknown where it is known to be one of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sides {
    pub(crate) good: Range,
    pub(crate) bad: Range,
    pub(crate) valid: Range,
}

impl Ledger {
    /// An empty ledger for the endpoints of these services.
    pub(crate) fn new(services: &[Service]) -> Ledger {
        let mut ledger = Ledger {
            thresholds: BTreeMap::new(),
            entries: BTreeMap::new(),
            unannotated: BTreeMap::new(),
            contradictions: Vec::new(),
            requests: 0,
        };
        for service in services {
            for (endpoint, thresholds) in thresholds(service) {
                let slis =
                    std::iter::once(AVAILABILITY).chain(thresholds.keys().map(String::as_str));
                let slis = slis.map(|sli| (sli.to_owned(), Sides::default())).collect();
                let key = (service.name.clone(), endpoint);
                ledger.entries.insert(
                    key.clone(),
                    Entry {
                        slis,
                        ..Entry::default()
                    },
                );
                ledger.thresholds.insert(key, thresholds);
            }
        }
        ledger
    }

    /// Enters a request that the gateway counts under this route, not under its endpoint.
    pub(crate) fn enter_unannotated(&mut self, sent: &Sent, route: &str) {
        self.requests += 1;
        match follow(sent) {
            Ok(_) => *self.unannotated.entry(route.to_owned()).or_default() += 1,
            Err(contradiction) => self.contradictions.push(contradiction),
        }
    }

    /// Enters a request.
    pub(crate) fn enter(&mut self, sent: &Sent) {
        if sent.ask.way()[0].endpoint.is_none() {
            return self.enter_unannotated(sent, sent.ask.uncovered_route());
        }
        self.requests += 1;
        self.visits(follow(sent));
    }

    /// Enters a run of the job.
    pub(crate) fn enter_run(&mut self, run: &Run) {
        self.visits(follow_run(run));
    }

    fn visits(&mut self, visits: Result<Vec<Visit>, Contradiction>) {
        match visits {
            Ok(visits) => visits.iter().for_each(|visit| self.visit(visit)),
            Err(contradiction) => self.contradictions.push(contradiction),
        }
    }

    fn visit(&mut self, visit: &Visit) {
        let key = (visit.service.to_owned(), visit.endpoint.to_owned());
        let (Some(thresholds), Some(entry)) =
            (self.thresholds.get(&key), self.entries.get_mut(&key))
        else {
            let complaint = format!(
                "{} declares no endpoint `{}`",
                visit.service, visit.endpoint
            );
            return self.contradictions.push(Contradiction(complaint));
        };
        let judge = Judge::new(thresholds);
        entry.sli(AVAILABILITY).add(judge.availability(visit));
        for (name, threshold) in thresholds {
            entry.sli(name).add(judge.latency(visit, *threshold));
        }
        for (result, share) in judge.results(visit) {
            entry.results.entry(result).or_default().add(share);
        }
        entry.events.add(Share::Surely.doubted(visit.doubtful));
    }

    /// What each endpoint must have counted, by service and endpoint.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (&str, &str, &Entry)> {
        self.entries
            .iter()
            .map(|((service, endpoint), entry)| (service.as_str(), endpoint.as_str(), entry))
    }

    /// What one endpoint must have counted.
    pub(crate) fn entry(&self, service: &str, endpoint: &str) -> Option<&Entry> {
        self.entries.get(&(service.to_owned(), endpoint.to_owned()))
    }

    /// What the gateway must have counted without an annotation, by route.
    pub(crate) fn unannotated(&self) -> &BTreeMap<String, u64> {
        &self.unannotated
    }

    /// What the client saw and could not have.
    pub(crate) fn contradictions(&self) -> &[Contradiction] {
        &self.contradictions
    }

    /// Requests entered so far.
    pub(crate) fn requests(&self) -> u64 {
        self.requests
    }
}

impl Entry {
    fn sli(&mut self, name: &str) -> &mut Sides {
        self.slis.entry(name.to_owned()).or_default()
    }
}

impl Sides {
    fn add(&mut self, judgement: Judgement) {
        self.good.add(judgement.good);
        self.bad.add(judgement.bad);
        self.valid.add(judgement.valid);
    }

    /// The sum of both.
    #[must_use]
    pub(crate) fn plus(self, other: Sides) -> Sides {
        Sides {
            good: self.good.plus(other.good),
            bad: self.bad.plus(other.bad),
            valid: self.valid.plus(other.valid),
        }
    }

    /// True where these counts may be what was counted.
    pub(crate) fn hold(self, good: u64, bad: u64) -> bool {
        self.good.holds(good) && self.bad.holds(bad) && self.valid.holds(good + bad)
    }
}
