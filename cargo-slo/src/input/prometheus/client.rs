//! Questions to a Prometheus, and its answers.

use super::{
    Labels,
    answer::{self, Step},
    moments::{Checked, Moments, SEEN_BYTES, Seconds, Timed},
};
use crate::{
    diagnostics::Diagnostic,
    input::http::{Address, Answer, AskError, Client, Headers, System, Tls},
};
use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use std::{
    collections::BTreeSet,
    fmt,
    path::Path,
    sync::{Mutex, PoisonError},
    time::Duration,
};

const PROMETHEUS: System = System {
    name: "Prometheus",
    answer: "a Prometheus API response",
    example: "http://prometheus:9090",
    sign_in: "say who you are with a header, from the environment: `CARGO_SLO_HEADERS='Authorization: \
              Bearer …'`; a Mimir wants to know the tenant: `--header 'X-Scope-OrgID: …'`",
    root: "its address is that before `/api/v1`, such as `http://prometheus:9090` or \
           `http://mimir/prometheus`; a Grafana is written `grafana+http://…`",
};

/// The rules of twenty thousand SLOs are some hundred mebibytes.
const MAX_ANSWER_BYTES: u64 = 1 << 30;

/// What keeps a store from answering another question. Those that don't know a parameter ignore it.
const AS_ASKED: &[(&str, &str)] = &[
    // VictoriaMetrics would move the moments: to whole steps, or half a minute back.
    ("nocache", "1"),
    // Thanos would answer without the stores that fail, count what two replicas have twice, and take
    // samples five minutes or an hour apart for old ones. Of a store that it knows to be dead, version 0.39
    // warns all the same: warnings count, too.
    ("partial_response", "false"),
    ("dedup", "true"),
    ("max_source_resolution", "0s"),
];

/// The way to what an expression is at one moment.
const QUERY: &str = "api/v1/query";

/// The way to what it is at several.
const QUERY_RANGE: &str = "api/v1/query_range";

/// Where an answer has its series.
const RESULT: &[Step] = &[Step::Key("result"), Step::Each];

/// A Prometheus at an address.
pub struct Prometheus {
    client: Client,
    lacking: Mutex<BTreeSet<String>>,
}

