//! Start of the export.

use crate::{Guard, clock, durations, export};
use opentelemetry::metrics::{Meter, MeterProvider};
use std::{fmt, thread, time::Duration};

/// Starts the export over OTLP as the standard `OTEL_*` variables say, to
/// `http://localhost:4318` if they are silent.
///
/// The first export follows at once, with every series at 0. Keep the guard until the
/// program ends: dropping it flushes and stops. Without `OTEL_SERVICE_NAME` the service is
/// called like its executable.
///
/// ```no_run
/// fn main() -> Result<(), slo_sdk::InitError> {
///     let _slo = slo_sdk::init()?;
///     // serve …
///     Ok(())
/// }
/// ```
///
/// # Where and when
/// - Inside an async runtime, outside of one, before one: the export has threads of its own
///   and outlives every runtime. A tokio runtime may be dropped, or a second one started.
/// - A signal that ends the process runs no destructor. Let `SIGTERM` end the server
///   gracefully and `main` return: what ended until then is in the last export.
/// - After a `fork`, not before it: a child has the parent's counts and none of its threads, so
///   its guard can do nothing ([`FlushError::Forked`](crate::FlushError::Forked)). A child
///   may call `init` itself; its cumulative counts then have what its parent counted before
///   the fork as well, so give it a name of its own.
/// - Again, once the guard was dropped: the counts go on. What is counted after the last
///   guard was dropped is in `snapshot()` and in the next guard's exports, or in none.
/// - Durations come from a monotonic clock, so a step of the wall clock makes none longer
///   or negative. Only `slo.last_success` and the timestamps of exports are wall-clock times.
///
/// # A collector that fails
/// No event ever waits for one. That exports fail is said once as a warning of `tracing`,
/// and once when they work again; [`export_health`](crate::export_health) says it at any
/// time. An export is tried up to four times, the last begun within
/// `OTEL_EXPORTER_OTLP_TIMEOUT`; meanwhile no other piles up behind it.
/// - With cumulative temporality, the default, nothing is lost: each export brings all
///   counts since the process started.
/// - With `OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE=delta` an export that fails
///   loses its events. They are counted in `slo.lost`. Where the answer was lost and not the
///   export, they may have arrived all the same, or twice if it was tried again: no delta is
///   exact over a bad network. A guard after the first one exports what is counted from its
///   first collection on.
///
/// # Errors
/// See [`InitError`].
#[cfg(feature = "otlp")]
pub fn init() -> Result<Guard, InitError> {
    builder().init()
}

/// Settings of the export, where the environment does not decide or an application has a
/// meter provider already.
///
/// ```
/// use opentelemetry_sdk::metrics::SdkMeterProvider;
///
/// let provider = SdkMeterProvider::builder().build();
/// let guard = slo_sdk::builder().meter_provider(&provider).init()?;
/// # drop(guard);
/// # Ok::<(), slo_sdk::InitError>(())
/// ```
pub fn builder() -> Builder {
    Builder {
        meter: None,
        durations: None,
        shutdown_timeout: Duration::from_secs(2),
        #[cfg(feature = "otlp")]
        settings: export::otlp::Settings::default(),
    }
}

/// See [`builder`].
#[derive(Debug)]
#[must_use = "nothing is exported before `init`"]
pub struct Builder {
    meter: Option<Meter>,
    /// Nothing where the exporter decides.
    durations: Option<bool>,
    shutdown_timeout: Duration,
    #[cfg(feature = "otlp")]
    settings: export::otlp::Settings,
}

impl Builder {
    /// Exports through a provider the application has and shuts down itself. Flush it once
    /// at the start, so that the zeros are there before the first event; and with 200
    /// endpoints or more give it [`Builder::view`].
    pub fn meter_provider(mut self, provider: &(impl MeterProvider + ?Sized)) -> Builder {
        let scope = opentelemetry::InstrumentationScope::builder("slo-sdk")
            .with_version(env!("CARGO_PKG_VERSION"))
            .build();
        self.meter = Some(provider.meter_with_scope(scope));
        self
    }

