//! Questions to a system, and how its answers begin.

use super::{Address, AskError, Headers, System};
use crate::input::read_at_most;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::{
    fmt,
    io::{self, Read},
    thread,
    time::Duration,
};
use ureq::http::StatusCode;

/// No answer by then is none, however slowly it arrives. A quarter of a year is read from disk for
/// some of them.
const PATIENCE: Duration = Duration::from_secs(120);

/// Longest head of an answer.
const MAX_HEAD_BYTES: usize = 64 << 10;

/// Longest question, as it is written into an address, in bytes: longer ones are none for HTTP.
const MAX_QUESTION_BYTES: usize = 60_000;

/// How often a question is asked of a system that says when to ask again.
const MAX_ATTEMPTS: usize = 4;

/// The longest time until then that is waited for.
const MAX_WAIT: Duration = Duration::from_secs(30);

/// What is read of a refusal, in bytes.
const MAX_REFUSAL_BYTES: u64 = 64 << 10;

/// Longest explanation of an error that is told, in characters.
const MAX_TOLD: usize = 500;

/// A system at an address. It is only ever asked: each request is a GET.
pub(crate) struct Client {
    agent: ureq::Agent,
    system: &'static System,
    address: Address,
    headers: Headers,
}

impl Client {
    /// Returns the one at this address; the headers go with each request. No redirect is followed:
    /// nothing is asked that nobody named, and nothing secret is sent there.
    pub(crate) fn at(system: &'static System, address: Address, headers: Headers) -> Client {
        Client::within(PATIENCE, system, address, headers)
    }

    /// The same with another patience, for each request.
    pub(crate) fn within(
        patience: Duration,
        system: &'static System,
        address: Address,
        headers: Headers,
    ) -> Client {
        let config = ureq::Agent::config_builder().timeout_global(Some(patience));
        // Inside a company, certificates are rarely those that browsers know.
        #[cfg(feature = "tls")]
        let config = config.tls_config(
            ureq::tls::TlsConfig::builder()
                .root_certs(ureq::tls::RootCerts::PlatformVerifier)
                .build(),
        );
        let config = config
            .max_redirects(0)
            .max_response_header_size(MAX_HEAD_BYTES)
            .http_status_as_error(false)
            .user_agent(crate::GENERATOR.replace(' ', "/"))
            .build();
        Client {
            agent: config.into(),
            system,
            address,
            headers,
        }
    }

    /// Where it is.
    pub(crate) fn url(&self) -> &str {
        self.address.as_str()
    }

    /// How it begins to answer a question, which is asked again where it says when.
    pub(crate) fn get(&self, path: &str, asked: &[(&str, &str)]) -> Result<Answer<'_>, AskError> {
        let url = format!("{}/{path}", self.url());
        let error = |what: &str, help: &str| AskError {
            system: self.system,
            url: url.clone(),
            what: what.to_owned(),
            help: help.to_owned(),
        };
        if cfg!(not(feature = "tls")) && self.address.is_secure() {
            return Err(error(
                "this build knows no https",
                "install one that does: `cargo install cargo-slo --features tls`; it needs a C compiler",
            ));
        }
        // Each byte is spelt with three signs at most.
        let lengths = asked
            .iter()
            .map(|(name, value)| name.len() + 3 * value.len() + 2);
        if url.len() + lengths.sum::<usize>() > MAX_QUESTION_BYTES {
            return Err(error(
                "the question is too long for an address",
                "names of services, journeys and endpoints are part of it: shorten them",
            ));
        }
        let mut attempt = 1;
        loop {
            let mut request = self.agent.get(&url);
            for (name, value) in asked {
                request = request.query(name, value);
            }
            for (name, value) in self.headers.each() {
                request = request.header(name, value);
            }
            let response = request
                .call()
                .map_err(|error| AskError::connection(self.system, &url, &error))?;
            match wait(&response) {
                Some(wait) if wait <= MAX_WAIT && attempt < MAX_ATTEMPTS => thread::sleep(wait),
                _ => {
                    return Ok(Answer {
                        client: self,
                        url,
                        response,
                    });
                }
            }
            attempt += 1;
        }
    }

    /// What it answers to a question, as JSON of at most this many bytes; `None` where it knows
    /// nothing of that name.
    pub(crate) fn json<T: DeserializeOwned>(
        &self,
        path: &str,
        asked: &[(&str, &str)],
        max_bytes: u64,
    ) -> Result<Option<T>, AskError> {
        let answer = self.get(path, asked)?;
        if answer.status() == StatusCode::NOT_FOUND {
            let (error, body) = answer.refusal();
            // Whatever else listens there has no JSON for what it does not know.
            return match serde_json::from_str::<Value>(&body) {
                Ok(Value::Object(_)) => Ok(None),
                _ => Err(error),
            };
        }
        if !answer.status().is_success() {
            return Err(answer.refusal().0);
        }
        let unreadable = answer.unreadable();
        serde_json::from_reader(io::BufReader::new(answer.body(max_bytes)))
            .map(Some)
            .map_err(|error| unreadable(&error))
    }

    /// An error about an answer that was read.
    pub(crate) fn error(&self, path: &str, what: impl Into<String>, help: &str) -> AskError {
        AskError {
            system: self.system,
            url: format!("{}/{path}", self.url()),
            what: what.into(),
            help: help.to_owned(),
        }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("url", &self.url())
            .finish_non_exhaustive()
    }
}

