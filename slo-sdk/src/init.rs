//! Start of the export, and its end within a bound.

use crate::export;
use opentelemetry::metrics::{Meter, MeterProvider};
use std::{
    fmt,
    sync::atomic::{AtomicBool, Ordering::SeqCst},
    thread,
    time::Duration,
};

static ACTIVE: AtomicBool = AtomicBool::new(false);

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
    shutdown_timeout: Duration,
    #[cfg(feature = "otlp")]
    settings: export::otlp::Settings,
}

impl Builder {
    /// Exports through a provider the application has and shuts down itself. Flush it once
    /// at the start, so that the zeros are there before the first event; and give it a view
    /// that raises the cardinality limit of `slo.*` where more than 150 endpoints share the
    /// SDK's default of 2,000 series.
    pub fn meter_provider(mut self, provider: &impl MeterProvider) -> Builder {
        let scope = opentelemetry::InstrumentationScope::builder("slo-sdk")
            .with_version(env!("CARGO_PKG_VERSION"))
            .build();
        self.meter = Some(provider.meter_with_scope(scope));
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

    /// Starts the export.
    ///
    /// # Errors
    /// See [`InitError`].
    pub fn init(self) -> Result<Guard, InitError> {
        // The clock calibrates itself on first use, which should not be a request's.
        let _ = quanta::Instant::now();
        if ACTIVE.swap(true, SeqCst) {
            return Err(InitError::AlreadyInitialized);
        }
        let mut guard = Guard {
            shutdown_timeout: self.shutdown_timeout,
            #[cfg(feature = "otlp")]
            provider: None,
        };
        if let Some(meter) = self.meter {
            export::register(&meter);
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
            let provider = export::otlp::provider(self.settings)?;
            export::register(&provider.meter("slo-sdk"));
            tracing::info!(
                endpoints = crate::endpoint_count(),
                "SLO counts are exported over OTLP"
            );
            export_zeros(provider.clone());
            guard.provider = Some(provider);
            Ok(guard)
        }
        #[cfg(not(feature = "otlp"))]
        {
            guard.shutdown_timeout = Duration::ZERO;
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
            tracing::warn!(%error, "the first SLO metrics were not exported; the next export follows");
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

/// Flushes and stops the export when dropped, within the bound set by
/// [`Builder::shutdown_timeout`] even against a collector that accepts and never answers.
#[derive(Debug)]
#[must_use = "dropping the guard stops the export"]
pub struct Guard {
    shutdown_timeout: Duration,
    #[cfg(feature = "otlp")]
    provider: Option<opentelemetry_sdk::metrics::SdkMeterProvider>,
}

impl Guard {
    /// Exports now and waits for it, at most as long as [`Builder::shutdown_timeout`].
    ///
    /// Does nothing where the application owns the provider.
    ///
    /// # Errors
    /// See [`FlushError`].
    pub fn flush(&self) -> Result<(), FlushError> {
        #[cfg(feature = "otlp")]
        if let Some(provider) = self.provider.clone() {
            return bounded(self.shutdown_timeout, move || provider.force_flush());
        }
        Ok(())
    }

    #[cfg(feature = "otlp")]
    fn stop(&mut self) -> Result<(), FlushError> {
        match self.provider.take() {
            Some(provider) => bounded(self.shutdown_timeout, move || provider.shutdown()),
            None => Ok(()),
        }
    }

    #[cfg(not(feature = "otlp"))]
    #[expect(
        clippy::unused_self,
        clippy::unnecessary_wraps,
        reason = "the feature's other side"
    )]
    fn stop(&mut self) -> Result<(), FlushError> {
        Ok(())
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        if let Err(error) = self.stop() {
            tracing::warn!(%error, "the last SLO metrics were not exported");
        }
        ACTIVE.store(false, SeqCst);
    }
}

/// Runs an export elsewhere and waits for it no longer than the bound: the SDK's own limits
/// are longer, and it does not keep them against a collector that never answers.
#[cfg(feature = "otlp")]
fn bounded(
    timeout: Duration,
    export: impl FnOnce() -> opentelemetry_sdk::error::OTelSdkResult + Send + 'static,
) -> Result<(), FlushError> {
    let (done, wait) = std::sync::mpsc::channel();
    let failed = |error: &dyn fmt::Display| FlushError::Failed(error.to_string());
    thread::Builder::new()
        .name("slo-flush".to_owned())
        .spawn(move || {
            // Nobody listens any more after the bound.
            let _ = done.send(export());
        })
        .map_err(|error| failed(&error))?;
    match wait.recv_timeout(timeout) {
        Ok(result) => result.map_err(|error| failed(&error)),
        Err(_) => Err(FlushError::TimedOut(timeout)),
    }
}

/// Why an export did not happen.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FlushError {
    /// The collector did not answer within the bound.
    TimedOut(Duration),
    /// The collector could not be reached, or refused.
    Failed(String),
}

impl fmt::Display for FlushError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FlushError::TimedOut(bound) => {
                write!(f, "the collector did not answer within {bound:?}")
            }
            FlushError::Failed(why) => write!(f, "the export failed: {why}"),
        }
    }
}

impl std::error::Error for FlushError {}

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
