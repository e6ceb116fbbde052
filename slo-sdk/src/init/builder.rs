//! Settings of the export, and its start.

use super::{InitError, names};
#[cfg(feature = "otlp")]
use crate::export::settings::Wanted;
use crate::{
    Guard, clock,
    count::durations,
    event_log::{self, Sink},
    export, notice, process, service, watch,
};
use opentelemetry::{
    logs::LoggerProvider,
    metrics::{Meter, MeterProvider},
};
#[cfg(feature = "otlp")]
use std::thread;
use std::{fmt, sync::Arc, time::Duration};

/// Settings of the export, where the environment does not decide or an application has a
/// meter provider already.
///
/// ```
/// use opentelemetry_sdk::metrics::SdkMeterProvider;
///
/// let provider = SdkMeterProvider::builder().build();
/// let guard = slo_sdk::builder().meter_provider(&provider).init();
/// # drop(guard);
/// ```
pub fn builder() -> Builder {
    Builder {
        meter: None,
        durations: None,
        logs: None,
        good_share: 0.0,
        shutdown_timeout: Duration::from_secs(2),
        stderr: true,
        #[cfg(feature = "otlp")]
        settings: export::settings::Settings::default(),
    }
}

/// What exports, and where to, before it starts; made by [`builder`].
#[derive(Debug)]
#[must_use = "nothing is exported before `init`"]
pub struct Builder {
    meter: Option<Meter>,
    /// `None` if the exporter decides.
    durations: Option<bool>,
    /// Who takes log records, where the application has somebody.
    logs: Option<Arc<dyn Sink>>,
    good_share: f64,
    shutdown_timeout: Duration,
    stderr: bool,
    #[cfg(feature = "otlp")]
    settings: export::settings::Settings,
}

impl Builder {
    /// Exports through a provider the application has and shuts down itself. Its `Resource` needs
    /// a `service.name`, and a `service.instance.id` of each process's own. Flush it once
    /// at the start, so that the zeros are there before the first event; and with 200
    /// endpoints or more give it [`Builder::view`].
    pub fn meter_provider(mut self, provider: &(impl MeterProvider + ?Sized)) -> Builder {
        let scope = opentelemetry::InstrumentationScope::builder("slo-sdk")
            .with_version(env!("CARGO_PKG_VERSION"))
            .build();
        self.meter = Some(provider.meter_with_scope(scope));
        self
    }

    /// Hands log records of bad and marked events to a provider the application has and shuts down
    /// itself, instead of exporting them. A processor that exports at once would hold up the request
    /// whose event it is: give it one that exports in batches.
    ///
    /// ```
    /// use opentelemetry_sdk::logs::SdkLoggerProvider;
    ///
    /// let provider = SdkLoggerProvider::builder().build();
    /// let guard = slo_sdk::builder().logger_provider(&provider).init();
    /// # drop(guard);
    /// ```
    pub fn logger_provider<P>(mut self, provider: &P) -> Builder
    where
        P: LoggerProvider + ?Sized,
        P::Logger: fmt::Debug + Send + Sync + 'static,
    {
        self.logs = Some(event_log::logger(provider));
        self
    }

    /// Which share of the good events has a log record as well, from 0 to 1; 0 by default. They are
    /// within the limit of their endpoint, and leave half of it to the bad ones. Any share but 0
    /// makes each event dearer by about as much as an endpoint with a `bad_status` costs.
    pub fn good_event_share(mut self, share: f64) -> Builder {
        self.good_share = share;
        self
    }

    /// Whether bad and marked events are exported as log records where
    /// `OTEL_LOGS_EXPORTER` has `otlp` or is not set; by default they are.
    #[cfg(feature = "otlp")]
    pub fn event_records(mut self, exported: bool) -> Builder {
        self.settings.without_logs = !exported;
        self
    }

    /// Returns a view for a meter provider the application has, which makes room for all series.
    ///
    /// The SDK tells 2,000 series of an instrument apart, and 200 endpoints have as many of
    /// `slo.results`. The counts of all others are lost. [`init`](Builder::init) warns where
    /// that would happen; a provider that it makes itself has the view.
    ///
    /// ```
    /// use opentelemetry_sdk::metrics::SdkMeterProvider;
    ///
    /// let provider = SdkMeterProvider::builder().with_view(slo_sdk::Builder::view).build();
    /// let guard = slo_sdk::builder().meter_provider(&provider).init();
    /// # drop(guard);
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
    /// process. Events before that are not in it.
    ///
    /// A thread keeps about 200 bytes for each endpoint that it serves: eight for each boundary,
    /// and every latency threshold of the process is one.
    pub fn durations(mut self, measured: bool) -> Builder {
        self.durations = Some(measured);
        self
    }

    /// Whether the start line and warnings go to standard error where no `tracing` subscriber was
    /// installed; by default they do. `SLO_STDERR=off` in the environment says no as well.
    pub fn stderr(mut self, used: bool) -> Builder {
        self.stderr = used;
        self
    }

