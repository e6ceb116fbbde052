//! Questions to a Prometheus, and its answers.

use super::{
    Address, Headers, Labels,
    answer::{self, Step},
};
use crate::diagnostics::Diagnostic;
use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use std::{
    collections::BTreeSet,
    fmt,
    path::Path,
    sync::{Mutex, PoisonError},
    time::Duration,
};

/// No answer by then is none, however slowly it arrives. A quarter of a year is read from disk for
/// some of them.
const PATIENCE: Duration = Duration::from_secs(120);

/// The rules of twenty thousand SLOs are some hundred mebibytes.
const MAX_ANSWER_BYTES: u64 = 1 << 30;

/// Longest head of an answer.
const MAX_HEAD_BYTES: usize = 64 << 10;

/// Longest question, as it is written into an address, in bytes: longer ones are none for HTTP.
const MAX_QUESTION_BYTES: usize = 60_000;

/// VictoriaMetrics would move the moments it is asked for: to whole steps, or half a minute back.
/// Others don't know it.
const AS_ASKED: (&str, &str) = ("nocache", "1");

/// Where an answer has its series.
const RESULT: &[Step] = &[Step::Key("result"), Step::Each];

/// Why there was no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskError {
    /// The address that was asked.
    pub url: String,
    /// What happened.
    pub what: String,
}

impl AskError {
    /// Returns the error as it is told to people.
    pub fn diagnostic(&self) -> Diagnostic {
        Diagnostic::error(format!("querying Prometheus failed: {}", self.what))
            .at(Path::new(&self.url))
            .with_help("name its address as a browser would, such as `http://prometheus:9090`")
    }
}

impl fmt::Display for AskError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: querying Prometheus failed: {}", self.url, self.what)
    }
}

impl std::error::Error for AskError {}

/// A Prometheus at an address.
pub struct Prometheus {
    agent: ureq::Agent,
    address: Address,
    headers: Headers,
    lacking: Mutex<BTreeSet<String>>,
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

/// A series with its values at several moments.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Series {
    /// Its labels.
    pub(crate) metric: Labels,
    /// The values, each with its time in seconds since the epoch.
    #[serde(deserialize_with = "values")]
    pub(crate) values: Vec<(f64, f64)>,
}

/// The values of a series; what is not a number is left out.
fn values<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<(f64, f64)>, D::Error> {
    struct Value(f64);
    impl<'de> Deserialize<'de> for Value {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
            let text = String::deserialize(deserializer)?;
            Ok(Value(text.parse().unwrap_or(f64::NAN)))
        }
    }
    let values = Vec::<(f64, Value)>::deserialize(deserializer)?;
    Ok(values
        .into_iter()
        .map(|(time, Value(value))| (time, value))
        .collect())
}

impl Prometheus {
    /// Returns the one at this address; the headers go with each request. No redirect is followed:
    /// nothing is asked that nobody named, and nothing secret is sent there.
    pub fn at(address: Address, headers: Headers) -> Prometheus {
        Prometheus::within(PATIENCE, address, headers)
    }

    fn within(patience: Duration, address: Address, headers: Headers) -> Prometheus {
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
        Prometheus {
            agent: config.into(),
            address,
            headers,
            lacking: Mutex::default(),
        }
    }

    /// Where it is.
    pub fn url(&self) -> &str {
        self.address.as_str()
    }

    /// Returns why its answers lack something, as far as it said so; nothing if they are whole.
    pub fn partial(&self) -> Option<Diagnostic> {
        let lacking = self.lacking.lock().unwrap_or_else(PoisonError::into_inner);
        let told = || {
            Diagnostic::warning("a partial answer: counts are too low, and rules may be missing")
                .at(Path::new(self.url()))
        };
        (!lacking.is_empty()).then(|| {
            lacking
                .iter()
                .fold(told(), |told, why| told.with_note(why.clone()))
                .with_help("ask again when all parts of the store are reachable")
        })
    }

    /// The series of an expression, now; `keep` says how many bytes it keeps of each.
    pub(crate) fn query(
        &self,
        query: &str,
        mut keep: impl FnMut(Sample) -> usize,
    ) -> Result<(), AskError> {
        let asked = [("query", query), AS_ASKED];
        self.get("api/v1/query", &asked, RESULT, &mut keep)
    }

    /// The series of an expression at a moment, in milliseconds since 1970.
    pub(crate) fn query_at<T: DeserializeOwned>(
        &self,
        query: &str,
        moment: i64,
        mut keep: impl FnMut(T) -> usize,
    ) -> Result<(), AskError> {
        let (seconds, rest) = (moment.div_euclid(1000), moment.rem_euclid(1000));
        let moment = format!("{seconds}.{rest:03}");
        let asked = [("query", query), ("time", &moment)];
        self.get("api/v1/query", &asked, RESULT, &mut keep)
    }

