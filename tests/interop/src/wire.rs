//! [`Wire`].

use http::{Request, Response};
use http_body::Frame;
use hyper::{body::Incoming, client::conn::http2::SendRequest};
use hyper_util::rt::{TokioExecutor, TokioIo};
use std::{
    fmt, io,
    net::SocketAddr,
    pin::Pin,
    task::{Context, Poll},
};
use tokio::{net::TcpStream, sync::watch};
use tonic::body::Body;
use tower::Service;

/// A connection under a tonic client that does what tonic's own `Channel` does not: it never
/// gives up a call by itself, whatever `grpc-timeout` says, so that each surely reaches the
/// server; and with a [`Cut`] it resets a call's stream. A `Channel` would end the requests
/// first, and a server that is quick takes that for the end of the call.
#[derive(Clone, Debug)]
pub struct Wire(SendRequest<Body>);

impl Wire {
    /// Connects to a server.
    ///
    /// # Errors
    /// If nobody listens, or nobody speaks HTTP/2.
    pub async fn connect(address: SocketAddr) -> io::Result<Wire> {
        let socket = TcpStream::connect(address).await?;
        socket.set_nodelay(true)?;
        let (sender, connection) =
            hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(socket))
                .await
                .map_err(io::Error::other)?;
        // Ends with the last clone of the sender; what breaks is seen by the calls.
        tokio::spawn(connection);
        Ok(Wire(sender))
    }
}

type Answer = Pin<Box<dyn Future<Output = hyper::Result<Response<Incoming>>> + Send>>;

impl Service<Request<Body>> for Wire {
    type Response = Response<Incoming>;
    type Error = hyper::Error;
    type Future = Answer;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<hyper::Result<()>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<Body>) -> Answer {
        if let Some(cut) = request.extensions_mut().remove::<WhenCut>() {
            request = request.map(|body| Body::new(cut.off(body)));
        }
        Box::pin(self.0.send_request(request))
    }
}

/// Resets the stream of a call when dropped: what a client does that cancels a call.
#[derive(Debug)]
pub struct Cut {
    _held: watch::Sender<()>,
}

impl Cut {
    /// A cut for this request; without [`Wire`] under the client it does nothing.
    pub fn new<T>(request: &mut tonic::Request<T>) -> Cut {
        let (held, cut) = watch::channel(());
        request.extensions_mut().insert(WhenCut(cut));
        Cut { _held: held }
    }
}

#[derive(Clone, Debug)]
struct WhenCut(watch::Receiver<()>);

impl WhenCut {
    fn off(mut self, inner: Body) -> Cuttable {
        let cut = Box::pin(async move {
            // Nothing is ever sent; the sender goes.
            let _ = self.0.changed().await;
        });
        Cuttable { inner, cut }
    }
}

/// A request's body that can be broken off.
struct Cuttable {
    inner: Body,
    cut: Pin<Box<dyn Future<Output = ()> + Send>>,
}

impl http_body::Body for Cuttable {
    type Data = <Body as http_body::Body>::Data;
    type Error = tonic::Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        // First, because whoever cuts may end the requests right after.
        if self.cut.as_mut().poll(cx).is_ready() {
            let reset = h2::Error::from(h2::Reason::CANCEL);
            return Poll::Ready(Some(Err(tonic::Status::from_error(reset.into()))));
        }
        Pin::new(&mut self.inner).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }
}

impl fmt::Debug for Cuttable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cuttable").finish_non_exhaustive()
    }
}
