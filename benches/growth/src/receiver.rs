//! A collector on loopback that remembers what the last export weighed.

use opentelemetry_proto::tonic::{
    collector::metrics::v1::ExportMetricsServiceRequest,
    metrics::v1::{NumberDataPoint, metric::Data},
};
use prost::Message;
use std::{
    io::{BufRead, BufReader, Error, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::SystemTime,
};

/// What one export held.
#[derive(Clone, Copy, Debug, Default)]
pub struct Received {
    /// Bytes of its protobuf.
    pub bytes: usize,
    /// Series, of all instruments.
    pub series: usize,
    /// Series that the SDK put in the place of others.
    pub overflows: usize,
}

impl Received {
    /// Of an export of the given number of bytes.
    pub fn from_export(export: &ExportMetricsServiceRequest, bytes: usize) -> Received {
        let metrics = export
            .resource_metrics
            .iter()
            .flat_map(|resource| &resource.scope_metrics)
            .flat_map(|scope| &scope.metrics);
        let points = metrics.flat_map(|metric| match &metric.data {
            Some(Data::Sum(sum)) => sum.data_points.as_slice(),
            Some(Data::Gauge(gauge)) => gauge.data_points.as_slice(),
            _ => &[],
        });
        let is_overflow = |point: &&NumberDataPoint| {
            let mut keys = point
                .attributes
                .iter()
                .map(|attribute| attribute.key.as_str());
            keys.any(|key| key == "otel.metric.overflow")
        };
        Received {
            bytes,
            series: points.clone().count(),
            overflows: points.filter(is_overflow).count(),
        }
    }
}

/// The collector.
#[derive(Clone, Debug)]
pub struct Receiver {
    address: SocketAddr,
    last: Arc<Mutex<Received>>,
    first_at: Arc<Mutex<Option<SystemTime>>>,
}

impl Receiver {
    /// One that listens until the program ends.
    ///
    /// # Errors
    /// If no port can be had.
    pub fn start() -> Result<Receiver, Error> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let receiver = Receiver {
            address: listener.local_addr()?,
            last: Arc::default(),
            first_at: Arc::default(),
        };
        let collector = receiver.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if let Err(error) = collector.serve(stream) {
                    eprintln!("an export that can't be read: {error}");
                }
            }
        });
        Ok(receiver)
    }

    /// For `OTEL_EXPORTER_OTLP_ENDPOINT`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The latest export.
    pub fn last(&self) -> Received {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// When the first export had arrived since this was asked last; `None` if none has.
    pub fn take_first_at(&self) -> Option<SystemTime> {
        let mut first_at = self.first_at.lock().unwrap_or_else(PoisonError::into_inner);
        first_at.take()
    }

    fn serve(&self, stream: TcpStream) -> Result<(), Error> {
        let mut reader = BufReader::new(stream);
        let mut length = 0;
        loop {
            let mut line = String::new();
            reader.read_line(&mut line)?;
            let line = line.trim().to_lowercase();
            if let Some(value) = line.strip_prefix("content-length: ") {
                length = value.parse().map_err(Error::other)?;
            }
            if line.is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body)?;
        let mut first_at = self.first_at.lock().unwrap_or_else(PoisonError::into_inner);
        first_at.get_or_insert_with(SystemTime::now);
        drop(first_at);
        let export = ExportMetricsServiceRequest::decode(body.as_slice()).map_err(Error::other)?;
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) =
            Received::from_export(&export, body.len());
        reader
            .into_inner()
            .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
    }
}
