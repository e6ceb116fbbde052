//! The instruments of the telemetry contract, observed from the counters.
//!
//! All are observable: the hot path knows nothing of them, every series is there from the
//! first collection, and a collection that is lost loses no event. Attributes are given in
//! the order of their keys, which the SDK rewards.

#[cfg(feature = "otlp")]
use super::zeros;
use super::{attributes as name, collection::snapshot_for, series};
use crate::{EndpointCounts, SliCounts, Snapshot, consumer, process, snapshot};
use opentelemetry::{
    KeyValue,
    metrics::{AsyncInstrument, Meter},
};
use slo_model::{
    Declaration, Journey, Objectives, Outcome,
    budget::Counts,
    record::{endpoint_hash, journey_hash},
};
use std::{
    collections::BTreeMap,
    panic::{AssertUnwindSafe, catch_unwind},
    ptr,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// Creates the instruments in a meter. They live as long as its provider, but only those
/// registered last observe anything: two callbacks for one series would overwrite each other.
///
/// Their counters start at 0 where `zeros_first`, until an export of the process was taken.
pub(crate) fn register(meter: &Meter, zeros_first: bool) {
    let mine = Registration {
        number: LATEST.fetch_add(1, Relaxed) + 1,
        zeros_first,
    };
    let _ = meter
        .u64_observable_counter(name::EVENTS)
        .with_unit("{event}")
        .with_description("Good and bad events per endpoint and SLI")
        .with_callback(move |observer| mine.observe(1, |snapshot| events(snapshot, observer)))
        .build();
    let _ = meter
        .u64_observable_counter(name::CONSUMER_EVENTS)
        .with_unit("{event}")
        .with_description("Good and bad events per consumer, endpoint and SLI")
        .with_callback(move |observer| {
            mine.observe(256, |snapshot| consumer_events(snapshot, observer));
        })
        .build();
    let _ = meter
        .u64_observable_counter(name::RESULTS)
        .with_unit("{event}")
        .with_description("Events by how they ended")
        .with_callback(move |observer| mine.observe(2, |snapshot| results(snapshot, observer)))
        .build();
    let _ = meter
        .i64_observable_up_down_counter(name::IN_FLIGHT)
        .with_unit("{event}")
        .with_description("Events that started and did not end yet")
        .with_callback(move |observer| mine.observe(4, |snapshot| in_flight(snapshot, observer)))
        .build();
    let _ = meter
        .u64_observable_counter(name::UNANNOTATED)
        .with_unit("{event}")
        .with_description("Events that no annotation covers")
        .with_callback(move |observer| mine.observe(8, |snapshot| unannotated(snapshot, observer)))
        .build();
    let _ = meter
        .f64_observable_gauge(name::OBJECTIVE)
        .with_unit("1")
        .with_description("Target of each SLO as a ratio")
        .with_callback(move |observer| mine.observe(16, |snapshot| objectives(snapshot, observer)))
        .build();
    let _ = meter
        .u64_observable_gauge(name::INFO)
        .with_description("Identity and hash of each definition")
        .with_callback(move |observer| mine.observe(32, |snapshot| infos(snapshot, observer)))
        .build();
    let _ = meter
        .f64_observable_gauge(name::INTERVAL)
        .with_unit("s")
        .with_description("How often each job is expected to run")
        .with_callback(move |observer| mine.observe(64, |snapshot| intervals(snapshot, observer)))
        .build();
    let _ = meter
        .u64_observable_gauge(name::LAST_SUCCESS)
        .with_unit("s")
        .with_description("Unix time at which each job last succeeded, 0 before that")
        .with_callback(move |observer| mine.observe(128, |snapshot| successes(snapshot, observer)))
        .build();
    let _ = meter
        .f64_observable_gauge(name::START_TIME)
        .with_unit("s")
        .with_description("Unix time at which the process began to count")
        .with_callback(move |observer| {
            mine.observe(512, |_| observer.observe(process::start_time(), &[]));
        })
        .build();
}

static LATEST: AtomicU64 = AtomicU64::new(0);

/// The instruments of one call of [`register`].
#[derive(Clone, Copy)]
struct Registration {
    number: u64,
    #[cfg_attr(
        not(feature = "otlp"),
        expect(dead_code, reason = "only an exporter of ours knows what was taken")
    )]
    zeros_first: bool,
}

