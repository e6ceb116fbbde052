//! How many series each instrument has, and room for all of them.
//!
//! The SDK tells 2,000 series of an instrument apart. Of an observable counter, as ours are,
//! the others are not even summed: one series with `otel.metric.overflow` holds whatever was
//! observed last. With ten results, 200 endpoints fill `slo.results`.

use super::{
    attributes as name,
    instruments::{ALL, Instrument},
};
use crate::{Snapshot, consumer, registry::endpoint_count, snapshot};
use opentelemetry::{KeyValue, metrics::AsyncInstrument};
use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed},
};

/// The SDK's limit where no view says otherwise.
const DEFAULT_MAX_SERIES: usize = 2000;

/// The instrument that has more series than the SDK tells apart by itself, and how many; the
/// one with most of them.
pub(crate) fn beyond_usual() -> Option<(&'static str, usize)> {
    growing()
        .map(|instrument| (instrument.name, count(instrument.name)))
        .filter(|(_, series)| *series > DEFAULT_MAX_SERIES)
        .max_by_key(|(_, series)| *series)
}

/// The limit that an instrument needs; `None` if the usual one will do. It is no larger
/// than that: the SDK makes room for all of it at once.
#[cfg(feature = "otlp")]
pub(super) fn limit(instrument: &str) -> Option<usize> {
    let Instrument {
        name: instrument, ..
    } = *growing().find(|growing| growing.name == instrument)?;
    let series = count(instrument);
    if instrument == name::CONSUMER_EVENTS {
        ROOM.store(series.max(DEFAULT_MAX_SERIES), Relaxed);
    }
    (series > DEFAULT_MAX_SERIES).then_some(series)
}

/// True where each consumer that is told apart can have series with each endpoint, without a
/// provider that makes room for them.
pub(super) fn has_room_for_all_consumers() -> bool {
    (1..=DEFAULT_MAX_SERIES).contains(&count(name::CONSUMER_EVENTS))
}

/// Series of `slo.consumer.events` that there is room for: the limit is fixed when the
/// instrument is made, and layers may tell more consumers apart later.
static ROOM: AtomicUsize = AtomicUsize::new(DEFAULT_MAX_SERIES);

/// Says once that so many series of `slo.consumer.events` are more than there is room for.
pub(super) fn warn_of_consumers(series: usize) {
    static SAID: AtomicBool = AtomicBool::new(false);
    let room = ROOM.load(Relaxed);
    if series > room && !SAID.swap(true, Relaxed) {
        tracing::warn!(
            series,
            room,
            "slo.consumer.events has more series than the meter provider may tell apart, and \
             counts beyond are lost: make the layers that tell consumers apart before \
             slo_sdk::init()"
        );
    }
}

/// How many series an instrument has.
fn count(instrument: &str) -> usize {
    if instrument == name::CONSUMER_EVENTS {
        // All that could ever be. Where nobody tells consumers apart, there are none.
        return match consumer::names().len() {
            1 => 0,
            everyone => everyone * count(name::EVENTS),
        };
    }
    let place = ALL.iter().position(|known| known.name == instrument);
    place.map_or(0, |place| counted()[place])
}

/// How many series each of the instruments has, counted again where there are more endpoints.
fn counted() -> [usize; ALL.len()] {
    static LATEST: Mutex<Option<(usize, [usize; ALL.len()])>> = Mutex::new(None);
    // Read first: an endpoint that comes meanwhile is counted the next time at the latest.
    let endpoints = endpoint_count();
    let mut latest = LATEST.lock().unwrap_or_else(PoisonError::into_inner);
    match *latest {
        Some((of, series)) if of == endpoints => series,
        _ => {
            let snapshot = snapshot();
            let series = ALL
                .each_ref()
                .map(|instrument| observed(instrument, &snapshot));
            *latest = Some((endpoints, series));
            series
        }
    }
}

/// How many series an instrument observes: it is asked, if they are counted here.
fn observed(instrument: &Instrument, snapshot: &Snapshot) -> usize {
    let counter = Counter::default();
    if instrument.grows && instrument.name != name::CONSUMER_EVENTS {
        instrument.observe(snapshot, &counter);
    }
    counter.0.into_inner()
}

/// The instruments whose series grow with the endpoints.
fn growing() -> impl Iterator<Item = &'static Instrument> {
    ALL.iter().filter(|instrument| instrument.grows)
}

/// Counts what is observed.
#[derive(Default)]
struct Counter(AtomicUsize);

impl<T> AsyncInstrument<T> for Counter {
    fn observe(&self, _: T, _: &[KeyValue]) {
        self.0.fetch_add(1, Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_instrument_that_grows_is_counted() {
        static ENDPOINT: &crate::Endpoint = {
            const JOURNEY: slo_model::Journey = slo_model::Journey::new("series")
                .objectives(slo_model::Objectives::new().availability(99.0));
            static DECLARATION: slo_model::Declaration =
                slo_model::Declaration::new("series", JOURNEY);
            static ENDPOINT: crate::Endpoint = crate::Endpoint::new(&DECLARATION);
            &ENDPOINT
        };
        ENDPOINT.event().good();
        for instrument in growing().map(|instrument| instrument.name) {
            if instrument == name::CONSUMER_EVENTS {
                continue;
            }
            let is_of_jobs = [name::INTERVAL, name::LAST_SUCCESS].contains(&instrument);
            let series = count(instrument);
            assert!(is_of_jobs || series > 0, "{instrument}");
            assert!(series <= DEFAULT_MAX_SERIES, "{instrument}: {series}");
        }
        assert_eq!(beyond_usual(), None);
    }
}
