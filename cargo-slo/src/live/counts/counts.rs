//! Everything that was told, with its bounds.

use super::{Service, labels::Rejection, recent::Memory};
use crate::live::view::{EventView, Refusal};
use std::collections::{BTreeMap, VecDeque};

/// Most services.
pub(super) const MAX_SERVICES: usize = 50;
/// Most processes of a service. Beyond that, one that ended makes room.
pub(super) const MAX_PROCESSES: usize = 100;
/// Most series of all processes, and most sums of all services.
pub(super) const MAX_SERIES: usize = 50_000;
/// Most endpoints whose events are counted that have no record.
pub(super) const MAX_SUPPRESSED: usize = 1_000;
/// Most events that are kept.
pub(crate) const MAX_EVENTS: usize = 200;

/// What came of an export.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Taken {
    /// Data points or records that were counted.
    pub(crate) accepted: u64,
    /// Those that were not, by why.
    pub(crate) rejected: BTreeMap<Rejection, u64>,
}

impl Taken {
    pub(super) fn note(&mut self, taken: Result<(), Rejection>) {
        match taken {
            Ok(()) => self.accepted += 1,
            Err(rejection) => *self.rejected.entry(rejection).or_default() += 1,
        }
    }

    /// How many were not counted.
    pub(crate) fn rejections(&self) -> u64 {
        self.rejected.values().sum()
    }

    /// Why some were not counted; nothing if all were.
    pub(crate) fn why(&self) -> impl Iterator<Item = Refusal> {
        self.rejected.keys().map(|rejection| (*rejection).into())
    }
}

/// What was counted and told since the command started.
#[derive(Clone, Debug)]
pub(crate) struct Counts {
    pub(crate) memory: Memory,
    /// By name.
    pub(crate) services: BTreeMap<String, Service>,
    /// The last ones, the oldest first.
    pub(crate) events: VecDeque<EventView>,
    /// How many came.
    pub(super) event_count: u64,
    /// Events that were held back, by service, journey and endpoint.
    pub(crate) suppressed: BTreeMap<[String; 3], u64>,
    /// Whether something runs that did not so far.
    pub(crate) has_new_definitions: bool,
    /// Data points of services beyond the bound.
    pub(crate) overflow: u64,
    /// Series and sums so far; counted again once a second.
    pub(super) size: usize,
}

impl Counts {
    /// Nothing yet, to be looked at in windows of up to so many milliseconds.
    pub(crate) fn over(window: u64) -> Counts {
        Counts {
            memory: Memory::over(window),
            services: BTreeMap::new(),
            events: VecDeque::new(),
            event_count: 0,
            suppressed: BTreeMap::new(),
            has_new_definitions: false,
            overflow: 0,
            size: 0,
        }
    }

    /// The service of a name, and its process.
    pub(super) fn heard_from(
        &mut self,
        service: &str,
        instance: &str,
        at: u64,
    ) -> Result<(), Rejection> {
        if !self.services.contains_key(service) && self.services.len() >= MAX_SERVICES {
            return Err(Rejection::Processes);
        }
        let service = self.services.entry(service.to_owned()).or_default();
        if !service.processes.contains_key(instance) && service.processes.len() >= MAX_PROCESSES {
            let silent = service.processes.iter();
            let silent = silent.filter(|(_, process)| process.is_silent(at));
            let oldest = silent.min_by_key(|(_, process)| process.seen);
            let Some(oldest) = oldest.map(|(name, _)| name.clone()) else {
                service.overflow += 1;
                return Err(Rejection::Processes);
            };
            service.processes.remove(&oldest);
        }
        let process = service.processes.entry(instance.to_owned()).or_default();
        process.heard_at(at);
        Ok(())
    }

    /// Counts again what is kept.
    pub(crate) fn measure(&mut self) {
        let services = self.services.values();
        self.size = services
            .map(|service| {
                let series = service.processes.values().map(super::Process::series);
                series.sum::<usize>() + service.entries()
            })
            .sum();
    }
}
