//! Exports, as services send them: OTLP over HTTP in Protocol Buffers.

use super::otlp::{ExportRequest, ExportResponse};
use crate::{
    diagnostics::Diagnostic,
    input::{
        http::{Address, AddressError, AskError, Client, Headers, System},
        read_at_most,
    },
};
use flate2::{Compression, write::GzEncoder};
use prost::Message;
use std::{env, io::Write, time::Duration};

const COLLECTOR: System = System {
    name: "the Collector",
    answer: "an answer to an export",
    example: "http://collector:4318",
    sign_in: "say who you are with `--otlp-header`, or OTEL_EXPORTER_OTLP_HEADERS as services do",
    root: "its address is that before `/v1/metrics`, such as `http://collector:4318`; a Prometheus takes \
           OTLP at `http://prometheus:9090/api/v1/otlp`, with `--web.enable-otlp-receiver`",
};

/// As long as `slo-sdk` waits for an answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// What is read of an answer, in bytes.
const MAX_ANSWER_BYTES: u64 = 1 << 20;

/// Longest explanation of a Collector that is told, in characters.
const MAX_TOLD: usize = 300;

/// Where services send their exports to.
const ENDPOINT: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";
const METRICS_ENDPOINT: &str = "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT";

/// What a Collector made of an export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Taken {
    All,
    /// It said so, and how many points it left out.
    Partly {
        rejected: i64,
        why: String,
    },
    Refused {
        what: String,
        help: String,
    },
}

/// A way to a Collector.
#[derive(Debug)]
pub(crate) struct Exporter {
    client: Client,
    /// What follows the address.
    path: &'static str,
    is_gzip: bool,
}

impl Exporter {
    /// One to an address as `--otlp` names it; without one, to where services send their exports.
    ///
    /// # Errors
    /// If there is none.
    pub(crate) fn new(
        address: Option<&str>,
        headers: Headers,
    ) -> Result<Exporter, Box<Diagnostic>> {
        let variable = |name| env::var(name).ok().filter(|text| !text.trim().is_empty());
        let (source, text, path) = if let Some(text) = address {
            ("--otlp", text.to_owned(), "/v1/metrics")
        } else if let Some(text) = variable(METRICS_ENDPOINT) {
            (METRICS_ENDPOINT, text, "")
        } else if let Some(text) = variable(ENDPOINT) {
            (ENDPOINT, text, "/v1/metrics")
        } else {
            let unknown = Diagnostic::error("where do services send their exports?");
            return Err(Box::new(unknown.with_help(format!(
                "`--otlp URL` names it, as {ENDPOINT} does for services: the Collector, such as \
                 `http://collector:4318`"
            ))));
        };
        let address = Address::parse(text.trim());
        let address = address.map_err(|error| Box::new(refused(source, error)))?;
        if path.is_empty() || !address.as_str().ends_with(path) {
            let compression = variable("OTEL_EXPORTER_OTLP_METRICS_COMPRESSION")
                .or_else(|| variable("OTEL_EXPORTER_OTLP_COMPRESSION"));
            return Ok(Exporter {
                client: Client::within(PATIENCE, &COLLECTOR, address, headers),
                path,
                is_gzip: compression.is_some_and(|how| how.trim().eq_ignore_ascii_case("gzip")),
            });
        }
        let twice = Diagnostic::error(format!(
            "the address of `{source}` ends with `{path}`, which is added to it"
        ));
        Err(Box::new(twice.with_help("name what stands before that")))
    }

    /// Where exports go.
    pub(super) fn url(&self) -> String {
        format!("{}{}", self.client.url(), self.path)
    }

    /// Sends an export once.
    ///
    /// # Errors
    /// If nobody answers.
    pub(super) fn send(&self, export: &ExportRequest) -> Result<Taken, AskError> {
        let mut body = export.encode_to_vec();
        let mut headers = vec![("content-type", "application/x-protobuf")];
        if self.is_gzip {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
            let packed = encoder.write_all(&body).and_then(|()| encoder.finish());
            // A vector takes whatever is written to it.
            if let Ok(packed) = packed {
                body = packed;
                headers.push(("content-encoding", "gzip"));
            }
        }
        let answer = self.client.send(self.path, &headers, &body)?;
        if !answer.status().is_success() {
            let (error, _) = answer.refusal();
            return Ok(Taken::Refused {
                what: error.what,
                help: error.help,
            });
        }
        let unreadable = answer.unreadable();
        let mut bytes = Vec::new();
        let read = read_at_most(answer.body(MAX_ANSWER_BYTES), MAX_ANSWER_BYTES, &mut bytes);
        if let Err(error) = read {
            return Err(unreadable(&error));
        }
        Ok(taken(&bytes, &unreadable))
    }
}

/// What a successful answer says. One that is none comes from something that takes no exports.
fn taken(bytes: &[u8], unreadable: &dyn Fn(&dyn std::fmt::Display) -> AskError) -> Taken {
    match ExportResponse::decode(bytes) {
        Err(error) => {
            let error = unreadable(&error);
            Taken::Refused {
                what: error.what,
                help: error.help,
            }
        }
        Ok(ExportResponse {
            partial_success: Some(partial),
        }) if partial.rejected_data_points != 0 || !partial.error_message.is_empty() => {
            Taken::Partly {
                rejected: partial.rejected_data_points,
                why: partial.error_message.chars().take(MAX_TOLD).collect(),
            }
        }
        Ok(_) => Taken::All,
    }
}

fn refused(source: &str, error: AddressError) -> Diagnostic {
    error
        .diagnostic()
        .with_note(format!("it is that of `{source}`"))
}