/// How long to wait before the same is asked again, where the system says so.
fn wait(response: &http::Response<ureq::Body>) -> Option<Duration> {
    if response.status() != StatusCode::TOO_MANY_REQUESTS {
        return None;
    }
    let seconds = |name: &str| response.headers().get(name)?.to_str().ok()?.parse().ok();
    let seconds = seconds("retry-after").or_else(|| seconds("x-ratelimit-reset"));
    seconds.map(Duration::from_secs)
}

/// How a system begins to answer.
pub(crate) struct Answer<'c> {
    client: &'c Client,
    url: String,
    response: http::Response<ureq::Body>,
}

impl Answer<'_> {
    /// Its status.
    pub(crate) fn status(&self) -> StatusCode {
        self.response.status()
    }

    /// The rest of it, at most this many bytes.
    pub(crate) fn body(self, max_bytes: u64) -> impl Read {
        let body = self.response.into_body().into_with_config();
        body.limit(max_bytes).reader()
    }

    /// The error that it is not what the system would answer.
    pub(crate) fn unreadable(&self) -> impl Fn(&dyn fmt::Display) -> AskError + use<> {
        let (system, url) = (self.client.system, self.url.clone());
        move |error| AskError {
            system,
            url: url.clone(),
            what: format!("the response is not {}: {error}", system.answer),
            help: system.root.to_owned(),
        }
    }

    /// Returns the refusal as an error, and what its body says.
    pub(crate) fn refusal(self) -> (AskError, String) {
        let (client, url, status) = (self.client, self.url.clone(), self.status());
        let mut body = Vec::new();
        // What arrives of it is enough.
        let _ = read_at_most(self.body(MAX_REFUSAL_BYTES), MAX_REFUSAL_BYTES, &mut body);
        let body = String::from_utf8_lossy(&body).into_owned();
        let system = client.system;
        let told = explanation(&body).map(|told| client.headers.redacted(&told));
        let help = match (status, &told) {
            (status, _) if status.is_redirection() => {
                "it is not followed to another address: write the one that it leads to; a login page \
                 means that it asks who you are"
            }
            (StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN, _) => system.sign_in,
            (StatusCode::TOO_MANY_REQUESTS, _) => "it is asked too often: ask again later",
            (status, _) if status.is_server_error() => {
                "it fails, or what stands before it: ask again later"
            }
            (_, None) => system.root,
            // It says itself what is wrong.
            (_, Some(_)) => "",
        };
        let error = AskError {
            system,
            url,
            what: match told {
                Some(told) => format!("it answers {status}: {told}"),
                None => format!("it answers {status}"),
            },
            help: help.to_owned(),
        };
        (error, body)
    }
}

/// What the body of a refusal says, in the shapes that such bodies have.
fn explanation(body: &str) -> Option<String> {
    let body: Value = serde_json::from_str(body).ok()?;
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let list = |value: &Value| {
        let texts = value.as_array()?.iter().filter_map(Value::as_str);
        Some(texts.collect::<Vec<_>>().join(", "))
    };
    let told = text(&body["error"])
        .or_else(|| text(&body["message"]))
        .or_else(|| list(&body["errors"]))
        .filter(|told| !told.is_empty())?;
    Some(match told.char_indices().nth(MAX_TOLD) {
        Some((at, _)) => format!("{}…", &told[..at]),
        None => told,
    })
}