    /// How long the end of the program may wait for its last exports, 2 s by default: one, or
    /// zeros and counts where none was taken before.
    pub fn shutdown_timeout(mut self, timeout: Duration) -> Builder {
        self.shutdown_timeout = timeout;
        self
    }

    /// Calls the service by this name, whatever [`service!`](crate::service!) and
    /// `OTEL_SERVICE_NAME` say.
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
    /// default, and 0 for no limit.
    #[cfg(feature = "otlp")]
    pub fn export_timeout(mut self, timeout: Duration) -> Builder {
        self.settings.export_timeout = Some(timeout);
        self
    }

    /// Starts the export, or says in a line why it can't: the guard then does nothing, and
    /// [`export_health`](crate::export_health) repeats the reason.
    #[must_use = "`let _ = …init();` drops the guard at once and stops the export; write `let _slo = …init();`"]
    pub fn init(self) -> Guard {
        let shutdown_timeout = self.shutdown_timeout;
        notice::use_stderr(self.stderr);
        self.try_init().unwrap_or_else(|error| {
            let reason = error.to_string();
            notice::warn(format_args!("no SLO metrics are exported: {reason}"));
            watch::is_attended();
            #[cfg(feature = "otlp")]
            if error != InitError::AlreadyInitialized {
                export::note_not_started(&reason);
            }
            Guard::without_export(shutdown_timeout, reason)
        })
    }

    /// Starts the export.
    ///
    /// # Errors
    /// See [`InitError`].
    #[cfg_attr(
        not(feature = "otlp"),
        expect(unused_mut, reason = "there are no settings")
    )]
    pub fn try_init(mut self) -> Result<Guard, InitError> {
        notice::use_stderr(self.stderr);
        process::began();
        // On first use, otherwise, which is a request's.
        clock::calibrate();
        let guard = Guard::claim(self.shutdown_timeout).ok_or(InitError::AlreadyInitialized)?;
        if cfg!(feature = "off") {
            notice::warn(format_args!(
                "the feature `off` of slo-sdk or slo-tower is compiled in: nothing is counted, and \
                 nothing exported"
            ));
            return Ok(guard);
        }
        let guard = match self.logs {
            Some(sink) => {
                #[cfg(feature = "otlp")]
                {
                    self.settings.without_logs = true;
                }
                guard.with_logs(sink, self.good_share)
            }
            None => guard,
        };
        if let Some(meter) = self.meter {
            if self.durations == Some(true) {
                durations::switch_on();
            }
            #[cfg(feature = "otlp")]
            let has_room = export::was_asked(|| export::register(&meter, false));
            #[cfg(not(feature = "otlp"))]
            let has_room = {
                export::register(&meter, false);
                false
            };
            if !has_room {
                warn_if_series_are_lost();
            }
            let endpoints = endpoints_in_words();
            let name = service::declared().map_or_else(
                || "a `service.name`".to_owned(),
                |name| format!("the `service.name` {name}"),
            );
            notice::info(format_args!(
                "counts of {endpoints} go to the application's meter provider; its \
                 Resource can't be seen here: it needs {name}, and a \
                 `service.instance.id` of each process's own, or two processes overwrite each \
                 other's counts"
            ));
            names::warn();
            watch::started();
            watch::expects_collections();
            return Ok(guard);
        }
        // From here on an early return drops the guard, which allows another try.
        #[cfg(feature = "otlp")]
        {
            let mut plan = match export::settings::settle(self.settings)? {
                Wanted::Export(plan) => plan,
                Wanted::Nothing(reason) => {
                    notice::info(format_args!("no SLO metrics are exported: {reason}"));
                    watch::is_attended();
                    return Ok(guard);
                }
            };
            let running = export::otlp::start(&mut plan, self.durations)?;
            let endpoints = endpoints_in_words();
            notice::info(format_args!("counts of {endpoints} are exported: {plan}"));
            for remark in &plan.remarks {
                notice::warn(format_args!("{remark}"));
            }
            names::warn();
            watch::started();
            export_zeros(running.provider.clone());
            let guard = match &running.logs {
                Some(logs) => guard.with_logs(logs.sink(), self.good_share),
                None => guard,
            };
            Ok(guard.with_running(running))
        }
        #[cfg(not(feature = "otlp"))]
        {
            drop(guard);
            Err(InitError::NoExporter)
        }
    }
}

fn endpoints_in_words() -> String {
    notice::counted(crate::registry::endpoint_count() as u64, "endpoint")
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

/// Whatever limit an application's provider has, the SDK does not tell.
fn warn_if_series_are_lost() {
    const WAY_OUT: &str = if cfg!(feature = "otlp") {
        "build the provider with `.with_view(slo_sdk::Builder::view)`"
    } else {
        "give the provider a view that raises the limit"
    };
    if let Some((instrument, series)) = export::beyond_usual() {
        notice::warn(format_args!(
            "{instrument} has {series} series, and the meter provider given to slo_sdk::builder() \
             tells 2,000 of an instrument apart, unless a view says otherwise; counts beyond are \
             lost: {WAY_OUT}"
        ));
    }
}
