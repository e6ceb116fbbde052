//! A collector on a raw socket that fails as it is told.

use opentelemetry_proto::tonic::{
    collector::{logs::v1::ExportLogsServiceRequest, metrics::v1::ExportMetricsServiceRequest},
    common::v1::{KeyValue, any_value},
    metrics::v1::{Metric, metric::Data, number_data_point::Value},
};
use prost::Message;
use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex, MutexGuard},
    thread,
    time::{Duration, Instant},
};
use tokio::net::TcpSocket;

const OK: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

pub(crate) const FINE: Behaviour = Behaviour::Answers(OK);

/// What it does with an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Behaviour {
    /// Reads it and answers this; what it answers with a 200 it has received.
    Answers(&'static [u8]),
    /// Receives it, and says so a second later.
    Slow,
    /// Reads it and never answers.
    Hangs,
    /// Ends the connection in the middle of it, with a reset: there is more to read.
    Resets,
}

#[derive(Clone)]
pub(crate) struct Collector(Arc<Inner>);

struct Inner {
    address: SocketAddr,
    /// Bound and never listening: while nobody listens, nobody else gets the port.
    _reserved: TcpSocket,
    runtime: tokio::runtime::Runtime,
    state: Mutex<State>,
}

struct State {
    behaviour: Behaviour,
    listens: bool,
    received: Vec<ExportMetricsServiceRequest>,
    /// The bodies of exports of log records.
    logs: Vec<Vec<u8>>,
    /// What it answers to them, if something else than to metrics, and how often it has.
    logs_answer: Option<&'static [u8]>,
    refused_logs: usize,
    /// Bytes of each of them as they came, and what the request said of their encoding.
    bodies: Vec<(usize, Option<String>)>,
    hanging: Vec<TcpStream>,
}

