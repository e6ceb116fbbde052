//! Everything that was told, with its bounds.

use super::{Service, labels::Rejection, recent::Memory};
use crate::live::view::{EventView, Refusal};
use std::collections::{BTreeMap, VecDeque};

/// Most services.
pub(super) const MAX_SERVICES: usize = 50;
/// Most processes of a service. Beyond that, one that ended makes room.
pub(super) const MAX_PROCESSES: usize = 100;
/// Most series of all processes, and most sums of all services. Where those of a process that begins
/// are too many, ones that ended make room.
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

    /// Makes sure that there are the service of a name and its process, which exports so many points.
    pub(super) fn heard_from(
        &mut self,
        service: &str,
        instance: &str,
        at: u64,
        points: usize,
    ) -> Result<(), Rejection> {
        let known = self.services.get(service);
        if known.is_none() && self.services.len() >= MAX_SERVICES {
            return Err(Rejection::Processes);
        }
        if !known.is_some_and(|known| known.processes.contains_key(instance)) {
            self.make_room(points, at);
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

    /// Forgets the series of processes that ended, the longest silent first, until so many new ones
    /// fit. What they counted stays in the sums.
    fn make_room(&mut self, series: usize, at: u64) {
        while self.size.saturating_add(series) > MAX_SERIES {
            let services = self.services.iter();
            let processes = services.flat_map(|(service, known)| {
                let processes = known.processes.iter();
                processes.map(move |(instance, process)| (service, instance, process))
            });
            let silent = processes.filter(|(_, _, process)| process.is_silent(at));
            let oldest = silent.min_by_key(|(_, _, process)| process.seen);
            let Some((service, instance, process)) = oldest else {
                return;
            };
            self.size = self.size.saturating_sub(process.series());
            let (service, instance) = (service.clone(), instance.clone());
            if let Some(service) = self.services.get_mut(&service) {
                service.processes.remove(&instance);
            }
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Starts a process with the given number of series.
    fn start(counts: &mut Counts, instance: &str, at: u64, series: usize) {
        counts.heard_from("orders", instance, at, series).unwrap();
        let service = counts.services.get_mut("orders").unwrap();
        let process = service.processes.get_mut(instance).unwrap();
        let names = (0..series).map(|n| (n.to_string(), 0));
        process.in_flight.extend(names);
        counts.measure();
    }

    #[test]
    fn processes_that_ended_make_room_for_series() {
        let mut counts = Counts::over(600_000);
        let instances = |counts: &Counts| -> Vec<String> {
            counts.services["orders"]
                .processes
                .keys()
                .cloned()
                .collect()
        };
        start(&mut counts, "a", 1_000, 20_000);
        start(&mut counts, "b", 2_000, 20_000);
        start(&mut counts, "c", 100_000, 9_000);
        // Both are silent, and one is enough.
        start(&mut counts, "d", 100_001, 2_000);
        assert_eq!(instances(&counts), ["b", "c", "d"]);
        start(&mut counts, "e", 100_002, 30_000);
        assert_eq!(instances(&counts), ["c", "d", "e"]);
        // Those that run stay, whatever comes.
        start(&mut counts, "f", 100_003, 30_000);
        assert_eq!(instances(&counts), ["c", "d", "e", "f"]);
    }
}
