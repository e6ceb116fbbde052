//! Questions to a Prometheus, and its answers.

use super::{Headers, Labels};
use crate::diagnostics::Diagnostic;
use serde::{Deserialize, de::DeserializeOwned};
use std::{fmt, path::Path, time::Duration};

/// No answer by then is none. A quarter of a year is read from disk for some of them.
const PATIENCE: Duration = Duration::from_secs(120);

/// The rules of twenty thousand SLOs are some hundred mebibytes.
const LARGEST: u64 = 1 << 30;

/// Why there was no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskError {
    /// The address that was asked.
    pub url: String,
    /// What happened.
    pub what: String,
}

impl AskError {
    /// The error as it is told to people.
    pub fn diagnostic(&self) -> Diagnostic {
        Diagnostic::error(format!("Prometheus can't be asked: {}", self.what))
            .at(Path::new(&self.url))
            .with_help("name its address as a browser would, such as `http://prometheus:9090`")
    }
}

impl fmt::Display for AskError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: Prometheus can't be asked: {}", self.url, self.what)
    }
}

impl std::error::Error for AskError {}

/// A Prometheus at an address.
pub struct Prometheus {
    agent: ureq::Agent,
    /// The address with user and password, which is never shown.
    asked: String,
    /// The address without them.
    url: String,
    headers: Headers,
}

#[derive(Deserialize)]
struct Answer<T> {
    status: String,
    data: Option<T>,
    #[serde(default)]
    error: String,
}

#[derive(Deserialize)]
struct Vector {
    result: Vec<Sample>,
}

/// A series with its value now.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Sample {
    /// Its labels.
    pub(crate) metric: Labels,
    value: (f64, String),
}

impl Sample {
    /// The value, as Prometheus writes it.
    pub(crate) fn text(&self) -> &str {
        &self.value.1
    }
}

#[derive(Deserialize)]
struct Matrix {
    result: Vec<Series>,
}

/// A series with its values at several moments.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Series {
    /// Its labels.
    pub(crate) metric: Labels,
    values: Vec<(f64, String)>,
}

impl Series {
    /// The values, each with its time in seconds since the epoch.
    pub(crate) fn values(&self) -> impl Iterator<Item = (f64, &str)> {
        self.values.iter().map(|(time, value)| (*time, &**value))
    }
}

impl Prometheus {
    /// The one at this address; the headers go with each request, and with none that another
    /// host is named for.
    pub fn at(url: &str, headers: Headers) -> Prometheus {
        let config = ureq::Agent::config_builder().timeout_global(Some(PATIENCE));
        // Inside a company, certificates are rarely those that browsers know.
        #[cfg(feature = "tls")]
        let config = config.tls_config(
            ureq::tls::TlsConfig::builder()
                .root_certs(ureq::tls::RootCerts::PlatformVerifier)
                .build(),
        );
        // A token must not follow a redirect to wherever it leads.
        let config = match headers.is_empty() {
            true => config,
            false => config.max_redirects(0),
        };
        let config = config
            .http_status_as_error(false)
            .user_agent(crate::outputs::GENERATOR.replace(' ', "/"))
            .build();
        let url = url.trim_end_matches('/');
        Prometheus {
            agent: config.into(),
            asked: url.to_owned(),
            url: without_user(url),
            headers,
        }
    }

    /// Where it is, without the user and the password of its address.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The series of an expression, now.
    pub(crate) fn query(&self, query: &str) -> Result<Vec<Sample>, AskError> {
        let Vector { result } = self.get("api/v1/query", &[("query", query)])?;
        Ok(result)
    }

    /// The series of an expression at the moments from `start` to `end`, `step` seconds apart.
    pub(crate) fn range(
        &self,
        query: &str,
        start: u64,
        end: u64,
        step: u64,
    ) -> Result<Vec<Series>, AskError> {
        let [start, end, step] = [start, end, step].map(|seconds| seconds.to_string());
        let asked = [
            ("query", query),
            ("start", &start),
            ("end", &end),
            ("step", &step),
        ];
        let Matrix { result } = self.get("api/v1/query_range", &asked)?;
        Ok(result)
    }

    /// What it answers to a request.
    pub(crate) fn get<T: DeserializeOwned>(
        &self,
        path: &str,
        asked: &[(&str, &str)],
    ) -> Result<T, AskError> {
        let url = format!("{}/{path}", self.asked);
        // Whoever reports an error may quote the address.
        let failed = |what: String| AskError {
            url: format!("{}/{path}", self.url),
            what: match user_of(&self.asked) {
                Some(user) => what.replace(user, "…"),
                None => what,
            },
        };
        if cfg!(not(feature = "tls")) && url.starts_with("https:") {
            return Err(failed(
                "https needs a build with it: `cargo install cargo-slo --features tls`".to_owned(),
            ));
        }
        let mut request = self.agent.get(&url);
        for (name, value) in asked {
            request = request.query(name, value);
        }
        for (name, value) in self.headers.each() {
            request = request.header(name, value);
        }
        let mut response = request.call().map_err(|error| failed(error.to_string()))?;
        let status = response.status();
        let body = response
            .body_mut()
            .with_config()
            .limit(LARGEST)
            .read_to_vec();
        let body = body.map_err(|error| failed(error.to_string()))?;
        let answer: Answer<T> = serde_json::from_slice(&body).map_err(|error| {
            failed(match status.is_success() {
                true => format!("its answer is none of Prometheus: {error}"),
                false => format!("it answers {status}"),
            })
        })?;
        match answer.data {
            Some(data) if answer.status == "success" => Ok(data),
            _ => Err(failed(format!("it answers {status}: {}", answer.error))),
        }
    }
}

impl fmt::Debug for Prometheus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Prometheus")
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}

/// The user of an address, with the password: what stands before the last `@` ahead of the path.
fn user_of(url: &str) -> Option<&str> {
    let from = url.find("://").map_or(0, |at| at + 3);
    let rest = &url[from..];
    let host_ends = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    // A `/` in a password that nobody encoded belongs to it all the same.
    let user_ends = rest[..host_ends].rfind('@').or_else(|| rest.rfind('@'))?;
    Some(&rest[..user_ends])
}

fn without_user(url: &str) -> String {
    match user_of(url) {
        Some(user) => url.replacen(&format!("{user}@"), "", 1),
        None => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_shows_user_or_password() {
        for (url, shown) in [
            ("http://prometheus:9090", "http://prometheus:9090"),
            (
                "http://ci:hunter2@prometheus:9090",
                "http://prometheus:9090",
            ),
            ("https://ci:hunter2@host/select/0", "https://host/select/0"),
            ("http://ci:hun@ter2@host", "http://host"),
            ("http://ci:hunter2/x@host/p", "http://host/p"),
            ("ci:hunter2@host:9090", "host:9090"),
            ("http://hunter2@[::1]:9090/", "http://[::1]:9090"),
        ] {
            let prometheus = Prometheus::at(url, Headers::default());
            assert_eq!(prometheus.url(), shown);
            assert!(!format!("{prometheus:?}").contains("hunter2"));
            if url.contains("hunter2") {
                // Nobody answers there, and whatever is said about it is said without it.
                let local = url
                    .replace("prometheus", "127.0.0.1")
                    .replace("host", "127.0.0.1");
                let local = local.replace(":9090", ":1");
                let error = Prometheus::at(&local, Headers::default()).query("up");
                let error = error.unwrap_err();
                assert!(!format!("{error:?} {error}").contains("hunter2"), "{error}");
            }
        }
    }
}
