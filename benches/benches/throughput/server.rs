//! A server on the loopback interface, on a thread of its own.

use axum::{
    ServiceExt,
    extract::Request,
    response::Response,
    serve::{ListenerExt, serve},
};
use std::{
    convert::Infallible,
    fs, io,
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    sync::mpsc,
    thread,
    time::Duration,
};
use tokio::{net::TcpListener, runtime::Builder};
use tower::Service;

/// A server that runs as long as the process.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    /// What the kernel says about its thread, where one does.
    schedule: Option<PathBuf>,
}

impl Server {
    /// Serves HTTP/1.1 and, with prior knowledge, HTTP/2.
    pub(crate) fn start<S>(service: S) -> io::Result<Server>
    where
        S: Service<Request, Response = Response, Error = Infallible> + Clone + Send + 'static,
        S::Future: Send,
    {
        let (told, started) = mpsc::channel();
        thread::spawn(move || {
            let run = async {
                let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
                let schedule = fs::canonicalize("/proc/thread-self/schedstat").ok();
                let address = listener.local_addr()?;
                // The process has gone where nobody waits for it.
                let _ = told.send(Server { address, schedule });
                let listener = listener.tap_io(|stream| {
                    let _ = stream.set_nodelay(true);
                });
                serve(listener, service.into_make_service()).await
            };
            let runtime = Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(run)
        });
        started.recv().map_err(io::Error::other)
    }

    /// Processor time that its thread has had so far; `None` if no kernel tells.
    pub(crate) fn processor_time(&self) -> Option<Duration> {
        let text = fs::read_to_string(self.schedule.as_ref()?).ok()?;
        let nanoseconds = text.split_whitespace().next()?.parse().ok()?;
        Some(Duration::from_nanos(nanoseconds))
    }
}
