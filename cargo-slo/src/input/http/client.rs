//! Questions to a system.

use super::{
    Address, Answer, AskError, Headers, System, Tls, TlsError, retries::Again, tls::explain,
};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::{
    fmt, io,
    sync::atomic::{AtomicBool, Ordering::Relaxed},
    thread,
    time::{Duration, Instant},
};
use ureq::http::{Response, StatusCode};

/// No answer by then is none, however slowly it arrives. A quarter of a year is read from disk for
/// some of them.
const PATIENCE: Duration = Duration::from_secs(120);

/// A connection may take this part of the time for an answer, TLS included.
const CONNECTION_PART: u32 = 6;

/// Longest head of an answer.
const MAX_HEAD_BYTES: usize = 64 << 10;

/// Longest question, as it is written into an address, in bytes: longer ones are none for HTTP.
const MAX_ADDRESS_BYTES: usize = 60_000;

/// Longest question in a form, in bytes; servers read ten times as much.
const MAX_FORM_BYTES: usize = 1 << 20;

/// A wait that a person notices.
const WORTH_TELLING: Duration = Duration::from_secs(1);

/// A system at an address. It is only ever asked, each request is a GET, or a POST of a question; but for
/// [`send`](Client::send), which the check of a pipeline exports counts of its own by.
pub(crate) struct Client {
    agent: ureq::Agent,
    system: &'static System,
    address: Address,
    headers: Headers,
    tls: Tls,
    patience: Duration,
    /// Questions are part of the address.
    takes_no_form: AtomicBool,
    /// Told what a person should know while it takes longer.
    tell: fn(&str),
}

/// How a question is sent.
#[derive(Clone, Copy)]
enum Method {
    Get,
    Post,
}

impl Client {
    /// Returns the one at this address; the headers go with each request. No redirect is followed:
    /// nothing is asked that nobody named, and nothing secret is sent there.
    pub(crate) fn at(system: &'static System, address: Address, headers: Headers) -> Client {
        Client::within(PATIENCE, system, address, headers)
    }

    /// The same with another patience, for each question with all of its attempts.
    pub(crate) fn within(
        patience: Duration,
        system: &'static System,
        address: Address,
        headers: Headers,
    ) -> Client {
        Client {
            agent: agent(&Tls::default(), patience / CONNECTION_PART),
            system,
            address,
            headers,
            tls: Tls::default(),
            patience,
            takes_no_form: AtomicBool::new(false),
            tell: |_| {},
        }
    }

    /// Returns the same, which tells of each time that it asks again.
    #[must_use]
    pub(crate) fn telling(self, tell: fn(&str)) -> Client {
        Client { tell, ..self }
    }

    /// Returns the same, which waits so long for each answer.
    #[must_use]
    pub(crate) fn waiting(self, patience: Duration) -> Client {
        Client { patience, ..self }
    }

    /// Returns the same, which believes and is believed by this.
    #[must_use]
    pub(crate) fn with_tls(self, tls: Tls) -> Client {
        let agent = agent(&tls, self.patience / CONNECTION_PART);
        Client { agent, tls, ..self }
    }

    /// Its address.
    pub(crate) fn address(&self) -> &Address {
        &self.address
    }

    /// Where it is.
    pub(crate) fn url(&self) -> &str {
        self.address.as_str()
    }

    /// How it begins to answer what is sent to it, once.
    pub(crate) fn send(
        &self,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Result<Answer<'_>, AskError> {
        let url = format!("{}{path}", self.url());
        self.check(Method::Post, &url, &[])?;
        let all = self.headers.each().chain(headers.iter().copied());
        let request = all.fold(self.agent.post(&url), |request, (name, value)| {
            request.header(name, value)
        });
        let request = request.config().timeout_global(Some(self.patience)).build();
        let response = request.send(body).map_err(|error| {
            let of_tls = explain(&error, &self.tls);
            AskError::connection(self.system, &url, &error, of_tls, 1)
        })?;
        Ok(Answer {
            client: self,
            url,
            response,
        })
    }