impl Collector {
    pub(crate) fn start() -> Collector {
        let reserved = socket("127.0.0.1:0".parse().unwrap());
        let collector = Collector(Arc::new(Inner {
            address: reserved.local_addr().unwrap(),
            _reserved: reserved,
            runtime: tokio::runtime::Runtime::new().unwrap(),
            state: Mutex::new(State {
                behaviour: FINE,
                listens: false,
                received: Vec::new(),
                logs: Vec::new(),
                logs_answer: None,
                refused_logs: 0,
                bodies: Vec::new(),
                hanging: Vec::new(),
            }),
        }));
        collector.listen();
        collector
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.0.address)
    }

    pub(crate) fn behave(&self, behaviour: Behaviour) {
        self.state().behaviour = behaviour;
    }

    /// From now on it answers this to log records, and keeps none.
    #[allow(dead_code, reason = "other tests include this file")]
    pub(crate) fn answer_logs(&self, answer: &'static [u8]) {
        self.state().logs_answer = Some(answer);
    }

    /// How often it did.
    #[allow(dead_code, reason = "other tests include this file")]
    pub(crate) fn refused_logs(&self) -> usize {
        self.state().refused_logs
    }

    /// How many exports wait for an answer they will never get.
    pub(crate) fn hanging(&self) -> usize {
        self.state().hanging.len()
    }

    /// Ends the connections that wait.
    pub(crate) fn hang_up(&self) {
        self.state().hanging.clear();
    }

    pub(crate) fn listen(&self) {
        let _entered = self.0.runtime.enter();
        let listener = socket(self.0.address).listen(64).unwrap();
        let listener = listener.into_std().unwrap();
        listener.set_nonblocking(false).unwrap();
        self.state().listens = true;
        let collector = self.clone();
        thread::spawn(move || collector.accept(&listener));
    }

    /// From now on connections are refused.
    pub(crate) fn refuse(&self) {
        self.state().listens = false;
        // Wakes the listener, which then is closed.
        let _ = TcpStream::connect(self.0.address);
        eventually("the port is closed", || {
            TcpStream::connect(self.0.address).is_err()
        });
    }

    /// What it received, from the first export on.
    pub(crate) fn received(&self) -> Vec<ExportMetricsServiceRequest> {
        self.state().received.clone()
    }

    /// The exports of log records that it received.
    #[allow(dead_code, reason = "other tests include this file")]
    pub(crate) fn logs(&self) -> Vec<ExportLogsServiceRequest> {
        let decode = |body: &Vec<u8>| ExportLogsServiceRequest::decode(body.as_slice()).unwrap();
        self.state().logs.iter().map(decode).collect()
    }

    /// The same as they came.
    #[allow(dead_code, reason = "other tests include this file")]
    pub(crate) fn raw_logs(&self) -> Vec<Vec<u8>> {
        self.state().logs.clone()
    }

    /// Of what it received the bytes on the wire, and their encoding.
    #[allow(dead_code, reason = "other tests include this file")]
    pub(crate) fn bodies(&self) -> Vec<(usize, Option<String>)> {
        self.state().bodies.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap()
    }

    fn accept(self, listener: &TcpListener) {
        for stream in listener.incoming() {
            if !self.state().listens {
                return;
            }
            let collector = self.clone();
            thread::spawn(move || collector.serve(stream.unwrap()));
        }
    }

    fn serve(self, stream: TcpStream) -> Option<()> {
        let mut reader = BufReader::with_capacity(256, stream);
        let (mut length, mut encoding, mut is_logs) = (0, None, false);
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).ok()?;
            let line = line.trim().to_lowercase();
            is_logs |= line.starts_with("post ") && line.contains("/v1/logs ");
            if let Some(value) = line.strip_prefix("content-length: ") {
                length = value.parse().unwrap();
            }
            if let Some(value) = line.strip_prefix("content-encoding: ") {
                encoding = Some(value.to_owned());
            }
            if line.is_empty() {
                break;
            }
        }
        let behaviour = self.state().behaviour;
        if behaviour == Behaviour::Resets {
            return None;
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).ok()?;
        let mut stream = reader.into_inner();
        let logs_answer = self.state().logs_answer.filter(|_| is_logs);
        if let Some(answer) = logs_answer {
            stream.write_all(answer).ok()?;
            self.state().refused_logs += 1;
            return None;
        }
        let answer = match behaviour {
            Behaviour::Answers(answer) => answer,
            Behaviour::Slow => OK,
            Behaviour::Hangs | Behaviour::Resets => {
                self.state().hanging.push(stream);
                return None;
            }
        };
        if is_logs && answer.starts_with(b"HTTP/1.1 200 ") {
            self.state().logs.push(body);
        } else if answer.starts_with(b"HTTP/1.1 200 ") {
            let export = match encoding.as_deref() {
                None => ExportMetricsServiceRequest::decode(body.as_slice()),
                Some("gzip") => {
                    let mut plain = Vec::new();
                    let mut decoder = flate2::read::MultiGzDecoder::new(body.as_slice());
                    decoder.read_to_end(&mut plain).unwrap();
                    ExportMetricsServiceRequest::decode(plain.as_slice())
                }
                other => panic!("{other:?} is not an encoding of this collector's"),
            };
            let mut state = self.state();
            state.received.push(export.unwrap());
            state.bodies.push((length, encoding));
        }
        if behaviour == Behaviour::Slow {
            thread::sleep(Duration::from_secs(1));
        }
        stream.write_all(answer).ok()
    }
}

fn socket(address: SocketAddr) -> TcpSocket {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_reuseaddr(true).unwrap();
    socket.set_reuseport(true).unwrap();
    socket.bind(address).unwrap();
    socket
}

/// Waits for it.
#[track_caller]
pub(crate) fn eventually(what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !is_so() {
        assert!(Instant::now() < deadline, "{what}: not within a minute");
        thread::sleep(Duration::from_millis(5));
    }
}

pub(crate) fn metrics(export: &ExportMetricsServiceRequest) -> impl Iterator<Item = &Metric> {
    export
        .resource_metrics
        .iter()
        .flat_map(|resource| &resource.scope_metrics)
        .flat_map(|scope| &scope.metrics)
}

/// The points of a sum by the texts of their attributes, in the order of the keys.
pub(crate) fn sums(export: &ExportMetricsServiceRequest, name: &str) -> BTreeMap<Vec<String>, u64> {
    let mut sums = BTreeMap::new();
    for metric in metrics(export).filter(|metric| metric.name == name) {
        let Some(Data::Sum(sum)) = &metric.data else {
            panic!("{name} is not a sum");
        };
        for point in &sum.data_points {
            let Some(Value::AsInt(value)) = point.value else {
                panic!("{name} is {:?}", point.value);
            };
            let key = point.attributes.iter().map(text).collect();
            assert_eq!(sums.insert(key, value.try_into().unwrap()), None, "{name}");
        }
    }
    sums
}

fn text(attribute: &KeyValue) -> String {
    match attribute
        .value
        .as_ref()
        .and_then(|value| value.value.as_ref())
    {
        Some(any_value::Value::StringValue(text)) => text.clone(),
        other => format!("{other:?}"),
    }
}
