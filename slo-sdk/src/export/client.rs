//! The HTTP client of the exporter, which remembers what came of the last request.
//!
//! The exporter itself says of an error that there was one, and of a partial success nothing.
//! It would also follow a redirect, on which most answers turn the export into a `GET` of
//! some page: that is a success to it, and nothing was exported.

use super::address::{Secrets, shown};
use async_trait::async_trait;
use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use http::{HeaderValue, header::CONTENT_ENCODING};
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_proto::tonic::{
    collector::metrics::v1::ExportMetricsServiceResponse,
    metrics::v1::{ResourceMetrics, ScopeMetrics},
};
use prost::{Message, decode_length_delimiter, encode_length_delimiter};
use reqwest::{blocking, redirect::Policy};
use std::{
    borrow::Cow,
    error::Error,
    io::{self, Read, Write},
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

/// What passes between the exporter and its client besides the export.
#[derive(Clone, Debug, Default)]
pub(super) struct Wire(Arc<Mutex<Slip>>);

#[derive(Debug, Default)]
struct Slip {
    /// Why the last request failed, or what the collector had to say though it took the export.
    said: Option<String>,
    /// True where the last request failed in a way that it may have arrived all the same.
    may_have_arrived: bool,
    /// Metrics to be sent with every request.
    enclosed: Option<ScopeMetrics>,
    /// True once they could not be.
    left_out: bool,
}

impl Wire {
    pub(super) fn take_said(&self) -> Option<String> {
        self.slip().said.take()
    }

    /// Whether the request that failed last may have arrived; none since this was asked last did
    /// not.
    pub(super) fn take_may_have_arrived(&self) -> bool {
        mem::take(&mut self.slip().may_have_arrived)
    }

    /// True where metrics were to be enclosed and could not be since this was asked last.
    pub(super) fn take_left_out(&self) -> bool {
        mem::take(&mut self.slip().left_out)
    }

    /// From now on each request has these metrics as well.
    pub(super) fn enclose(&self, metrics: Option<ScopeMetrics>) {
        self.slip().enclosed = metrics;
    }

    fn slip(&self) -> MutexGuard<'_, Slip> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Debug)]
pub(super) struct Client {
    client: blocking::Client,
    /// True where requests are compressed.
    gzip: bool,
    wire: Wire,
    secrets: Secrets,
}

impl Client {
    /// A client whose requests end within the timeout, and are compressed where `gzip` says so.
    pub(super) fn new(
        timeout: Duration,
        gzip: bool,
        wire: Wire,
        secrets: Secrets,
    ) -> Result<Client, String> {
        // It starts a runtime, which must not happen on a thread that is inside another one.
        let build = move || {
            blocking::Client::builder()
                .timeout(timeout)
                .redirect(Policy::none())
                .build()
        };
        let client = thread::Builder::new()
            .name("slo-client".to_owned())
            .spawn(build)
            .map_err(|error| error.to_string())?
            .join()
            .map_err(|_| "the HTTP client panicked".to_owned())?
            .map_err(|error| reason(&error))?;
        Ok(Client {
            client,
            gzip,
            wire,
            secrets,
        })
    }
}

#[async_trait]
impl HttpClient for Client {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let answer = self.send(request).await;
        let said = match &answer {
            Ok(response) => complaint(response),
            Err(error) => Some(reason(error.as_ref())),
        };
        let mut slip = self.wire.slip();
        slip.said = said.map(|said| self.secrets.hide(&said));
        slip.may_have_arrived = match &answer {
            Ok(_) => false,
            Err(error) => error
                .downcast_ref::<reqwest::Error>()
                .is_none_or(|error| !error.is_connect()),
        };
        drop(slip);
        answer
    }
}

impl Client {
    /// Sends the request with the enclosed metrics in it, compressed where it is to be.
    async fn send(&self, mut request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let enclosed = self.wire.slip().enclosed.clone();
        if let Some(metrics) = enclosed {
            let whole = plain(&request).and_then(|export| with(&export, metrics));
            match whole {
                Some(whole) => {
                    *request.body_mut() = whole;
                    request.headers_mut().remove(CONTENT_ENCODING);
                }
                None => self.wire.slip().left_out = true,
            }
        }
        if self.gzip && !request.headers().contains_key(CONTENT_ENCODING) {
            *request.body_mut() = gzip(request.body())?;
            let encoding = HeaderValue::from_static(GZIP);
            request.headers_mut().insert(CONTENT_ENCODING, encoding);
        }
        self.client.send_bytes(request).await
    }
}

const GZIP: &str = "gzip";

/// What is exported, also where the exporter has compressed it: an application may have built
/// that in. Nothing where it did so in another way.
fn plain(request: &Request<Bytes>) -> Option<Cow<'_, [u8]>> {
    match request.headers().get(CONTENT_ENCODING) {
        None => Some(Cow::Borrowed(request.body())),
        Some(encoding) if encoding == GZIP => {
            let mut export = Vec::new();
            let mut decoder = GzDecoder::new(request.body().as_ref());
            decoder.read_to_end(&mut export).ok()?;
            Some(Cow::Owned(export))
        }
        Some(_) => None,
    }
}

