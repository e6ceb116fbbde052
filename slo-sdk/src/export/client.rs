//! The HTTP client of the exporter, which remembers what came of the last request.
//!
//! The exporter itself says of an error that there was one, and of a partial success nothing. A
//! redirect is not followed: on most the export would become a `GET` of some page, which is a
//! success to the exporter, and nothing would be exported.

use super::{
    address::{Secrets, shown},
    connector::{Connector, Stream},
};
use async_trait::async_trait;
use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use http::{HeaderValue, Uri, header::CONTENT_ENCODING};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::client::conn::http1;
use hyper_util::client::proxy::matcher::Matcher;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_proto::tonic::{
    collector::metrics::v1::ExportMetricsServiceResponse,
    metrics::v1::{ResourceMetrics, ScopeMetrics},
};
use prost::{Message, decode_length_delimiter, encode_length_delimiter};
use std::{
    borrow::Cow,
    error::Error,
    io::{self, Read, Write},
    iter, mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{
    runtime,
    time::{Instant, timeout_at},
};

/// What passes between the exporter and its client besides the export.
#[derive(Clone, Debug, Default)]
pub(super) struct SideChannel(Arc<Mutex<SideState>>);

#[derive(Debug, Default)]
struct SideState {
    /// Why the last request failed, or what the collector had to say though it took the export.
    complaint: Option<String>,
    /// True where the last request failed in a way that it may have arrived all the same.
    may_have_arrived: bool,
    /// Metrics to be sent with every request.
    extra_metrics: Option<ScopeMetrics>,
    /// True once they could not be.
    left_out: bool,
}

impl SideChannel {
    pub(super) fn take_complaint(&self) -> Option<String> {
        self.state().complaint.take()
    }

    /// Whether the request that failed last may have arrived; none since this was asked last did
    /// not.
    pub(super) fn take_may_have_arrived(&self) -> bool {
        mem::take(&mut self.state().may_have_arrived)
    }

    /// True where metrics were to be enclosed and could not be since this was asked last.
    pub(super) fn take_left_out(&self) -> bool {
        mem::take(&mut self.state().left_out)
    }

    /// From now on each request has these metrics as well.
    pub(super) fn set_extra_metrics(&self, metrics: Option<ScopeMetrics>) {
        self.state().extra_metrics = metrics;
    }

    fn state(&self) -> MutexGuard<'_, SideState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Debug)]
pub(super) struct Client {
    connector: Connector,
    timeout: Duration,
    /// True where requests are compressed.
    gzip: bool,
    /// What a collector counts that rejects some.
    exported: &'static str,
    side_channel: SideChannel,
    secrets: Secrets,
}

/// Why a request has no answer.
struct Failure {
    reason: String,
    /// True where the collector may have all of it.
    may_have_arrived: bool,
}

impl Client {
    /// A client for the collector at this address, whose requests end within the timeout, and are
    /// compressed where `gzip` says so. `exported` is what it sends, as the collector counts it.
    pub(super) fn new(
        target: &str,
        timeout: Duration,
        gzip: bool,
        exported: &'static str,
        side_channel: SideChannel,
        secrets: Secrets,
    ) -> Result<Client, String> {
        let target = Uri::try_from(target).map_err(|error| error.to_string())?;
        Ok(Client {
            connector: Connector::new(&target, &Matcher::from_env())?,
            timeout,
            gzip,
            exported,
            side_channel,
            secrets,
        })
    }
}

#[async_trait]
impl HttpClient for Client {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let answer = match self.prepare(request) {
            Ok(request) => self.send(request),
            Err(error) => Err(Failure {
                reason: error.to_string(),
                may_have_arrived: false,
            }),
        };
        let mut state = self.side_channel.state();
        let complaint = match &answer {
            Ok(response) => complaint(response, self.exported),
            Err(failure) => Some(failure.reason.clone()),
        };
        state.complaint = complaint.map(|complaint| self.secrets.hide(&complaint));
        state.may_have_arrived = answer
            .as_ref()
            .is_err_and(|failure| failure.may_have_arrived);
        drop(state);
        answer.map_err(|failure| failure.reason.into())
    }
}

impl Client {
    /// The request with the enclosed metrics in it, compressed where it is to be.
    fn prepare(&self, mut request: Request<Bytes>) -> io::Result<Request<Full<Bytes>>> {
        let extra_metrics = self.side_channel.state().extra_metrics.clone();
        if let Some(metrics) = extra_metrics {
            let whole = plain(&request).and_then(|export| with(&export, metrics));
            match whole {
                Some(whole) => {
                    *request.body_mut() = whole;
                    request.headers_mut().remove(CONTENT_ENCODING);
                }
                None => self.side_channel.state().left_out = true,
            }
        }
        if self.gzip && !request.headers().contains_key(CONTENT_ENCODING) {
            *request.body_mut() = gzip(request.body())?;
            let encoding = HeaderValue::from_static(GZIP);
            request.headers_mut().insert(CONTENT_ENCODING, encoding);
        }
        self.connector.address(&mut request);
        Ok(request.map(Full::new))
    }

    /// Sends the request over a connection of its own, on this thread, which is the exporter's:
    /// an application may have no runtime, or one that ends before the last export.
    fn send(&self, request: Request<Full<Bytes>>) -> Result<Response<Bytes>, Failure> {
        let failure = |reason, may_have_arrived| Failure {
            reason,
            may_have_arrived,
        };
        let runtime = runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| failure(error.to_string(), false))?;
        let answer = runtime.block_on(async {
            let deadline = Instant::now() + self.timeout;
            let too_late = |_| format!("it timed out after {:?}", self.timeout);
            let connected = timeout_at(deadline, self.connector.connect()).await;
            let stream = connected
                .map_err(too_late)
                .and_then(|connected| connected.map_err(|error| causes(error.as_ref())))
                .map_err(|reason| failure(reason, false))?;
            let answered = timeout_at(deadline, answer(stream, request)).await;
            answered
                .map_err(too_late)
                .and_then(|answered| answered.map_err(|error| causes(error.as_ref())))
                .map_err(|reason| failure(reason, true))
        });
        // A resolver that hangs is not waited for.
        runtime.shutdown_background();
        answer
    }
}