/// A series with its value now.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Sample {
    /// Its labels.
    pub(crate) metric: Labels,
    pub(super) value: (f64, String),
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
        Prometheus {
            client: Client::at(&PROMETHEUS, address, headers),
            lacking: Mutex::default(),
        }
    }

    /// Returns the same, which believes and is believed by this.
    #[must_use]
    pub fn with_tls(self, tls: Tls) -> Prometheus {
        let client = self.client.with_tls(tls);
        Prometheus { client, ..self }
    }

    /// Returns the same, which tells of each time that it asks again.
    #[must_use]
    pub fn telling(self, tell: fn(&str)) -> Prometheus {
        let client = self.client.telling(tell);
        Prometheus { client, ..self }
    }

    /// Returns the same, which waits so long for the answer to each question.
    #[must_use]
    pub(crate) fn within(self, patience: Duration) -> Prometheus {
        let client = self.client.waiting(patience);
        Prometheus { client, ..self }
    }

    /// Where it is.
    pub fn url(&self) -> &str {
        self.client.url()
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
        keep: impl FnMut(Sample) -> usize,
    ) -> Result<(), AskError> {
        self.ask(QUERY, &[("query", query)], Moments::Now, keep)
    }

    /// The series of an expression at a moment, in milliseconds since 1970.
    pub(crate) fn query_at(
        &self,
        query: &str,
        moment: i64,
        keep: impl FnMut(Sample) -> usize,
    ) -> Result<(), AskError> {
        let time = Seconds(moment).to_string();
        let asked = [("query", query), ("time", &time)];
        self.ask(QUERY, &asked, Moments::At(moment), keep)
    }

    /// The samples of a selector, as they were stored, of a stretch before a moment; both in
    /// milliseconds, and the moment since 1970.
    pub(crate) fn samples(
        &self,
        selector: &str,
        length: i64,
        moment: i64,
        keep: impl FnMut(Series) -> usize,
    ) -> Result<(), AskError> {
        if length <= 0 {
            return Ok(());
        }
        let (query, time) = (ranged(selector, length), Seconds(moment).to_string());
        let asked = [("query", &*query), ("time", &time)];
        let moments = Moments::Within {
            start: moment - length,
            end: moment,
        };
        self.ask(QUERY, &asked, moments, keep)
    }

    /// The series of an expression at the moments from `start` to `end`, `step` seconds apart.
    pub(crate) fn range(
        &self,
        query: &str,
        start: u64,
        end: u64,
        step: u64,
        keep: impl FnMut(Series) -> usize,
    ) -> Result<(), AskError> {
        let [start, end, step] =
            [start, end, step].map(|seconds| i64::try_from(seconds).unwrap_or(i64::MAX / 1000));
        let moments = Moments::Steps {
            start: start * 1000,
            end: end * 1000,
            step: step.max(1) * 1000,
        };
        let [start, end, step] = [start, end, step].map(|seconds| seconds.to_string());
        let asked = [
            ("query", query),
            ("start", &start),
            ("end", &end),
            ("step", &step),
        ];
        self.ask(QUERY_RANGE, &asked, moments, keep)
    }

    /// Asks for series, which are those of the moments that are asked for, each once.
    fn ask<T: DeserializeOwned + Timed>(
        &self,
        path: &str,
        asked: &[(&str, &str)],
        moments: Moments,
        mut keep: impl FnMut(T) -> usize,
    ) -> Result<(), AskError> {
        let answer = self.client.post(path, &[asked, AS_ASKED].concat())?;
        let mut checked = Checked::new(moments);
        self.read(
            path,
            answer,
            RESULT,
            &mut |series: T| match checked.is_right(&series) {
                true => keep(series) + SEEN_BYTES,
                false => 0,
            },
        )?;
        match checked.into_wrong() {
            None => Ok(()),
            Some(wrong) => Err(self.untrusted_at(path, wrong)),
        }
    }

    /// The items of its answer to a request, where a way leads to them.
    pub(crate) fn get<T: DeserializeOwned>(
        &self,
        path: &str,
        asked: &[(&str, &str)],
        way: &[Step],
        keep: &mut dyn FnMut(T) -> usize,
    ) -> Result<(), AskError> {
        let answer = self.client.get(path, asked)?;
        self.read(path, answer, way, keep)
    }

    fn read<T: DeserializeOwned>(
        &self,
        path: &str,
        answer: Answer<'_>,
        way: &[Step],
        keep: &mut dyn FnMut(T) -> usize,
    ) -> Result<(), AskError> {
        let status = answer.status();
        // It explains in JSON what it could not do.
        if !status.is_success() {
            return Err(answer.refusal().0);
        }
        let unreadable = answer.unreadable();
        let head = answer::read(answer.body(MAX_ANSWER_BYTES), way, keep)
            .map_err(|error| unreadable(&error))?;
        let mut lacking = self.lacking.lock().unwrap_or_else(PoisonError::into_inner);
        lacking.extend(head.warnings);
        lacking.extend(head.infos.into_iter().filter(|info| !is_harmless(info)));
        if head.is_partial {
            lacking
                .insert("the store says `isPartial`: some of its nodes did not answer".to_owned());
        }
        match head.has_data && head.status == "success" {
            true => Ok(()),
            false => {
                let what = format!("it answers {status}: {}", head.error);
                Err(self.client.error(path, what, ""))
            }
        }
    }

    /// An error about an answer that no number is made of.
    pub(crate) fn untrusted(&self, what: impl Into<String>) -> AskError {
        self.untrusted_at(QUERY, what)
    }

    fn untrusted_at(&self, path: &str, what: impl Into<String>) -> AskError {
        let help = "something between here and the data answers another question than was asked; ask the \
                    store itself, without a proxy or a cache before it";
        self.client.error(path, what, help)
    }
}

/// What a selector stands for with a stretch of time in milliseconds: `up[30s]`.
pub(crate) fn ranged(selector: &str, length: i64) -> String {
    match length % 1000 {
        0 => format!("{selector}[{}s]", length / 1000),
        _ => format!("{selector}[{length}ms]"),
    }
}

/// Returns `true` for a remark on how a question is written. Everything else that a store says beside
/// an answer is taken for a reason why it lacks something: Prometheus also says in `infos` that it left
/// samples out.
fn is_harmless(info: &str) -> bool {
    // Names without `_total`, as Mimir and VictoriaMetrics keep them.
    info.starts_with("PromQL info: metric might not be a counter")
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
        let prometheus = Prometheus {
            client: Client::within(patience, &PROMETHEUS, address, Headers::default()),
            lacking: Mutex::default(),
        };
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
        for (length, is_asked) in [(300_000, true), (400_000, false), (1 << 20, false)] {
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