    /// A view for a meter provider the application has, which makes room for all series.
    ///
    /// The SDK tells 2,000 series of an instrument apart, and 200 endpoints have as many of
    /// `slo.results`. The counts of all others are lost. [`init`](Builder::init) warns where
    /// that would happen; a provider that it makes itself has the view.
    ///
    /// ```
    /// use opentelemetry_sdk::metrics::SdkMeterProvider;
    ///
    /// let provider = SdkMeterProvider::builder().with_view(slo_sdk::Builder::view).build();
    /// let guard = slo_sdk::builder().meter_provider(&provider).init()?;
    /// # drop(guard);
    /// # Ok::<(), slo_sdk::InitError>(())
    /// ```
    #[cfg(feature = "otlp")]
    pub fn view(
        instrument: &opentelemetry_sdk::metrics::Instrument,
    ) -> Option<opentelemetry_sdk::metrics::Stream> {
        export::room_for_all(instrument)
    }

    /// Whether it is measured how long events take, for `slo.duration` and
    /// [`EndpointCounts::durations`](crate::EndpointCounts::durations).
    ///
    /// By default it is where [`init`](Builder::init) makes the provider and exports with
    /// http/protobuf. The provider of an application has no place for a histogram that is
    /// counted elsewhere; switched on all the same, the durations are in
    /// [`snapshot()`](crate::snapshot()) only.
    ///
    /// Measuring begins with the first `init` that asks for it and lasts to the end of the
    /// process. Events before that are not in it, and it is not exported where
    /// `OTEL_EXPORTER_OTLP_COMPRESSION` compresses.
    ///
    /// A thread keeps about 200 bytes for each endpoint that it serves: eight for each boundary,
    /// and every latency threshold of the process is one.
    pub fn durations(mut self, measured: bool) -> Builder {
        self.durations = Some(measured);
        self
    }

    /// How long the end of the program may wait for a last export; 2 s by default.
    pub fn shutdown_timeout(mut self, timeout: Duration) -> Builder {
        self.shutdown_timeout = timeout;
        self
    }

    /// Calls the service by this name, whatever `OTEL_SERVICE_NAME` says.
    #[cfg(feature = "otlp")]
    pub fn service_name(mut self, name: impl Into<String>) -> Builder {
        self.settings.service_name = Some(name.into());
        self
    }

    /// Exports to this collector, whatever `OTEL_EXPORTER_OTLP_ENDPOINT` says; as there, the
    /// address without `/v1/metrics`.
    #[cfg(feature = "otlp")]
    pub fn endpoint(mut self, url: impl Into<String>) -> Builder {
        self.settings.endpoint = Some(url.into());
        self
    }

    /// Exports this often, whatever `OTEL_METRIC_EXPORT_INTERVAL` says; 60 s by default.
    #[cfg(feature = "otlp")]
    pub fn export_interval(mut self, interval: Duration) -> Builder {
        self.settings.export_interval = Some(interval);
        self
    }

    /// How long an export may take, whatever `OTEL_EXPORTER_OTLP_TIMEOUT` says; 10 s by
    /// default.
    #[cfg(feature = "otlp")]
    pub fn export_timeout(mut self, timeout: Duration) -> Builder {
        self.settings.export_timeout = Some(timeout);
        self
    }

    /// Starts the export.
    ///
    /// # Errors
    /// See [`InitError`].
    pub fn init(self) -> Result<Guard, InitError> {
        // On first use, otherwise, which is a request's.
        clock::calibrate();
        let guard = Guard::claim(self.shutdown_timeout).ok_or(InitError::AlreadyInitialized)?;
        if cfg!(feature = "off") {
            return Ok(guard);
        }
        if let Some(meter) = self.meter {
            if self.durations == Some(true) {
                durations::switch_on();
            }
            #[cfg(feature = "otlp")]
            let has_room = export::was_asked(|| export::register(&meter));
            #[cfg(not(feature = "otlp"))]
            let has_room = {
                export::register(&meter);
                false
            };
            if !has_room {
                warn_if_series_are_lost();
            }
            warn_if_nobody_collects();
            return Ok(guard);
        }
        // From here on an early return drops the guard, which allows another try.
        #[cfg(feature = "otlp")]
        {
            if export::otlp::is_disabled() {
                tracing::info!("OTEL_SDK_DISABLED or OTEL_METRICS_EXPORTER: no SLO metrics");
                return Ok(guard);
            }
            let provider = export::otlp::provider(self.settings, self.durations)?;
            tracing::info!(
                endpoints = crate::endpoint_count(),
                "SLO counts are exported over OTLP"
            );
            export_zeros(provider.clone());
            Ok(guard.of(provider))
        }
        #[cfg(not(feature = "otlp"))]
        {
            drop(guard);
            Err(InitError::NoExporter)
        }
    }
}

