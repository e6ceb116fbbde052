//! A Collector with a store behind it, between which anything may happen to counts.

use super::faults::Faults;
use crate::servers::{decoded, parameter};
use opentelemetry_proto::tonic::{
    collector::metrics::v1::{
        ExportMetricsPartialSuccess, ExportMetricsServiceRequest, ExportMetricsServiceResponse,
    },
    common::v1::{KeyValue, any_value::Value as Any},
    metrics::v1::{NumberDataPoint, metric::Data, number_data_point::Value as Number},
};
use prost::Message;
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

/// What both do, where they don't do what they should.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Trouble {
    #[default]
    None,
    StoreHangs,
    StoreFails,
    StoreAnswersGarbage,
    StoreLacksNodes,
    /// It has nothing of this tenant.
    StoreIsAnothers,
    StoreHasNativeHistograms,
    CollectorHangs,
    CollectorFails,
    CollectorWantsAToken,
    CollectorTakesAPart,
    CollectorIsALoginPage,
    CollectorFailsLater,
}

/// Labels with their values, the name among them.
pub(super) type Labels = BTreeMap<String, String>;

#[derive(Debug)]
struct Point {
    labels: Labels,
    milliseconds: u64,
    value: f64,
    arrived: Instant,
}

#[derive(Debug, Default)]
struct State {
    points: Vec<Point>,
    /// What each series said last.
    before: BTreeMap<Labels, f64>,
    exports: usize,
    /// The heads of exports.
    heads: Vec<String>,
    /// All points, as they were sent.
    sent: Vec<(Labels, f64)>,
}

/// It ends with the process of the tests.
#[derive(Debug)]
pub(super) struct Fake {
    pub(super) url: String,
    state: Arc<Mutex<State>>,
}

impl Fake {
    pub(super) fn start(faults: Faults, trouble: Trouble) -> Fake {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::<Mutex<State>>::default();
        let kept = Arc::clone(&state);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (faults, state) = (faults.clone(), Arc::clone(&state));
                thread::spawn(move || respond(&stream.unwrap(), &faults, trouble, &state));
            }
        });
        Fake { url, state: kept }
    }

    /// The points that were sent so far, whatever became of them.
    pub(super) fn sent(&self) -> Vec<(Labels, f64)> {
        self.state.lock().unwrap().sent.clone()
    }

    /// The heads of the exports so far.
    pub(super) fn heads(&self) -> Vec<String> {
        self.state.lock().unwrap().heads.clone()
    }
}

/// The head of a request, and its body.
fn request(stream: &TcpStream) -> Option<(String, Vec<u8>)> {
    let mut reader = BufReader::new(stream);
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim_end().to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        head += &format!("{line}\n");
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some((head, body))
}

fn respond(mut stream: &TcpStream, faults: &Faults, trouble: Trouble, state: &Mutex<State>) {
    let Some((head, body)) = request(stream) else {
        return;
    };
    let is_export = head.starts_with("post /v1/metrics ");
    let hangs = match is_export {
        true => Trouble::CollectorHangs,
        false => Trouble::StoreHangs,
    };
    if trouble == hangs {
        thread::sleep(Duration::from_secs(60));
        return;
    }
    let (status, answer) = match is_export {
        true => export(&head, &body, faults, trouble, &mut state.lock().unwrap()),
        false => query(
            &String::from_utf8(body).unwrap(),
            trouble,
            &state.lock().unwrap(),
        ),
    };
    let head = format!(
        "HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
        answer.len()
    );
    let _ = stream.write_all(&[head.as_bytes(), &answer].concat());
}

