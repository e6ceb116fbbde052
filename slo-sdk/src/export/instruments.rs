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
    metrics::{AsyncInstrument, AsyncInstrumentBuilder, Meter},
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

/// An instrument of the contract.
pub(super) struct Instrument {
    pub(super) name: &'static str,
    /// As in UCUM; empty where there is none.
    pub(super) unit: &'static str,
    pub(super) description: &'static str,
    /// True where it has more series with each endpoint.
    pub(super) grows: bool,
    pub(super) kind: Kind,
}

/// What an instrument is, and how it is observed.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Counter(Observe<u64>),
    UpDownCounter(Observe<i64>),
    Gauge(Observe<f64>),
    WholeGauge(Observe<u64>),
}

/// Hands each series of an instrument to an observer.
type Observe<T> = fn(&Snapshot, &dyn AsyncInstrument<T>);

/// All of them but `slo.duration`, which no SDK observes.
pub(super) const ALL: [Instrument; 10] = [
    Instrument {
        name: name::EVENTS,
        unit: "{event}",
        description: "Good and bad events per endpoint and SLI",
        grows: true,
        kind: Kind::Counter(events),
    },
    Instrument {
        name: name::CONSUMER_EVENTS,
        unit: "{event}",
        description: "Good and bad events per consumer, endpoint and SLI",
        grows: true,
        kind: Kind::Counter(consumer_events),
    },
    Instrument {
        name: name::RESULTS,
        unit: "{event}",
        description: "Events by how they ended",
        grows: true,
        kind: Kind::Counter(results),
    },
    Instrument {
        name: name::IN_FLIGHT,
        unit: "{event}",
        description: "Events that started and did not end yet",
        grows: true,
        kind: Kind::UpDownCounter(in_flight),
    },
    Instrument {
        name: name::UNANNOTATED,
        unit: "{event}",
        description: "Events that no annotation covers",
        // They have a limit of their own.
        grows: false,
        kind: Kind::Counter(unannotated),
    },
    Instrument {
        name: name::OBJECTIVE,
        unit: "1",
        description: "Target of each SLO as a ratio",
        grows: true,
        kind: Kind::Gauge(objectives),
    },
    Instrument {
        name: name::INFO,
        unit: "",
        description: "Identity and hash of each definition",
        grows: true,
        kind: Kind::WholeGauge(infos),
    },
    Instrument {
        name: name::INTERVAL,
        unit: "s",
        description: "How often each job is expected to run",
        grows: true,
        kind: Kind::Gauge(intervals),
    },
    Instrument {
        name: name::LAST_SUCCESS,
        unit: "s",
        description: "Unix time at which each job last succeeded, 0 before that",
        grows: true,
        kind: Kind::WholeGauge(successes),
    },
    Instrument {
        name: name::START_TIME,
        unit: "s",
        description: "Unix time at which the process began to count",
        grows: false,
        kind: Kind::Gauge(start_time),
    },
];

impl Instrument {
    /// Hands each series to an observer of any value.
    pub(super) fn observe<O>(&self, snapshot: &Snapshot, observer: &O)
    where
        O: AsyncInstrument<u64> + AsyncInstrument<i64> + AsyncInstrument<f64>,
    {
        match self.kind {
            Kind::Counter(observe) | Kind::WholeGauge(observe) => observe(snapshot, observer),
            Kind::UpDownCounter(observe) => observe(snapshot, observer),
            Kind::Gauge(observe) => observe(snapshot, observer),
        }
    }
}

/// Creates the instruments in a meter. They live as long as its provider, but only those
/// registered last observe anything: two callbacks for one series would overwrite each other.
///
/// Their counters start at 0 where `zeros_first`, until an export of the process was taken.
pub(crate) fn register(meter: &Meter, zeros_first: bool) {
    let mine = Registration {
        number: LATEST.fetch_add(1, Relaxed) + 1,
        zeros_first,
    };
    for (place, instrument) in ALL.iter().enumerate() {
        let bit = 1 << place;
        match instrument.kind {
            Kind::Counter(observe) => {
                let builder = meter.u64_observable_counter(instrument.name);
                let _ = described(builder, instrument, mine.callback(bit, observe)).build();
            }
            Kind::UpDownCounter(observe) => {
                let builder = meter.i64_observable_up_down_counter(instrument.name);
                let _ = described(builder, instrument, mine.callback(bit, observe)).build();
            }
            Kind::Gauge(observe) => {
                let builder = meter.f64_observable_gauge(instrument.name);
                let _ = described(builder, instrument, mine.callback(bit, observe)).build();
            }
            Kind::WholeGauge(observe) => {
                let builder = meter.u64_observable_gauge(instrument.name);
                let _ = described(builder, instrument, mine.callback(bit, observe)).build();
            }
        }
    }
}

