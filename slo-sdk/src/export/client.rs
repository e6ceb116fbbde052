//! The HTTP client of the exporter, which remembers what came of the last request.
//!
//! The exporter itself says of an error that there was one, and of a partial success nothing.
//! It would also follow a redirect, on which most answers turn the export into a `GET` of
//! some page: that is a success to it, and nothing was exported.

use async_trait::async_trait;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_proto::tonic::collector::metrics::v1::{
    ExportMetricsServiceRequest, ExportMetricsServiceResponse,
};
use prost::Message;
use reqwest::{blocking, redirect::Policy};
use std::{
    error::Error,
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
    /// Metrics to be sent with every request, encoded.
    enclosed: Bytes,
}

impl Wire {
    pub(super) fn take_said(&self) -> Option<String> {
        self.slip().said.take()
    }

    /// From now on each request has these metrics as well. Encoded messages of one kind, one
    /// after the other, are one message with all that is in them.
    pub(super) fn enclose(&self, metrics: &ExportMetricsServiceRequest) {
        self.slip().enclosed = metrics.encode_to_vec().into();
    }

    fn slip(&self) -> MutexGuard<'_, Slip> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Debug)]
pub(super) struct Client {
    client: blocking::Client,
    wire: Wire,
}

impl Client {
    /// A client whose requests end within the timeout.
    pub(super) fn new(timeout: Duration, wire: Wire) -> Result<Client, String> {
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
        Ok(Client { client, wire })
    }
}

#[async_trait]
impl HttpClient for Client {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let answer = self.send(request).await;
        self.wire.slip().said = match &answer {
            Ok(response) => complaint(response),
            Err(error) => Some(reason(error.as_ref())),
        };
        answer
    }
}

impl Client {
    /// Sends the request with the enclosed metrics after its own, or before it where its own
    /// are compressed.
    async fn send(&self, mut request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let enclosed = self.wire.slip().enclosed.clone();
        if enclosed.is_empty() {
            return self.client.send_bytes(request).await;
        }
        if request.headers().contains_key("content-encoding") {
            let mut first = request.clone();
            first.headers_mut().remove("content-encoding");
            *first.body_mut() = enclosed;
            let answer = self.client.send_bytes(first).await?;
            if complaint(&answer).is_some() {
                return Ok(answer);
            }
        } else {
            *request.body_mut() = [request.body().as_ref(), enclosed.as_ref()].concat().into();
        }
        self.client.send_bytes(request).await
    }
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
            "the collector answered {status}, a redirect to {to}, which is not followed"
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
        return error.to_string();
    }
    causes.join(": ")
}
