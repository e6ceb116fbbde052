//! What looks wrong only after a while: a thread that sleeps looks then, and says it once.
//!
//! No event pays for it: the threads are started where the export starts or ends, and with a
//! process's first event if nothing was started before.

use crate::{notice, snapshot};
use std::{
    sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    thread,
    time::Duration,
};

/// How long a program may take to make its layers.
const PATIENCE_LAYER: Duration = Duration::from_secs(10);
/// How long events may be counted before somebody starts the export.
const PATIENCE_INIT: Duration = Duration::from_secs(30);
/// How long a provider may take to ask for the counts: more than twice the usual interval.
const PATIENCE_COLLECTION: Duration = Duration::from_secs(150);
/// When it is looked whether events go on after the last guard.
const AFTER_THE_END: [Duration; 3] = [
    Duration::from_secs(1),
    Duration::from_secs(9),
    Duration::from_secs(50),
];

/// True once an export was to start, whatever came of it.
static STARTED: AtomicBool = AtomicBool::new(false);
/// True once a layer was made.
static LAYERED: AtomicBool = AtomicBool::new(false);
/// How many exports were started so far.
static STARTS: AtomicU64 = AtomicU64::new(0);

/// For authors of layers: says that this program has one. Where endpoints with a `route` are
/// never layered, a warning says so.
pub fn layer_made() {
    crate::process::began();
    LAYERED.store(true, Relaxed);
}

/// For authors of layers: says that a layer stands in a router of axum and was built without the
/// part that sees which route matched.
#[cold]
pub fn layer_is_blind_to_axum() {
    static SAID: AtomicBool = AtomicBool::new(false);
    if !SAID.swap(true, Relaxed) {
        notice::warn(format_args!(
            "SloLayer stands in an axum Router and can't see which route matched: requests that \
             are refused before their handler runs are counted for nobody; switch on the feature \
             `axum` of slo-tower"
        ));
    }
}

/// Nobody has to be told that nothing is exported: the export starts, or somebody reads the
/// counts otherwise, as tests do.
pub(crate) fn is_attended() {
    STARTED.store(true, Relaxed);
}

/// An export started.
pub(crate) fn started() {
    is_attended();
    STARTS.fetch_add(1, Relaxed);
    if routes() > 0 && !LAYERED.load(Relaxed) {
        after(PATIENCE_LAYER, warn_if_unlayered);
    }
}

/// The process counts its first event.
#[cold]
pub(crate) fn first_event() {
    static ONCE: AtomicBool = AtomicBool::new(false);
    // Under miri no thread may outlive `main`.
    if cfg!(miri) || STARTED.load(Relaxed) || ONCE.swap(true, Relaxed) {
        return;
    }
    after(PATIENCE_INIT, warn_if_not_started);
}

/// The guard of an export that ran is gone.
pub(crate) fn ended() {
    let (starts, counted) = (STARTS.load(Relaxed), counted());
    let look = move || {
        for patience in AFTER_THE_END {
            thread::sleep(patience);
            if STARTS.load(Relaxed) != starts {
                return;
            }
            let more = self::counted() - counted;
            if more > 0 {
                notice::warn(format_args!(
                    "the guard of slo_sdk::init() was dropped before {} that nothing exports: write \
                     `let _slo = slo_sdk::init();` in `main`, not `let _ =`",
                    notice::counted(more, "event"),
                ));
                return;
            }
        }
    };
    spawn(look);
}

/// An application's own provider is to ask for the counts.
pub(crate) fn expects_collections() {
    let before = crate::export::collections();
    after(PATIENCE_COLLECTION, move || warn_if_not_collected(before));
}

fn warn_if_not_collected(before: u64) {
    if crate::export::collections() == before {
        notice::warn(format_args!(
            "nobody collected SLO metrics for {PATIENCE_COLLECTION:?}: the meter provider given \
             to slo_sdk::builder() has no reader, or is the global one from before it was set"
        ));
    }
}

fn warn_if_unlayered() {
    if LAYERED.load(Relaxed) {
        return;
    }
    let routes = routes();
    notice::warn(format_args!(
        "there is no SloLayer for {} with a `route`: what requests are answered is not seen; add \
         `.layer(slo_tower::SloLayer::new())` to the router or server",
        notice::counted(routes, "endpoint"),
    ));
}

fn warn_if_not_started() {
    let counted = counted();
    if !STARTED.load(Relaxed) && counted > 0 {
        notice::warn(format_args!(
            "slo_sdk::init() was not called, and nothing exports the counts of {} so far: write \
             `let _slo = slo_sdk::init();` in `main`",
            notice::counted(counted, "event"),
        ));
    }
}

/// Endpoints whose requests come through a layer.
fn routes() -> u64 {
    let endpoints = crate::registry::endpoints();
    let with_route = endpoints
        .iter()
        .filter(|endpoint| endpoint.declaration().route.is_some());
    with_route.count() as u64
}

/// Events that have ended.
fn counted() -> u64 {
    let snapshot = snapshot();
    snapshot
        .endpoints()
        .iter()
        .map(crate::EndpointCounts::ended)
        .sum()
}

fn after(patience: Duration, look: impl FnOnce() + Send + 'static) {
    spawn(move || {
        thread::sleep(patience);
        look();
    });
}

fn spawn(look: impl FnOnce() + Send + 'static) {
    if let Err(error) = thread::Builder::new()
        .name("slo-watch".to_owned())
        .spawn(look)
    {
        tracing::debug!(%error, "no thread to look whether SLO counts are exported");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, Mutex};
    use tracing_subscriber::fmt::MakeWriter;

    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl std::io::Write for Written {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    impl<'a> MakeWriter<'a> for Written {
        type Writer = Written;

        fn make_writer(&'a self) -> Written {
            self.clone()
        }
    }

    #[test]
    fn a_provider_that_does_nothing_is_told() {
        let written = Written::default();
        let subscriber = tracing_subscriber::fmt()
            .with_writer(written.clone())
            .finish();
        tracing::subscriber::with_default(subscriber, || {
            let before = crate::export::collections();
            // Nobody set a global one, so this one takes everything and hands nothing on.
            let provider = opentelemetry::global::meter_provider();
            let guard = crate::builder().meter_provider(&*provider).init();
            warn_if_not_collected(before);
            // One with a reader asks for the counts.
            drop(guard);
            let exporter = opentelemetry_sdk::metrics::InMemoryMetricExporter::default();
            let provider = opentelemetry_sdk::metrics::SdkMeterProvider::builder()
                .with_periodic_exporter(exporter)
                .build();
            let _guard = crate::builder().meter_provider(&provider).init();
            provider.force_flush().unwrap();
            warn_if_not_collected(before);
        });
        let text = String::from_utf8(written.0.lock().unwrap().clone()).unwrap();
        let warnings: Vec<_> = text.lines().filter(|line| line.contains("WARN")).collect();
        assert_eq!(warnings.len(), 1, "{text}");
        assert!(
            warnings[0].contains(
                "nobody collected SLO metrics for 150s: the meter provider given to \
                 slo_sdk::builder() has no reader, or is the global one from before it was set"
            ),
            "{text}"
        );
    }
}