    /// How it begins to answer what is asked for by an address.
    pub(crate) fn get(&self, path: &str, asked: &[(&str, &str)]) -> Result<Answer<'_>, AskError> {
        self.answer(Method::Get, path, asked)
    }

    /// How it begins to answer a question that may be too long for an address. It is sent as a form;
    /// by an address where the system takes none, which is told.
    pub(crate) fn post(&self, path: &str, asked: &[(&str, &str)]) -> Result<Answer<'_>, AskError> {
        if !self.takes_no_form.load(Relaxed) {
            let answer = self.answer(Method::Post, path, asked)?;
            match answer.status() {
                StatusCode::METHOD_NOT_ALLOWED | StatusCode::NOT_IMPLEMENTED => {}
                _ => return Ok(answer),
            }
            let status = answer.status();
            self.tell(&format!("it answers {status} to POST, and is asked by GET"));
            self.takes_no_form.store(true, Relaxed);
        }
        self.answer(Method::Get, path, asked)
    }

    /// Asks until there is an answer, or no more time for one.
    fn answer(
        &self,
        method: Method,
        path: &str,
        asked: &[(&str, &str)],
    ) -> Result<Answer<'_>, AskError> {
        let url = format!("{}/{path}", self.url());
        self.check(method, &url, asked)?;
        let end = Instant::now() + self.patience;
        let (mut before, mut last_why) = (0, None::<String>);
        loop {
            let left = end.saturating_duration_since(Instant::now());
            let attempt = self.attempt(method, &url, asked, left);
            let again = Again::after(&attempt, before);
            before += 1;
            if let Some(Again { why, wait }) = again
                && Instant::now() + wait < end
            {
                if wait >= WORTH_TELLING {
                    self.tell(&format!("{why}; it is asked again in {} s", wait.as_secs()));
                }
                thread::sleep(wait);
                last_why = Some(why);
                continue;
            }
            let response = attempt.map_err(|error| {
                let of_tls = explain(&error, &self.tls);
                AskError::connection(self.system, &url, &error, of_tls, before)
            })?;
            if let Some(why) = last_why {
                self.tell(&format!("{why}; it was asked {before} times"));
            }
            return Ok(Answer {
                client: self,
                url,
                response,
            });
        }
    }

    /// What can't be asked at all.
    fn check(&self, method: Method, url: &str, asked: &[(&str, &str)]) -> Result<(), AskError> {
        let error = |what: &str, help: &str| AskError {
            system: self.system,
            url: url.to_owned(),
            what: what.to_owned(),
            help: help.to_owned(),
        };
        if cfg!(not(feature = "tls")) && self.address.is_secure() {
            let absent = TlsError::NotBuiltIn;
            return Err(error(&absent.to_string(), absent.help()));
        }
        // Each byte is spelt with three signs at most.
        let lengths = asked
            .iter()
            .map(|(name, value)| name.len() + 3 * value.len() + 2);
        let most = match method {
            Method::Get => MAX_ADDRESS_BYTES,
            Method::Post => MAX_FORM_BYTES,
        };
        match url.len() + lengths.sum::<usize>() <= most {
            true => Ok(()),
            false => Err(error(
                "the question is too long",
                "names of services, journeys and endpoints are part of it: shorten them",
            )),
        }
    }

    fn attempt(
        &self,
        method: Method,
        url: &str,
        asked: &[(&str, &str)],
        patience: Duration,
    ) -> Result<Response<ureq::Body>, ureq::Error> {
        let headers = || self.headers.each().chain([("accept-encoding", "gzip")]);
        match method {
            Method::Get => {
                let request = self.agent.get(url).query_pairs(asked.iter().copied());
                let request = headers().fold(request, |request, (name, value)| {
                    request.header(name, value)
                });
                let request = request.config().timeout_global(Some(patience)).build();
                request.call()
            }
            Method::Post => {
                let request = headers().fold(self.agent.post(url), |request, (name, value)| {
                    request.header(name, value)
                });
                let request = request.config().timeout_global(Some(patience)).build();
                request.send_form(asked.iter().copied())
            }
        }
    }

    /// What it is called, and what helps where it does not answer.
    pub(super) fn system(&self) -> &'static System {
        self.system
    }

    /// What goes with each request.
    pub(super) fn headers(&self) -> &Headers {
        &self.headers
    }

    fn tell(&self, what: &str) {
        (self.tell)(&format!("{}: {}: {what}", self.url(), self.system.name));
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

/// What sends requests, and waits this long for a connection. It follows no redirect.
pub(super) fn agent(tls: &Tls, patience: Duration) -> ureq::Agent {
    let config = ureq::Agent::config_builder();
    #[cfg(feature = "tls")]
    let config = config.tls_config(tls.config());
    #[cfg(not(feature = "tls"))]
    let _ = tls;
    let config = config
        .timeout_connect(Some(patience))
        .max_redirects(0)
        .max_response_header_size(MAX_HEAD_BYTES)
        .http_status_as_error(false)
        .user_agent(crate::GENERATOR.replace(' ', "/"));
    config.build().into()
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("url", &self.url())
            .finish_non_exhaustive()
    }
}