impl Registration {
    /// Runs a callback. A panic in one would end the reader's thread and with it all export.
    fn observe(self, instrument: u32, callback: impl FnOnce(&Snapshot)) {
        if self.number != LATEST.load(Relaxed) {
            return;
        }
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            callback(&snapshot_for(instrument, || self.collect()));
        }));
        if outcome.is_err() {
            tracing::error!("a panic while SLO counts were collected; they are missing once");
        }
    }

    fn collect(self) -> Snapshot {
        let counts = snapshot();
        #[cfg(feature = "otlp")]
        if self.zeros_first && zeros::are_due() {
            zeros::collected(!counts.is_zero());
            return counts.since(&counts);
        }
        counts
    }
}

pub(super) fn events(snapshot: &Snapshot, observer: &dyn AsyncInstrument<u64>) {
    for endpoint in snapshot.endpoints() {
        for sli in endpoint.slis() {
            let attributes = [
                KeyValue::new(name::ENDPOINT, endpoint.name()),
                KeyValue::new(name::JOURNEY, endpoint.journey()),
            ];
            outcomes(sli, &attributes, observer);
        }
    }
}

/// All series are there at 0 where there is room for them. Where there would be too many, those
/// of a consumer and an endpoint are there from their first event on.
pub(super) fn consumer_events(snapshot: &Snapshot, observer: &dyn AsyncInstrument<u64>) {
    let consumers = consumer::names();
    let has_room = series::has_room_for_all_consumers();
    let mut series = 0;
    for endpoint in snapshot.endpoints() {
        for consumer in &consumers {
            let met_with = endpoint.consumer(consumer);
            for (at, sli) in endpoint.slis().iter().enumerate() {
                let counts = match met_with {
                    Some(slis) => slis[at].counts,
                    None if has_room => Counts::default(),
                    None => continue,
                };
                let attributes = [
                    KeyValue::new(name::CONSUMER, *consumer),
                    KeyValue::new(name::ENDPOINT, endpoint.name()),
                    KeyValue::new(name::JOURNEY, endpoint.journey()),
                ];
                let sli = SliCounts {
                    counts,
                    ..sli.clone()
                };
                outcomes(&sli, &attributes, observer);
                series += 2;
            }
        }
    }
    series::warn_of_consumers(series);
}

/// The good and the bad events of an SLI.
fn outcomes<const N: usize>(
    sli: &SliCounts,
    of: &[KeyValue; N],
    observer: &dyn AsyncInstrument<u64>,
) {
    let Counts { good, bad, .. } = sli.counts;
    for (outcome, count) in [(Outcome::Good, good), (Outcome::Bad, bad)] {
        let mut attributes = Vec::with_capacity(N + 3);
        attributes.extend_from_slice(of);
        attributes.push(KeyValue::new(name::OUTCOME, outcome.as_str()));
        attributes.push(KeyValue::new(name::SLI, sli.name));
        if let Some(threshold) = sli.threshold {
            attributes.push(KeyValue::new(name::THRESHOLD, threshold.as_secs_f64()));
        }
        observer.observe(count, &attributes);
    }
}

pub(super) fn results(snapshot: &Snapshot, observer: &dyn AsyncInstrument<u64>) {
    for endpoint in snapshot.endpoints() {
        for (result, count) in endpoint.results() {
            observer.observe(
                count,
                &[
                    KeyValue::new(name::ENDPOINT, endpoint.name()),
                    KeyValue::new(name::JOURNEY, endpoint.journey()),
                    KeyValue::new(name::RESULT, result.as_str()),
                ],
            );
        }
    }
}

pub(super) fn in_flight(snapshot: &Snapshot, observer: &dyn AsyncInstrument<i64>) {
    let mut sums = BTreeMap::<_, u64>::new();
    for endpoint in snapshot.endpoints() {
        *sums.entry(endpoint.name()).or_default() += endpoint.in_flight();
    }
    for (endpoint, sum) in sums {
        let sum = i64::try_from(sum).unwrap_or(i64::MAX);
        observer.observe(sum, &[KeyValue::new(name::ENDPOINT, endpoint)]);
    }
    let unclaimed = i64::try_from(snapshot.unclaimed()).unwrap_or(i64::MAX);
    observer.observe(unclaimed, &[KeyValue::new(name::ENDPOINT, name::UNCLAIMED)]);
}

fn unannotated(snapshot: &Snapshot, observer: &dyn AsyncInstrument<u64>) {
    for (route, outcomes) in snapshot.unannotated_outcomes() {
        for (outcome, count) in [
            (Outcome::Good, outcomes.good),
            (Outcome::Bad, outcomes.bad),
            (Outcome::Excluded, outcomes.excluded),
        ] {
            let attributes = [
                KeyValue::new(name::HTTP_ROUTE, route.clone()),
                KeyValue::new(name::OUTCOME, outcome.as_str()),
            ];
            observer.observe(count, &attributes);
        }
    }
}