/// More is not an answer of a collector's.
const MAX_ANSWER_BYTES: usize = 1 << 20;

/// Sends the request and reads the whole answer.
async fn answer(
    stream: Box<dyn Stream>,
    request: Request<Full<Bytes>>,
) -> Result<Response<Bytes>, HttpError> {
    let (mut sender, connection) = http1::handshake(stream).await?;
    tokio::spawn(connection);
    let (head, body) = sender.send_request(request).await?.into_parts();
    let body = Limited::new(body, MAX_ANSWER_BYTES).collect().await;
    let body = body.map_err(|error| match error.is::<LengthLimitError>() {
        true => "the answer is longer than 1 MiB".into(),
        false => error,
    })?;
    Ok(Response::from_parts(head, body.to_bytes()))
}

const GZIP: &str = "gzip";

/// What is exported, also where the exporter has compressed it: an application may have built
/// that in. `None` if it did so in another way.
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

/// An encoded export of one resource with more metrics of that resource. `None` if it is
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

/// What is wrong with an answer, if anything. That to log records has the same shape.
fn complaint(response: &Response<Bytes>, exported: &str) -> Option<String> {
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
            "the answer {status} of type `{kind}` is not an OTLP response: is there a collector at this \
             address?"
        ));
    };
    let partial = decoded.partial_success?;
    let message = partial.error_message;
    match partial.rejected_data_points {
        0 if message.is_empty() => None,
        0 => Some(format!("the collector warned: {message}")),
        points => Some(format!(
            "the collector rejected {points} {exported}: {message}"
        )),
    }
}

/// The error and its causes.
fn causes(error: &(dyn Error + 'static)) -> String {
    let causes = iter::successors(Some(error), |&error| error.source());
    let causes: Vec<String> = causes.map(ToString::to_string).collect();
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
