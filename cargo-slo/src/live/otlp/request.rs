//! What a request is, by its method, path and headers.

use crate::live::view::Refusal;
use http::{HeaderMap, Method, header};

/// What is exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signal {
    Metrics,
    Logs,
    Traces,
}

impl Signal {
    const ALL: [Signal; 3] = [Signal::Metrics, Signal::Logs, Signal::Traces];

    pub(crate) fn path(self) -> &'static str {
        match self {
            Signal::Metrics => "/v1/metrics",
            Signal::Logs => "/v1/logs",
            Signal::Traces => "/v1/traces",
        }
    }

    fn grpc_path(self) -> &'static str {
        match self {
            Signal::Metrics => "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export",
            Signal::Logs => "/opentelemetry.proto.collector.logs.v1.LogsService/Export",
            Signal::Traces => "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
        }
    }

    /// The part of the names of its variables.
    fn variable(self) -> &'static str {
        match self {
            Signal::Metrics => "METRICS",
            Signal::Logs => "LOGS",
            Signal::Traces => "TRACES",
        }
    }
}

/// How a message is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    Protobuf,
    Json,
    Grpc,
}

/// A request that exports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Incoming {
    pub(crate) signal: Signal,
    pub(crate) encoding: Encoding,
    /// As its headers say; gRPC says it of the message.
    pub(crate) is_gzip: bool,
}

/// A request that was to export and can't.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unwelcome {
    pub(crate) status: u16,
    pub(crate) why: Refusal,
    pub(crate) mend: Option<Mend>,
}

/// What mends a request: a variable of the exporter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mend {
    /// The address of all signals, to which exporters add a path.
    Endpoint,
    /// The address of one signal, with its path.
    EndpointOf(Signal),
    Protocol(Signal),
    Compression(Signal),
}

impl Mend {
    /// Returns the variable as it is to be set where exports go to an address.
    pub(crate) fn setting(self, endpoint: &str) -> String {
        let of = |signal: Signal, what: &str, value: &str| {
            format!("OTEL_EXPORTER_OTLP_{}_{what}={value}", signal.variable())
        };
        match self {
            Mend::Endpoint => format!("OTEL_EXPORTER_OTLP_ENDPOINT={endpoint}"),
            Mend::EndpointOf(signal) => {
                of(signal, "ENDPOINT", &format!("{endpoint}{}", signal.path()))
            }
            Mend::Protocol(signal) => of(signal, "PROTOCOL", "http/protobuf"),
            Mend::Compression(signal) => of(signal, "COMPRESSION", "gzip"),
        }
    }
}

/// Returns what a request exports; `None` if it does not look like an exporter's.
pub(crate) fn incoming(
    method: &Method,
    path: &str,
    headers: &HeaderMap,
) -> Option<Result<Incoming, Unwelcome>> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let kind = text(header::CONTENT_TYPE).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    let is_grpc = kind.starts_with("application/grpc");
    let exact = Signal::ALL.into_iter().find(|signal| match is_grpc {
        true => path == signal.grpc_path(),
        false => path == signal.path(),
    });
    let Some(signal) = exact else {
        return misdirected(method, path, kind).map(Err);
    };
    if method != Method::POST {
        return Some(Err(Unwelcome {
            status: 405,
            why: Refusal::Method {
                method: method.to_string(),
            },
            mend: None,
        }));
    }
    let encoding = match kind {
        _ if is_grpc => Encoding::Grpc,
        "application/x-protobuf" => Encoding::Protobuf,
        "application/json" => Encoding::Json,
        _ => {
            return Some(Err(Unwelcome {
                status: 415,
                why: Refusal::ContentType { found: short(kind) },
                mend: Some(Mend::Protocol(signal)),
            }));
        }
    };
    let packing = text(header::CONTENT_ENCODING).unwrap_or("identity");
    let grpc_packing = text(header::HeaderName::from_static("grpc-encoding")).unwrap_or("identity");
    let packing = if is_grpc { grpc_packing } else { packing };
    let is_gzip = packing.eq_ignore_ascii_case("gzip");
    if !is_gzip && !packing.eq_ignore_ascii_case("identity") {
        return Some(Err(Unwelcome {
            status: 415,
            why: Refusal::Compression {
                found: short(packing),
            },
            mend: Some(Mend::Compression(signal)),
        }));
    }
    Some(Ok(Incoming {
        signal,
        encoding,
        is_gzip,
    }))
}

