//! Start of the export: `builder` collects settings and starts it, `error` says why it could not,
//! and `names` which names are wrong.

mod builder;
mod error;
mod names;

#[cfg(feature = "otlp")]
use crate::Guard;
pub use builder::{Builder, builder};
pub use error::InitError;

/// Starts the export over OTLP as the standard `OTEL_*` variables say, to
/// `http://localhost:4318` if they are silent.
///
/// The first export follows at once, with every series at 0; the counts follow once a collector
/// has taken it. Keep the guard until the program ends: dropping it flushes and stops. The service
/// is called as `OTEL_SERVICE_NAME` says, else as [`service!`](crate::service!) does, else like its
/// executable.
///
/// A line says who exports, where to and how often, and others what looks wrong, once each. They go
/// to `tracing`, or to standard error where no subscriber was installed, unless
/// [`Builder::stderr`] or `SLO_STDERR=off` says no. No line has the user, password or query of an
/// address, nor the value of a header.
///
/// It never ends a service: where the export can't start, it says why in a line, which
/// [`export_health`](crate::export_health) repeats, and the guard does nothing.
/// [`try_init`] returns the error instead.
///
/// ```no_run
/// let _slo = slo_sdk::init();
/// // serve …
/// ```
///
/// # Log records
/// Each bad and each marked event is a log record `slo.event`, up to 10 a second for an endpoint, which goes to
/// the same collector. `OTEL_LOGS_EXPORTER=none` or [`Builder::event_records`] says no. Nothing in it comes
/// from a client.
///
/// # Who writes a series
/// Every process is a writer of its own: it exports a random `service.instance.id`, unless
/// `OTEL_RESOURCE_ATTRIBUTES` sets one, and `slo.start_time`. Two processes that export the same
/// id overwrite each other's counts.
///
/// # Where and when
/// - Inside an async runtime, outside of one, before one: the export has threads of its own
///   and outlives every runtime. A tokio runtime may be dropped, or a second one started.
/// - A signal that ends the process runs no destructor. Let `SIGTERM` end the server
///   gracefully and `main` return: what ended until then is in the last export.
/// - After a `fork`, not before it: a child has the parent's counts and none of its threads, so
///   its guard can do nothing ([`FlushError::Forked`](crate::FlushError::Forked)). A child
///   may call `init` itself, and is a writer of its own; its cumulative counts then have what its
///   parent counted before the fork as well, so give it a name of its own.
/// - Again, once the guard was dropped: the counts go on. What is counted after the last
///   guard was dropped is in `snapshot()` and in the next guard's exports, or in none.
/// - Durations come from a monotonic clock, so a step of the wall clock makes none longer
///   or negative. Only `slo.start_time`, `slo.last_success` and the timestamps of exports are
///   wall-clock times.
///
/// # A collector that fails
/// No event ever waits for one. That exports fail is said once as a warning, and once when they
/// work again, and OpenTelemetry's own lines about it are not heard;
/// [`export_health`](crate::export_health) says it at any time. An export is tried up to four times, the last begun within
/// `OTEL_EXPORTER_OTLP_TIMEOUT`; meanwhile no other piles up behind it.
/// - With cumulative temporality, the default, nothing is lost: each export brings all
///   counts since the process started. Until one was taken, each brings zeros first.
/// - With `OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE=delta` an export that fails
///   loses its events. They are counted in `slo.lost`. Where the answer was lost and not the
///   export, they may have arrived all the same, or twice if it was tried again: no delta is
///   exact over a bad network. A guard after the first one exports what is counted from its
///   first collection on.
///
/// # The way to the collector
/// Over http/protobuf each export opens a connection of its own, through the proxy that `HTTP_PROXY`,
/// `HTTPS_PROXY` or `ALL_PROXY` names, unless `NO_PROXY` has the collector: they are read as curl
/// reads them. A redirect is not followed, and an answer beyond 1 MiB is none. A host with
/// letters beyond ASCII is written in its `xn--` form.
///
/// # Large exports
/// With `OTEL_EXPORTER_OTLP_COMPRESSION=gzip` an export over http/protobuf is compressed, counts and
/// durations alike: it then takes less than a
/// fifth.
///
/// # Values that can't be used
/// As OpenTelemetry wants it, a number, compression or temporality that can't be used is ignored
/// with a warning; a timeout of 0 is none. An address, a protocol or a
/// `OTEL_METRICS_EXPORTER` that nobody here speaks is an [`InitError`].
#[cfg(feature = "otlp")]
#[must_use = "`let _ = slo_sdk::init();` drops the guard at once and stops the export; write `let _slo = slo_sdk::init();`"]
pub fn init() -> Guard {
    builder().init()
}

/// [`init`], for a program that would rather not run without an export.
///
/// ```no_run
/// fn main() -> Result<(), slo_sdk::InitError> {
///     let _slo = slo_sdk::try_init()?;
///     // serve …
///     Ok(())
/// }
/// ```
///
/// # Errors
/// See [`InitError`].
#[cfg(feature = "otlp")]
pub fn try_init() -> Result<Guard, InitError> {
    builder().try_init()
}
