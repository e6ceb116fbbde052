//! Where log records go: to where the metrics do, unless a variable for logs says otherwise.

use super::{
    super::address::Secrets,
    environment::Environment,
    plan::{NO_LIMIT, Protocol},
};
use opentelemetry_otlp::Compression;
use std::time::Duration;

/// The export of log records as it will be.
#[derive(Debug)]
pub(crate) struct LogsPlan {
    pub(crate) protocol: Protocol,
    /// The whole address, without user and password.
    pub(crate) target: String,
    pub(crate) timeout: Duration,
    pub(crate) compression: Option<Compression>,
    pub(crate) secrets: Secrets,
}

/// As the environment says, over how metrics are exported; `None` if log records are not. What
/// can't be done is a remark: no log is worth the metrics.
pub(super) fn settle(
    environment: &mut Environment<'_>,
    set: Option<&str>,
    metrics: Protocol,
    timeout: Duration,
) -> Option<LogsPlan> {
    if let Some((_, list)) = environment.first(["OTEL_LOGS_EXPORTER"])
        && !list
            .split(',')
            .any(|name| name.trim().eq_ignore_ascii_case("otlp"))
    {
        return None;
    }
    let protocol = match environment.first(["OTEL_EXPORTER_OTLP_LOGS_PROTOCOL"]) {
        None => metrics,
        Some((_, value)) if value.eq_ignore_ascii_case("http/protobuf") => Protocol::HttpProtobuf,
        Some((_, value)) if value.eq_ignore_ascii_case("grpc") && cfg!(feature = "otlp-grpc") => {
            Protocol::Grpc
        }
        Some((name, _)) => {
            environment.remark(format!(
                "{name} is not a protocol that is built in; bad events are not exported as log records"
            ));
            return None;
        }
    };
    let written = environment.logs_address(set, protocol)?;
    let target = match environment.target(&written, protocol) {
        Ok(target) => target,
        Err(error) => {
            environment.remark(format!(
                "bad events are not exported as log records: {error}"
            ));
            return None;
        }
    };
    let headers = environment.first([
        "OTEL_EXPORTER_OTLP_LOGS_HEADERS",
        "OTEL_EXPORTER_OTLP_HEADERS",
    ]);
    let (_, headers) = headers.unwrap_or_default();
    let own = environment.milliseconds("OTEL_EXPORTER_OTLP_LOGS_TIMEOUT");
    Some(LogsPlan {
        protocol,
        secrets: Secrets::from_addresses([written.text.as_str()], &headers),
        target,
        timeout: match own {
            Some(Duration::ZERO) => NO_LIMIT,
            Some(own) => own.min(NO_LIMIT),
            None => timeout,
        },
        compression: environment.compression([
            "OTEL_EXPORTER_OTLP_LOGS_COMPRESSION",
            "OTEL_EXPORTER_OTLP_COMPRESSION",
        ]),
    })
}