/// Says what an instrument is and how it is observed.
fn described<'a, I, M>(
    builder: AsyncInstrumentBuilder<'a, I, M>,
    instrument: &Instrument,
    callback: impl Fn(&dyn AsyncInstrument<M>) + Send + Sync + 'static,
) -> AsyncInstrumentBuilder<'a, I, M> {
    let builder = builder
        .with_description(instrument.description)
        .with_callback(callback);
    match instrument.unit {
        "" => builder,
        unit => builder.with_unit(unit),
    }
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

    fn callback<T: 'static>(
        self,
        bit: u32,
        observe: Observe<T>,
    ) -> impl Fn(&dyn AsyncInstrument<T>) + Send + Sync + 'static {
        move |observer| self.observe(bit, |snapshot| observe(snapshot, observer))
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

fn events(snapshot: &Snapshot, observer: &dyn AsyncInstrument<u64>) {
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
fn consumer_events(snapshot: &Snapshot, observer: &dyn AsyncInstrument<u64>) {
    if snapshot.hides_consumers() {
        return;
    }
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

fn results(snapshot: &Snapshot, observer: &dyn AsyncInstrument<u64>) {
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

fn in_flight(snapshot: &Snapshot, observer: &dyn AsyncInstrument<i64>) {
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

fn objectives(snapshot: &Snapshot, observer: &dyn AsyncInstrument<f64>) {
    for journey in journeys(snapshot) {
        if let Some(promised) = journey.get_objectives() {
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
        .get_availability()
        .map(|target| (slo_model::AVAILABILITY, target));
    let latencies = promised
        .latencies()
        .map(|latency| (latency.name(), latency.target()));
    for (sli, target) in availability.into_iter().chain(latencies) {
        let mut attributes = with_endpoint(endpoint);
        attributes.extend([
            KeyValue::new(name::JOURNEY, journey.name()),
            KeyValue::new(name::SLI, sli),
            KeyValue::new(name::WINDOW, promised.get_window().to_string()),
        ]);
        attributes.extend(if_written(name::OWNER, journey.get_owner()));
        observer.observe(target.ratio().to_f64(), &attributes);
    }
}

fn infos(snapshot: &Snapshot, observer: &dyn AsyncInstrument<u64>) {
    let info = |endpoint, hash: Arc<str>, journey: Journey, runbook| {
        let mut attributes = with_endpoint(endpoint);
        attributes.extend([
            KeyValue::new(name::HASH, hash),
            KeyValue::new(name::JOURNEY, journey.name()),
        ]);
        attributes.extend(if_written(name::RUNBOOK, runbook));
        observer.observe(1, &attributes);
    };
    for journey in journeys(snapshot) {
        info(
            None,
            hash_text(journey_hash(&journey)),
            journey,
            journey.get_runbook(),
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

/// An attribute that has a value. Thanos refuses an export that holds an empty one, and none of its counts
/// would ever arrive.
fn if_written(name: &'static str, value: &'static str) -> Option<KeyValue> {
    (!value.is_empty()).then(|| KeyValue::new(name, value))
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

fn intervals(snapshot: &Snapshot, observer: &dyn AsyncInstrument<f64>) {
    for (_, every, attributes) in jobs(snapshot) {
        observer.observe(every.as_secs_f64(), &attributes);
    }
}

/// A run that never happened leaves no event, but a success that grows old.
fn successes(snapshot: &Snapshot, observer: &dyn AsyncInstrument<u64>) {
    for (job, _, attributes) in jobs(snapshot) {
        let since_epoch = |at: SystemTime| at.duration_since(UNIX_EPOCH).unwrap_or_default();
        let at = job.last_success().map(since_epoch).unwrap_or_default();
        observer.observe(at.as_secs(), &attributes);
    }
}

fn start_time(_: &Snapshot, observer: &dyn AsyncInstrument<f64>) {
    observer.observe(process::start_time(), &[]);
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
