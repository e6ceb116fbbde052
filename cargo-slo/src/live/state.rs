//! Everything that a running command knows, shared by its connections.

use super::{
    counts::{Counts, Service},
    definitions::Definitions,
    forward::Forward,
    otlp::Signal,
    view::{Refusal, Refused, Remark, Scale, View},
};
use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{SystemTime, UNIX_EPOCH},
};

/// Most kinds of refused requests; each is told once with its count.
const MAX_REFUSED: usize = 50;

/// Longest time between exports at which one can watch, in milliseconds.
const SLOW: u64 = 5_000;

/// What is known, behind a lock that is held for as long as an export is counted.
#[derive(Debug)]
pub(crate) struct State(Mutex<Known>);

/// What is known.
#[derive(Debug)]
pub(crate) struct Known {
    pub(crate) counts: Counts,
    pub(crate) scale: Scale,
    /// What was read of what runs.
    pub(crate) definitions: Definitions,
    pub(crate) trace_link: Option<String>,
    /// Where exporters send to.
    endpoint: String,
    pub(crate) forward: Option<Forward>,
    /// Each kind once, the newest first: many come within a millisecond.
    refused: VecDeque<Refused>,
    /// Data points and records that were counted.
    pub(crate) accepted: u64,
    /// Whether any export of metrics, logs or traces came.
    pub(crate) came: [bool; 3],
}

impl State {
    pub(crate) fn new(
        scale: Scale,
        endpoint: String,
        trace_link: Option<String>,
        forward: Option<Forward>,
        definitions: Definitions,
    ) -> State {
        State(Mutex::new(Known {
            counts: Counts::over(super::assembly::milliseconds(scale.window)),
            scale,
            definitions,
            trace_link,
            endpoint,
            forward,
            refused: VecDeque::new(),
            accepted: 0,
            came: [false; 3],
        }))
    }

    pub(crate) fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is seen now.
    pub(crate) fn view(&self) -> View {
        self.known().view(now())
    }
}

/// Returns the moment in milliseconds since 1970.
pub(crate) fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    super::assembly::milliseconds(since.unwrap_or_default())
}

impl Known {
    /// Notes a request that was refused.
    pub(crate) fn refuse(&mut self, what: String, why: Refusal, mend: Option<String>) {
        let is_it = |known: &Refused| known.what == what && known.why == why;
        let known = self.refused.iter().position(is_it);
        let known = known.and_then(|at| self.refused.remove(at));
        let count = known.map_or(0, |known| known.count) + 1;
        self.refused.truncate(MAX_REFUSED - 1);
        self.refused.push_front(Refused {
            count,
            last: now(),
            what,
            why,
            mend,
        });
    }

    /// What is seen at a moment, in milliseconds since 1970.
    pub(crate) fn view(&mut self, at: u64) -> View {
        self.counts.measure();
        let mut view = self.counts.view(&self.definitions, self.scale, at);
        view.refused = self.refused.iter().cloned().collect();
        view.remarks = self.remarks();
        view.receiver = Some(self.endpoint.clone());
        view.trace_link.clone_from(&self.trace_link);
        view
    }

    fn remarks(&self) -> Vec<Remark> {
        let mut remarks = vec![Remark::ShortestWindow {
            seconds: Scale::SHORTEST.as_secs(),
        }];
        if self.came[Signal::Traces as usize] {
            remarks.push(match &self.forward {
                Some(_) => Remark::TracesForwarded,
                None => Remark::TracesDropped,
            });
        }
        remarks.extend(self.forward.as_ref().map(Forward::remark));
        for (name, service) in &self.counts.services {
            remarks.extend(of_service(name, service));
            let parts = self.definitions.differing(name, service);
            if !parts.is_empty() {
                remarks.push(Remark::OtherDefinitions {
                    service: name.clone(),
                    parts,
                });
            }
        }
        if self.counts.overflow > 0 {
            remarks.push(Remark::Overflow {
                exports: self.counts.overflow,
            });
        }
        remarks
    }
}

/// What is to be said of the way in which a service exports.
fn of_service(name: &str, service: &Service) -> Vec<Remark> {
    let processes = || service.processes.values();
    let slowest = processes().map(|process| process.interval).max();
    let slowest = slowest.unwrap_or_default();
    let is_slow = slowest > SLOW && processes().any(|process| process.restarts == 0);
    let service_name = || name.to_owned();
    let all = [
        (
            is_slow,
            Remark::SlowExports {
                service: service_name(),
                seconds: slowest / 1_000,
            },
        ),
        (
            processes().any(|process| process.is_delta),
            Remark::Differences {
                service: service_name(),
            },
        ),
        (
            service.processes.contains_key(""),
            Remark::NoInstance {
                service: service_name(),
            },
        ),
        (
            name.starts_with("unknown_service"),
            Remark::NoName {
                service: service_name(),
            },
        ),
    ];
    let found = all.into_iter().filter(|(is_so, _)| *is_so);
    found.map(|(_, remark)| remark).collect()
}