    /// The series of an expression at the moments from `start` to `end`, `step` seconds apart.
    pub(crate) fn range(
        &self,
        query: &str,
        start: u64,
        end: u64,
        step: u64,
        mut keep: impl FnMut(Series) -> usize,
    ) -> Result<(), AskError> {
        let [start, end, step] = [start, end, step].map(|seconds| seconds.to_string());
        let asked = [
            ("query", query),
            ("start", &start),
            ("end", &end),
            ("step", &step),
            AS_ASKED,
        ];
        self.get("api/v1/query_range", &asked, RESULT, &mut keep)
    }

    /// The items of its answer to a request, where a way leads to them.
    pub(crate) fn get<T: DeserializeOwned>(
        &self,
        path: &str,
        asked: &[(&str, &str)],
        way: &[Step],
        keep: &mut dyn FnMut(T) -> usize,
    ) -> Result<(), AskError> {
        let url = format!("{}/{path}", self.url());
        let failed = |what: String| AskError {
            url: url.clone(),
            what,
        };
        if cfg!(not(feature = "tls")) && self.address.is_secure() {
            return Err(failed(
                "https needs a build with it: `cargo install cargo-slo --features tls`".to_owned(),
            ));
        }
        // Each byte is spelt with three signs at most.
        let lengths = asked
            .iter()
            .map(|(name, value)| name.len() + 3 * value.len() + 2);
        if url.len() + lengths.sum::<usize>() > MAX_QUESTION_BYTES {
            return Err(failed("the question is too long for an address".to_owned()));
        }
        let mut request = self.agent.get(&url);
        for (name, value) in asked {
            request = request.query(name, value);
        }
        for (name, value) in self.headers.each() {
            request = request.header(name, value);
        }
        let response = request.call().map_err(|error| failed(error.to_string()))?;
        let status = response.status();
        if status.is_redirection() {
            return Err(failed(format!(
                "it answers {status}, and is not followed to another address"
            )));
        }
        let body = response.into_body().into_with_config();
        let body = body.limit(MAX_ANSWER_BYTES).reader();
        let head = answer::read(body, way, keep).map_err(|error| {
            failed(match status.is_success() {
                true => format!("the response is not a Prometheus API response: {error}"),
                false => format!("it answers {status}"),
            })
        })?;
        let mut lacking = self.lacking.lock().unwrap_or_else(PoisonError::into_inner);
        lacking.extend(head.warnings);
        if head.is_partial {
            lacking
                .insert("the store says `isPartial`: some of its nodes did not answer".to_owned());
        }
        match head.has_data && head.status == "success" {
            true => Ok(()),
            false => Err(failed(format!("it answers {status}: {}", head.error))),
        }
    }
}

impl fmt::Debug for Prometheus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Prometheus")
            .field("url", &self.url())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        io::{Read, Write},
        net::TcpListener,
        time::Instant,
    };

    /// What a stranger answers, each time a moment later, for as long as somebody listens.
    fn asked(first: &[u8], again: &'static [u8], every: Duration) -> (AskError, Duration) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let first = first.to_vec();
        let answering = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let _ = stream.read(&mut [0; 4096]);
            let mut is_heard = stream.write_all(&first).is_ok();
            while is_heard {
                std::thread::sleep(every);
                is_heard = stream.write_all(again).is_ok();
            }
        });
        let address = Address::parse(&address).unwrap();
        let patience = Duration::from_millis(700);
        let prometheus = Prometheus::within(patience, address, Headers::default());
        let start = Instant::now();
        let error = prometheus.query("up", |_| 0).unwrap_err();
        let took = start.elapsed();
        drop(prometheus);
        answering.join().unwrap();
        (error, took)
    }

    #[test]
    fn whoever_answers_slowly_is_not_waited_for() {
        let head = b"HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n{\"status\": \"success\"";
        let chunked = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
        let drip = Duration::from_millis(50);
        for (first, again) in [
            (&head[..], &b" "[..]),
            (&chunked[..], b"1\r\n \r\n"),
            (b"HTTP/1.1 200 OK\r\n", b"x: y\r\n"),
            (b"", b"H"),
        ] {
            let (error, took) = asked(first, again, drip);
            assert!(took < Duration::from_secs(5), "{took:?}: {error}");
        }
    }

    /// The name of a series is from the store, and becomes a part of the next question.
    #[test]
    fn questions_have_an_end() {
        let address = Address::parse("http://127.0.0.1:1").unwrap();
        let prometheus = Prometheus::at(address, Headers::default());
        for (length, is_asked) in [(19_000, true), (20_000, false), (1 << 20, false)] {
            let error = prometheus
                .query(&"é".repeat(length / 2), |_| 0)
                .unwrap_err();
            assert_eq!(!error.what.contains("too long"), is_asked, "{error}");
        }
    }

    #[test]
    fn heads_have_an_end() {
        for again in [
            &b"x: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n"[..],
            b"y",
        ] {
            let first = b"HTTP/1.1 200 OK\r\nx: y";
            let (error, _) = asked(first, again, Duration::ZERO);
            assert!(!error.what.is_empty());
        }
    }

    #[test]
    fn chunks_without_end_are_read_to_an_end() {
        let first = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n";
        let (error, _) = asked(first, b"1000\r\n", Duration::ZERO);
        assert!(
            error.what.contains("not a Prometheus API response"),
            "{error}"
        );
    }
}
