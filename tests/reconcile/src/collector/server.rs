//! The collector's socket.

use super::{audit::Audit, faults::Fault};
use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use std::{
    collections::BTreeMap,
    io,
    net::SocketAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::Duration,
};
use tokio::{
    net::{TcpListener, TcpSocket, TcpStream},
    time::sleep,
};

/// How long a slow answer takes, and how long nobody listens.
const PAUSE: Duration = Duration::from_millis(250);

/// A collector that listens until the process ends.
#[derive(Clone, Debug)]
pub(crate) struct Collector {
    address: SocketAddr,
    seed: u64,
    audit: Arc<Mutex<Audit>>,
    is_faultless: Arc<AtomicBool>,
    faults: Arc<Mutex<BTreeMap<Fault, u64>>>,
}

impl Collector {
    pub(crate) async fn start(seed: u64, audit: Audit) -> io::Result<Collector> {
        // Bound and never listening: while nobody listens, nobody else gets the port.
        let reserved = socket("127.0.0.1:0".parse().map_err(io::Error::other)?)?;
        let collector = Collector {
            address: reserved.local_addr()?,
            seed,
            audit: Arc::new(Mutex::new(audit)),
            is_faultless: Arc::new(AtomicBool::new(true)),
            faults: Arc::default(),
        };
        let listener = collector.listen()?;
        tokio::spawn(collector.clone().accept(reserved, listener));
        Ok(collector)
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// From now on exports fail, or no longer do.
    pub(crate) fn pause_faults(&self, is_faultless: bool) {
        self.is_faultless.store(is_faultless, Relaxed);
    }

    pub(crate) fn audit(&self) -> MutexGuard<'_, Audit> {
        self.audit.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many exports were not simply received.
    pub(crate) fn faults(&self) -> u64 {
        let faults = self.faults.lock().unwrap_or_else(PoisonError::into_inner);
        faults.values().sum()
    }

    fn listen(&self) -> io::Result<TcpListener> {
        socket(self.address)?.listen(64)
    }

    async fn accept(self, _reserved: TcpSocket, mut listener: TcpListener) -> io::Result<()> {
        for number in 0.. {
            let (stream, _) = listener.accept().await?;
            let fault = self.next(number);
            match fault {
                Fault::Reset => stream.set_zero_linger()?,
                Fault::Refused => {
                    stream.set_zero_linger()?;
                    drop((stream, listener));
                    sleep(PAUSE).await;
                    listener = self.listen()?;
                }
                Fault::None | Fault::Slow | Fault::Unavailable | Fault::Unanswered => {
                    tokio::spawn(self.clone().serve(stream, fault));
                }
            }
        }
        Ok(())
    }

    fn next(&self, number: u64) -> Fault {
        if self.is_faultless.load(Relaxed) {
            return Fault::None;
        }
        let fault = Fault::from_seed(self.seed, number);
        if fault != Fault::None {
            let mut faults = self.faults.lock().unwrap_or_else(PoisonError::into_inner);
            *faults.entry(fault).or_default() += 1;
        }
        fault
    }

    async fn serve(self, stream: TcpStream, fault: Fault) {
        let receive = service_fn(async |request: Request<Incoming>| {
            let body = request.into_body().collect().await;
            let body = body.map_err(io::Error::other)?.to_bytes();
            self.audit().check(&body);
            let status = match fault {
                Fault::Slow => {
                    sleep(PAUSE).await;
                    StatusCode::OK
                }
                Fault::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
                Fault::Unanswered => return Err(io::Error::other("no answer, on purpose")),
                Fault::None | Fault::Reset | Fault::Refused => StatusCode::OK,
            };
            let mut response = Response::new(Full::new(Bytes::new()));
            *response.status_mut() = status;
            Ok(response)
        });
        // One export for each connection, so that each meets a fault of its own.
        let served = http1::Builder::new()
            .keep_alive(false)
            .serve_connection(TokioIo::new(stream), receive);
        // What was received is checked; how the exporter takes the rest is its business.
        let _ = served.await;
    }
}

fn socket(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    socket.set_reuseport(true)?;
    socket.bind(address)?;
    Ok(socket)
}
