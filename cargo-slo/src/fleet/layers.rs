//! Whether a layer saw how the events of each endpoint ended.

use super::Subject;
use slo_model::{EventResult, record::EndpointRecord};
use std::collections::HashMap;

/// What was counted of an endpoint.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Measured<'a> {
    /// The endpoint.
    pub(crate) endpoint: &'a EndpointRecord,
    /// Its events.
    pub(crate) events: u64,
    /// Those whose answer no layer saw, which are good or bad in no SLI.
    pub(crate) unseen: u64,
}

/// How much of an endpoint is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// All of its events.
    Whole,
    /// There is none.
    Idle,
    /// None of them.
    Not,
    /// Some of them.
    InPart,
}

impl Measured<'_> {
    /// How much of it is measured.
    pub(crate) const fn state(&self) -> State {
        match (self.events, self.unseen) {
            (0, _) => State::Idle,
            (_, 0) => State::Whole,
            (events, unseen) if events == unseen => State::Not,
            _ => State::InPart,
        }
    }
}

impl<'a> Subject<'a> {
    /// What was counted of each endpoint, where a history says so.
    pub(crate) fn measured_endpoints(&self) -> Option<Vec<Measured<'a>>> {
        let (_, counted) = self.counted()?;
        let mut known: HashMap<(&str, &str), (u64, u64)> = HashMap::new();
        for ended in &counted.results {
            let of = known.entry((&ended.journey, &ended.endpoint)).or_default();
            of.0 += ended.count;
            if ended.result == EventResult::OutsideLayer.as_str() {
                of.1 += ended.count;
            }
        }
        let endpoints = self.service.endpoints.iter();
        let measured = endpoints.map(|endpoint| {
            let of = known.get(&(&*endpoint.journey.name, &*endpoint.name));
            let (events, unseen) = of.copied().unwrap_or_default();
            Measured {
                endpoint,
                events,
                unseen,
            }
        });
        Some(measured.collect())
    }
}