fn export(
    head: &str,
    body: &[u8],
    faults: &Faults,
    trouble: Trouble,
    state: &mut State,
) -> (&'static str, Vec<u8>) {
    state.heads.push(head.to_owned());
    state.exports += 1;
    let json = |text: &str| json!({"message": text}).to_string().into_bytes();
    match trouble {
        Trouble::CollectorFails => return ("503 Service Unavailable", json("queue is full")),
        Trouble::CollectorFailsLater if state.exports > 2 => {
            return ("500 Internal Server Error", json("queue is full"));
        }
        Trouble::CollectorWantsAToken => return ("401 Unauthorized", json("no token")),
        Trouble::CollectorIsALoginPage => return ("200 OK", b"<html>Sign in".to_vec()),
        _ => {}
    }
    let plain = match head.contains("content-encoding: gzip") {
        true => {
            let mut plain = Vec::new();
            let mut decoder = flate2::read::GzDecoder::new(body);
            decoder.read_to_end(&mut plain).unwrap();
            plain
        }
        false => body.to_vec(),
    };
    let export = ExportMetricsServiceRequest::decode(&*plain).unwrap();
    let sent = points(&export).into_iter();
    state
        .sent
        .extend(sent.map(|(labels, _, value)| (labels, value)));
    // Each of two replicas exports three times.
    if !(faults.last_export_lost && state.exports > 4) {
        for (labels, milliseconds, value) in points(&export) {
            take(&labels, milliseconds, value, faults, state);
        }
    }
    let partial_success =
        (trouble == Trouble::CollectorTakesAPart).then(|| ExportMetricsPartialSuccess {
            rejected_data_points: 3,
            error_message: "out of order\u{1b}[31m".to_owned(),
        });
    let answer = ExportMetricsServiceResponse { partial_success };
    ("200 OK", answer.encode_to_vec())
}

/// The attributes under their own names, with `__name__` as it was sent and `__kind__` beside it.
fn points(export: &ExportMetricsServiceRequest) -> Vec<(Labels, u64, f64)> {
    let mut all = Vec::new();
    for resource in &export.resource_metrics {
        let own = labels(&resource.resource.as_ref().unwrap().attributes);
        let metrics = resource.scope_metrics.iter().flat_map(|scope| {
            assert_eq!(scope.scope.as_ref().unwrap().name, "slo-sdk");
            &scope.metrics
        });
        for metric in metrics {
            let mut add =
                |kind: &str, attributes: &[KeyValue], more: &[(&str, &str)], at: u64, value| {
                    let mut labels = labels(attributes);
                    labels.extend(own.clone());
                    labels.extend([
                        ("__name__".to_owned(), metric.name.clone()),
                        ("__unit__".to_owned(), metric.unit.clone()),
                        ("__kind__".to_owned(), kind.to_owned()),
                    ]);
                    labels.extend(more.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())));
                    all.push((labels, at / 1_000_000, value));
                };
            let mut numbers = |kind, points: &[NumberDataPoint]| {
                for point in points {
                    let value = match point.value.unwrap() {
                        Number::AsDouble(value) => value,
                        Number::AsInt(value) => f64::from(i32::try_from(value).unwrap()),
                    };
                    add(kind, &point.attributes, &[], point.time_unix_nano, value);
                }
            };
            match metric.data.as_ref().unwrap() {
                Data::Gauge(gauge) => numbers("gauge", &gauge.data_points),
                Data::Sum(sum) => {
                    assert_eq!(sum.aggregation_temporality, 2);
                    let kind = if sum.is_monotonic { "counter" } else { "gauge" };
                    numbers(kind, &sum.data_points);
                }
                Data::Histogram(histogram) => {
                    for point in &histogram.data_points {
                        let count = f64::from(u32::try_from(point.count).unwrap());
                        let le = ("le", "+Inf");
                        for (part, more) in [("_count", &[][..]), ("_bucket", &[le])] {
                            let more = [more, &[("__part__", part)]].concat();
                            add(
                                "histogram",
                                &point.attributes,
                                &more,
                                point.time_unix_nano,
                                count,
                            );
                        }
                    }
                }
                other => panic!("{other:?}"),
            }
        }
    }
    all
}

fn labels(attributes: &[KeyValue]) -> Labels {
    let text = |value: &Any| match value {
        Any::StringValue(text) => text.clone(),
        Any::DoubleValue(number) => number.to_string(),
        other => panic!("{other:?}"),
    };
    let of = |one: &KeyValue| {
        let value = one.value.as_ref().unwrap().value.as_ref().unwrap();
        (one.key.clone(), text(value))
    };
    attributes.iter().map(of).collect()
}