/// Exports at once, so that the zeros are there before the first event: to whoever computes
/// an increase, a series that starts at 7 has not increased.
#[cfg(feature = "otlp")]
fn export_zeros(provider: opentelemetry_sdk::metrics::SdkMeterProvider) {
    let spawned = thread::Builder::new().name("slo-zeros".to_owned()).spawn(move || {
        if let Err(error) = provider.force_flush() {
            // Why it failed was said by the exporter.
            tracing::debug!(%error, "the first SLO metrics were not exported; the next export follows");
        }
    });
    if let Err(error) = spawned {
        tracing::debug!(%error, "no thread for the first export of SLO metrics");
    }
}

/// A provider that does nothing, such as the global one before it is set, looks like any
/// other. What tells it apart is that it never asks for the counts.
fn warn_if_nobody_collects() {
    const PATIENCE: Duration = Duration::from_secs(150);
    let before = export::collections();
    let spawned = thread::Builder::new()
        .name("slo-watch".to_owned())
        .spawn(move || {
            thread::sleep(PATIENCE);
            if export::collections() == before {
                tracing::warn!(
                    "nobody collected SLO metrics for {PATIENCE:?}: the meter provider given to \
                 slo_sdk::builder() has no reader, or is the global one from before it was set"
                );
            }
        });
    if let Err(error) = spawned {
        tracing::debug!(%error, "no thread to watch the meter provider");
    }
}

/// Whatever limit an application's provider has, the SDK does not tell.
fn warn_if_series_are_lost() {
    const WAY_OUT: &str = if cfg!(feature = "otlp") {
        "build the provider with `.with_view(slo_sdk::Builder::view)`"
    } else {
        "give the provider a view that raises the limit"
    };
    if let Some((instrument, series)) = export::beyond_usual() {
        tracing::warn!(
            instrument,
            series,
            "the meter provider given to slo_sdk::builder() tells 2,000 series of an instrument \
             apart, unless a view says otherwise; counts beyond are lost: {WAY_OUT}"
        );
    }
}

/// Why the export could not start.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InitError {
    /// It was started before and its guard still lives.
    AlreadyInitialized,
    /// The exporter could not be made from these settings.
    Exporter(String),
    /// A protocol this build can't speak.
    Protocol(String),
    /// An address that wants TLS, in a build without it.
    NoTls(String),
    /// The crate was built without an exporter and no meter provider was given.
    NoExporter,
}

impl fmt::Display for InitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            InitError::AlreadyInitialized => f.write_str(
                "slo-sdk is initialized already; keep the first guard and do it once in `main`",
            ),
            InitError::Exporter(why) => write!(
                f,
                "the OTLP exporter can't be made: {why}; check the OTEL_EXPORTER_OTLP_* variables"
            ),
            InitError::Protocol(protocol) => write!(
                f,
                "OTEL_EXPORTER_OTLP_PROTOCOL is `{protocol}`; this build speaks `http/protobuf`{}",
                if cfg!(feature = "otlp-grpc") {
                    " and `grpc`"
                } else {
                    ", and `grpc` with the feature `otlp-grpc` of slo-sdk"
                }
            ),
            InitError::NoTls(url) => write!(
                f,
                "the collector's address is {url}; https needs the feature `otlp-tls` of slo-sdk"
            ),
            InitError::NoExporter => f.write_str(
                "nothing to export with: give a meter provider to `slo_sdk::builder()`, \
                 or switch on the feature `otlp` of slo-sdk",
            ),
        }
    }
}

impl std::error::Error for InitError {}
