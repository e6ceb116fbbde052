//! The counts as data: names are those of the telemetry contract, thresholds and sums are in
//! seconds.

use super::{EndpointCounts, SliCounts, Snapshot};
use crate::{Durations, unannotated::Outcomes};
use serde::{
    Serialize, Serializer,
    ser::{SerializeMap, SerializeStruct},
};
use std::time::UNIX_EPOCH;

/// `{"endpoints": […], "unannotated": {"/healthz": {…}}, "unclaimed": 0}`.
impl Serialize for Snapshot {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Snapshot", 3)?;
        fields.serialize_field("endpoints", &self.endpoints)?;
        fields.serialize_field("unannotated", &self.unannotated_outcomes)?;
        fields.serialize_field("unclaimed", &self.unclaimed)?;
        fields.end()
    }
}

/// `{"endpoint": …, "journey": …, "started": …, "in_flight": …, "results": {…}, "slis": […]}`, and
/// `durations`, `consumers` and `last_success` (in Unix seconds) where there are any.
impl Serialize for EndpointCounts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_map(None)?;
        fields.serialize_entry("endpoint", self.name())?;
        fields.serialize_entry("journey", self.journey())?;
        fields.serialize_entry("started", &self.started)?;
        fields.serialize_entry("in_flight", &self.in_flight())?;
        fields.serialize_entry("results", &Results(self))?;
        fields.serialize_entry("slis", &self.slis)?;
        if let Some(durations) = &self.durations {
            fields.serialize_entry("durations", durations)?;
        }
        if !self.consumers.is_empty() {
            fields.serialize_entry("consumers", &self.consumers)?;
        }
        if let Some(at) = self.last_success {
            let since_epoch = at.duration_since(UNIX_EPOCH).unwrap_or_default();
            fields.serialize_entry("last_success", &since_epoch.as_secs())?;
        }
        fields.end()
    }
}

struct Results<'a>(&'a EndpointCounts);

impl Serialize for Results<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let results = self.0.results();
        serializer.collect_map(results.map(|(result, events)| (result.as_str(), events)))
    }
}

/// `{"sli": "latency", "threshold": 0.5, "good": 7, "bad": 1}`; availability has no threshold.
impl Serialize for SliCounts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_map(None)?;
        fields.serialize_entry("sli", self.name)?;
        if let Some(threshold) = self.threshold {
            fields.serialize_entry("threshold", &threshold.as_secs_f64())?;
        }
        fields.serialize_entry("good", &self.counts.good)?;
        fields.serialize_entry("bad", &self.counts.bad)?;
        fields.end()
    }
}

/// `{"count": 8, "sum": 0.4, "buckets": [{"at_most": 0.5, "events": 7}, {"events": 1}]}`; the last
/// bucket has no end.
impl Serialize for Durations {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Durations", 3)?;
        fields.serialize_field("count", &self.count())?;
        fields.serialize_field("sum", &self.sum().as_secs_f64())?;
        fields.serialize_field("buckets", &Buckets(self))?;
        fields.end()
    }
}

struct Buckets<'a>(&'a Durations);

impl Serialize for Buckets<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.buckets().map(|(at_most, events)| Bucket {
            at_most: at_most.map(|end| end.as_secs_f64()),
            events,
        }))
    }
}

struct Bucket {
    at_most: Option<f64>,
    events: u64,
}

impl Serialize for Bucket {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_map(None)?;
        if let Some(at_most) = self.at_most {
            fields.serialize_entry("at_most", &at_most)?;
        }
        fields.serialize_entry("events", &self.events)?;
        fields.end()
    }
}

/// `{"good": 12, "bad": 0, "excluded": 3}`.
impl Serialize for Outcomes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Outcomes", 3)?;
        fields.serialize_field("good", &self.good)?;
        fields.serialize_field("bad", &self.bad)?;
        fields.serialize_field("excluded", &self.excluded)?;
        fields.end()
    }
}