/// Keeps a point, as much of it as faults leave.
fn take(labels: &Labels, milliseconds: u64, value: f64, faults: &Faults, state: &mut State) {
    if faults.drops(labels) {
        return;
    }
    let grows = ["counter", "histogram"].contains(&&*labels["__kind__"]);
    let before = state.before.insert(labels.clone(), value).unwrap_or(0.0);
    let value = match (grows, faults.is_delta) {
        (false, _) if faults.is_start_moved && labels["__name__"] == "slo.start_time" => {
            value + 3600.0
        }
        (false, _) => value,
        (true, true) => value - before,
        (true, false) => value * faults.factor,
    };
    // Between the last two exports.
    let falls = grows && faults.has_falls && state.exports > 4;
    for labels in faults.stored(labels) {
        if falls {
            state.points.push(Point {
                labels: labels.clone(),
                milliseconds: milliseconds - 1,
                value: 0.0,
                arrived: Instant::now() + faults.delay,
            });
        }
        state.points.push(Point {
            labels,
            milliseconds,
            value,
            arrived: Instant::now() + faults.delay,
        });
    }
}

fn query(form: &str, trouble: Trouble, state: &State) -> (&'static str, Vec<u8>) {
    let head = format!("POST /?{form} HTTP/1.1");
    let expr = decoded(parameter(&head, "query").unwrap());
    let time: f64 = parameter(&head, "time").unwrap().parse().unwrap();
    let text = |text: &str| text.as_bytes().to_vec();
    match trouble {
        Trouble::StoreFails => {
            return ("500 Internal Server Error", text("{\"error\": \"broken\"}"));
        }
        Trouble::StoreAnswersGarbage => {
            return ("200 OK", text("{\"status\": \"success\", \"data\": 7}"));
        }
        _ => {}
    }
    let mut result = series(&expr, time, state);
    if trouble == Trouble::StoreHasNativeHistograms {
        result.retain(|one| {
            !one["metric"]["__name__"]
                .as_str()
                .unwrap()
                .contains("duration")
        });
        if !expr.contains("!~") {
            result.push(json!({"metric": {"__name__": "slo_duration_seconds"}, "histograms": []}));
        }
    }
    if trouble == Trouble::StoreIsAnothers {
        result.clear();
    }
    let mut answer =
        json!({"status": "success", "data": {"resultType": "matrix", "result": result}});
    if trouble == Trouble::StoreLacksNodes {
        answer["isPartial"] = json!(true);
    }
    ("200 OK", answer.to_string().into_bytes())
}

/// The series of `{label=~".*text.*"}[1ms]`.
fn series(expr: &str, time: f64, state: &State) -> Vec<Value> {
    let (label, rest) = expr
        .strip_prefix('{')
        .unwrap()
        .split_once("=~\".*")
        .unwrap();
    let (id, _) = rest.split_once(".*\"").unwrap();
    let label = label.trim_matches('"');
    let length = expr.rsplit_once('[').unwrap().1.trim_end_matches(']');
    let length: f64 = match length.strip_suffix("ms") {
        Some(milliseconds) => milliseconds.parse::<f64>().unwrap() / 1000.0,
        None => length.strip_suffix('s').unwrap().parse().unwrap(),
    };
    let mut found: BTreeMap<&Labels, BTreeMap<u64, f64>> = BTreeMap::new();
    for point in &state.points {
        #[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970")]
        let at = point.milliseconds as f64 / 1000.0;
        let is_in = at > time - length && at <= time && point.arrived <= Instant::now();
        if is_in
            && point
                .labels
                .get(label)
                .is_some_and(|value| value.contains(id))
        {
            // What became one series is what came last.
            let samples = found.entry(&point.labels).or_default();
            samples.insert(point.milliseconds, point.value);
        }
    }
    let values = |samples: BTreeMap<u64, f64>| -> Vec<Value> {
        let all = samples.into_iter();
        #[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970")]
        all.map(|(at, value)| json!([at as f64 / 1000.0, value.to_string()]))
            .collect()
    };
    let all = found.into_iter();
    all.map(|(labels, samples)| json!({"metric": labels, "values": values(samples)}))
        .collect()
}