/// At the fastest level: what repeats in an export repeats so often that the best one makes little
/// more of it.
fn gzip(export: &[u8]) -> io::Result<Bytes> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(export)?;
    Ok(encoder.finish()?.into())
}

/// An encoded export of one resource with more metrics of that resource. Nothing where it is
/// none.
///
/// Encoded fields one after the other are one message, so all but the message's length stays.
fn with(export: &[u8], metrics: ScopeMetrics) -> Option<Bytes> {
    const RESOURCE_METRICS: u8 = 1 << 3 | 2;
    let (&RESOURCE_METRICS, mut rest) = export.split_first()? else {
        return None;
    };
    let length = decode_length_delimiter(&mut rest).ok()?;
    if length != rest.len() {
        return None;
    }
    let more = ResourceMetrics {
        scope_metrics: vec![metrics],
        ..ResourceMetrics::default()
    }
    .encode_to_vec();
    let mut whole = Vec::with_capacity(export.len() + more.len() + 2);
    whole.push(RESOURCE_METRICS);
    encode_length_delimiter(rest.len() + more.len(), &mut whole).ok()?;
    whole.extend_from_slice(rest);
    whole.extend_from_slice(&more);
    Some(whole.into())
}

/// What is wrong with an answer, if anything.
fn complaint(response: &Response<Bytes>) -> Option<String> {
    let header = |name| {
        let value = response.headers().get(name)?;
        Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    let status = response.status();
    if let Some(to) = header("location").filter(|_| status.is_redirection()) {
        return Some(format!(
            "the collector answered {status}, a redirect to {}, which is not followed",
            shown(&to)
        ));
    }
    if !status.is_success() {
        return Some(format!("the collector answered {status}"));
    }
    let kind = header("content-type").unwrap_or_default();
    // Some collectors always answer in JSON; it says no more than the status does.
    if response.body().is_empty() || kind.starts_with("application/json") {
        return None;
    }
    let Ok(decoded) = ExportMetricsServiceResponse::decode(response.body().as_ref()) else {
        return Some(format!(
            "the answer {status} of type `{kind}` is none of OTLP: is there a collector at this \
             address?"
        ));
    };
    let partial = decoded.partial_success?;
    let message = partial.error_message;
    match partial.rejected_data_points {
        0 if message.is_empty() => None,
        0 => Some(format!("the collector warned: {message}")),
        points => Some(format!(
            "the collector rejected {points} data points: {message}"
        )),
    }
}

/// The causes of an error without the outermost, which names the address: that may hold a
/// password.
fn reason(error: &(dyn Error + 'static)) -> String {
    let mut causes = Vec::new();
    let mut next = error.source();
    while let Some(cause) = next {
        causes.push(cause.to_string());
        next = cause.source();
    }
    if causes.is_empty() {
        return "the request failed".to_owned();
    }
    causes.join(": ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use opentelemetry_proto::tonic::{
        collector::metrics::v1::ExportMetricsServiceRequest, metrics::v1::Metric,
    };

    fn scope(name: &str) -> ScopeMetrics {
        ScopeMetrics {
            metrics: vec![Metric {
                name: name.to_owned(),
                ..Metric::default()
            }],
            ..ScopeMetrics::default()
        }
    }

    fn export(resources: usize, name: &str) -> ExportMetricsServiceRequest {
        let one = ResourceMetrics {
            scope_metrics: vec![scope(name)],
            schema_url: "some schema".to_owned(),
            ..ResourceMetrics::default()
        };
        ExportMetricsServiceRequest {
            resource_metrics: vec![one; resources],
        }
    }

    #[test]
    fn what_is_enclosed_is_of_the_same_resource() {
        for long in [1, 100, 127, 128, 20_000] {
            let name = "n".repeat(long);
            let mut expected = export(1, &name);
            let whole = with(&expected.encode_to_vec(), scope("more")).expect("one resource");
            expected.resource_metrics[0]
                .scope_metrics
                .push(scope("more"));
            let decoded = ExportMetricsServiceRequest::decode(whole).expect("an export");
            assert_eq!(decoded, expected);
        }
    }

    #[test]
    fn what_is_no_export_of_one_resource_is_left_alone() {
        let two = export(2, "two").encode_to_vec();
        let truncated = &export(1, "one").encode_to_vec()[..9];
        for other in [&b""[..], b"\x0a", b"\x1f\x8b\x08", &two, truncated] {
            assert_eq!(with(other, scope("more")), None, "{other:?}");
        }
    }
}
