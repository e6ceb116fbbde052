//! Why an export could not start.

use std::{error::Error, fmt};

/// Why the export could not start.
///
/// `Debug` is the same sentence as `Display`, so that `?` in `main` prints it.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum InitError {
    /// It was started before and its guard still lives.
    AlreadyInitialized,
    /// The exporter could not be made from these settings.
    Exporter(String),
    /// A protocol this build can't speak.
    Protocol(String),
    /// An address that is none; what it is and where it was found.
    Address(String),
    /// Exporters of which this build has none.
    MetricsExporter(String),
    /// An address that wants TLS, in a build without it. User, password and query are left out.
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
                "the OTLP protocol is to be `{protocol}` (OTEL_EXPORTER_OTLP_PROTOCOL, or the one for metrics); this build speaks `http/protobuf`{}",
                if cfg!(feature = "otlp-grpc") {
                    " and `grpc`"
                } else {
                    ", and `grpc` with the feature `otlp-grpc` of slo-sdk"
                }
            ),
            InitError::Address(found) => write!(
                f,
                "{found}, which is not an address of a collector; write one with http:// and a host, \
                 such as http://localhost:4318"
            ),
            InitError::MetricsExporter(list) => write!(
                f,
                "OTEL_METRICS_EXPORTER is `{list}`, and slo-sdk has the exporter `otlp` only; leave \
                 the variable out, or give the meter provider that exports so to `slo_sdk::builder()`"
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

impl fmt::Debug for InitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Error for InitError {}
