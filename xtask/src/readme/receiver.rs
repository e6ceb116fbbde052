//! A receiver of OTLP over http/protobuf.

use opentelemetry_proto::tonic::{
    collector::metrics::v1::ExportMetricsServiceRequest,
    common::v1::any_value,
    metrics::v1::{metric::Data, number_data_point::Value},
};
use prost::Message;
use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex, PoisonError},
    thread,
};

/// Events by endpoint and result, `slo.unannotated` by route.
pub(crate) type Counts = BTreeMap<String, u64>;

#[derive(Clone)]
pub(crate) struct Receiver {
    pub(crate) address: SocketAddr,
    exports: Arc<Mutex<Vec<Counts>>>,
}

impl Receiver {
    pub(crate) fn start() -> Result<Receiver, String> {
        let listener = TcpListener::bind("127.0.0.1:0").map_err(|error| error.to_string())?;
        let receiver = Receiver {
            address: listener.local_addr().map_err(|error| error.to_string())?,
            exports: Arc::default(),
        };
        let listening = receiver.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let receiver = listening.clone();
                thread::spawn(move || while receiver.receive(&stream).is_some() {});
            }
        });
        Ok(receiver)
    }

    /// What each export had, in the order they came.
    pub(crate) fn exports(&self) -> Vec<Counts> {
        self.exports
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn receive(&self, mut stream: &TcpStream) -> Option<()> {
        let mut reader = BufReader::new(stream);
        let mut length = 0;
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).ok()? == 0 {
                return None;
            }
            let line = line.trim().to_ascii_lowercase();
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse().ok()?;
            }
            if line.is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).ok()?;
        let export = ExportMetricsServiceRequest::decode(body.as_slice()).ok()?;
        self.exports
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(counts(&export));
        stream
            .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
            .ok()
    }
}

fn counts(export: &ExportMetricsServiceRequest) -> Counts {
    let resources = export.resource_metrics.iter();
    let metrics = resources
        .flat_map(|resource| &resource.scope_metrics)
        .flat_map(|scope| &scope.metrics);
    let mut counts = Counts::new();
    for metric in metrics {
        let Some(Data::Sum(sum)) = &metric.data else {
            continue;
        };
        if !["slo.results", "slo.unannotated"].contains(&metric.name.as_str()) {
            continue;
        }
        for point in &sum.data_points {
            let words = point
                .attributes
                .iter()
                .filter(|pair| pair.key != "slo.journey");
            let words: Vec<_> = words
                .filter_map(|pair| match pair.value.as_ref()?.value.as_ref()? {
                    any_value::Value::StringValue(text) => Some(text.as_str()),
                    _ => None,
                })
                .collect();
            if let Some(Value::AsInt(value)) = point.value {
                counts.insert(words.join(" "), value.try_into().unwrap_or(0));
            }
        }
    }
    counts
}