/// What is wrong with the address of an exporter.
fn misdirected(method: &Method, path: &str, kind: &str) -> Option<Unwelcome> {
    let looks_like_one = path.contains("/v1/")
        || path.contains("opentelemetry")
        || kind == "application/x-protobuf"
        || kind.starts_with("application/grpc")
        || (method == Method::POST && kind == "application/json");
    if !looks_like_one {
        return None;
    }
    let meant = Signal::ALL
        .into_iter()
        .find(|signal| path.contains(signal.path().trim_start_matches("/v1/")));
    let signal = meant.unwrap_or(Signal::Metrics);
    let (why, mend) = if path.matches(signal.path()).count() > 1 {
        (Refusal::PathTwice, Mend::Endpoint)
    } else if path == "/" {
        (Refusal::NoPath, Mend::EndpointOf(signal))
    } else {
        (Refusal::OtherPath, Mend::EndpointOf(signal))
    };
    Some(Unwelcome {
        status: 404,
        why,
        mend: Some(mend),
    })
}

/// The beginning of what a header says, which anybody may have sent.
fn short(text: &str) -> String {
    text.chars().take(100).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(path: &str, kind: &str, packing: Option<&str>) -> Option<Result<Incoming, Unwelcome>> {
        let mut headers = HeaderMap::new();
        headers.insert("content-type", kind.parse().unwrap());
        if let Some(packing) = packing {
            headers.insert("content-encoding", packing.parse().unwrap());
        }
        incoming(&Method::POST, path, &headers)
    }

    #[test]
    fn what_a_request_exports() {
        let json = sent("/v1/logs", "application/json; charset=utf-8", Some("GZIP"));
        assert_eq!(
            json.unwrap().unwrap(),
            Incoming {
                signal: Signal::Logs,
                encoding: Encoding::Json,
                is_gzip: true
            }
        );
        let grpc = sent(Signal::Metrics.grpc_path(), "application/grpc+proto", None);
        assert_eq!(grpc.unwrap().unwrap().encoding, Encoding::Grpc);
        assert_eq!(sent("/", "text/html", None), None);
    }

    #[test]
    fn what_is_wrong_names_the_variable_that_mends_it() {
        for (path, kind, packing, expected) in [
            (
                "/v1/metrics/v1/metrics",
                "application/x-protobuf",
                None,
                "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318",
            ),
            (
                "/",
                "application/x-protobuf",
                None,
                "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT=http://127.0.0.1:4318/v1/metrics",
            ),
            (
                "/v1/log",
                "application/json",
                None,
                "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT=http://127.0.0.1:4318/v1/metrics",
            ),
            (
                "/v1/metrics",
                "text/plain",
                None,
                "OTEL_EXPORTER_OTLP_METRICS_PROTOCOL=http/protobuf",
            ),
            (
                "/v1/metrics",
                "application/grpc",
                None,
                "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT=http://127.0.0.1:4318/v1/metrics",
            ),
            (
                "/v1/logs",
                "application/x-protobuf",
                Some("zstd"),
                "OTEL_EXPORTER_OTLP_LOGS_COMPRESSION=gzip",
            ),
        ] {
            let told = sent(path, kind, packing).unwrap().unwrap_err();
            let setting = told.mend.unwrap().setting("http://127.0.0.1:4318");
            assert_eq!(setting, expected, "{path} {kind}");
        }
    }
}