pub(super) fn objectives(snapshot: &Snapshot, observer: &dyn AsyncInstrument<f64>) {
    for journey in journeys(snapshot) {
        if let Some(promised) = journey.objectives_declared() {
            targets(&promised, journey, None, observer);
        }
    }
    for endpoint in snapshot.endpoints() {
        if let Some(promised) = endpoint.objectives() {
            targets(
                &promised,
                endpoint.declaration().journey,
                Some(endpoint.name()),
                observer,
            );
        }
    }
}

/// One SLO each; a journey's has no endpoint.
fn targets(
    promised: &Objectives,
    journey: Journey,
    endpoint: Option<&'static str>,
    observer: &dyn AsyncInstrument<f64>,
) {
    let availability = promised
        .availability_target()
        .map(|target| (slo_model::AVAILABILITY, target));
    let latencies = promised
        .latencies()
        .map(|latency| (latency.name(), latency.target()));
    for (sli, target) in availability.into_iter().chain(latencies) {
        let mut attributes = with_endpoint(endpoint);
        attributes.extend([
            KeyValue::new(name::JOURNEY, journey.name()),
            KeyValue::new(name::OWNER, journey.owner_declared()),
            KeyValue::new(name::SLI, sli),
            KeyValue::new(name::WINDOW, promised.window_declared().to_string()),
        ]);
        observer.observe(target.ratio().to_f64(), &attributes);
    }
}

pub(super) fn infos(snapshot: &Snapshot, observer: &dyn AsyncInstrument<u64>) {
    let info = |endpoint, hash: Arc<str>, journey: Journey, runbook| {
        let mut attributes = with_endpoint(endpoint);
        attributes.extend([
            KeyValue::new(name::HASH, hash),
            KeyValue::new(name::JOURNEY, journey.name()),
            KeyValue::new(name::RUNBOOK, runbook),
        ]);
        observer.observe(1, &attributes);
    };
    for journey in journeys(snapshot) {
        info(
            None,
            hash_text(journey_hash(&journey)),
            journey,
            journey.runbook_declared(),
        );
    }
    for endpoint in snapshot.endpoints() {
        let declaration = endpoint.declaration();
        info(
            Some(endpoint.name()),
            definition_hash(declaration),
            declaration.journey,
            declaration.runbook,
        );
    }
}

/// The hash of a definition, which is written and hashed once in a process.
fn definition_hash(declaration: &'static Declaration) -> Arc<str> {
    static KNOWN: Mutex<BTreeMap<usize, Arc<str>>> = Mutex::new(BTreeMap::new());
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let hash = known
        .entry(ptr::from_ref(declaration).addr())
        .or_insert_with(|| hash_text(endpoint_hash(declaration)));
    Arc::clone(hash)
}

fn hash_text(hash: u64) -> Arc<str> {
    format!("{hash:016x}").into()
}

/// Endpoints that are expected to run every so often.
fn jobs(snapshot: &Snapshot) -> impl Iterator<Item = (&EndpointCounts, Duration, [KeyValue; 2])> {
    snapshot.endpoints().iter().filter_map(|endpoint| {
        let attributes = [
            KeyValue::new(name::ENDPOINT, endpoint.name()),
            KeyValue::new(name::JOURNEY, endpoint.journey()),
        ];
        Some((endpoint, endpoint.declaration().every?, attributes))
    })
}

pub(super) fn intervals(snapshot: &Snapshot, observer: &dyn AsyncInstrument<f64>) {
    for (_, every, attributes) in jobs(snapshot) {
        observer.observe(every.as_secs_f64(), &attributes);
    }
}

/// A run that never happened leaves no event, but a success that grows old.
pub(super) fn successes(snapshot: &Snapshot, observer: &dyn AsyncInstrument<u64>) {
    for (job, _, attributes) in jobs(snapshot) {
        let since_epoch = |at: SystemTime| at.duration_since(UNIX_EPOCH).unwrap_or_default();
        let at = job.last_success().map(since_epoch).unwrap_or_default();
        observer.observe(at.as_secs(), &attributes);
    }
}

fn with_endpoint(endpoint: Option<&'static str>) -> Vec<KeyValue> {
    endpoint
        .map(|endpoint| KeyValue::new(name::ENDPOINT, endpoint))
        .into_iter()
        .collect()
}

/// Each journey once.
fn journeys(snapshot: &Snapshot) -> impl Iterator<Item = Journey> {
    let by_name: BTreeMap<_, _> = snapshot
        .endpoints()
        .iter()
        .map(|endpoint| (endpoint.journey(), endpoint.declaration().journey))
        .collect();
    by_name.into_values()
}
