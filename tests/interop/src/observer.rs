//! [`Observer`].

use http::Request;
use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};
use tokio::sync::watch;
use tower::{Layer, Service};

/// A layer around the counted one that knows how many calls arrived, and how many of them it
/// has let go of: tests wait for that instead of hoping, and a case that a client may give up
/// before anything was sent has to be counted as often as the witness saw it.
#[derive(Clone, Debug, Default)]
pub struct Observer(Arc<watch::Sender<Seen>>);

/// What a witness saw so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Calls that reached the server.
    pub arrived: u64,
    /// Those of them whose head is sent, or that were given up before.
    pub gone: u64,
}

impl Observer {
    /// A witness who has seen nothing.
    pub fn new() -> Observer {
        Observer::default()
    }

    /// What it saw so far.
    pub fn seen(&self) -> Seen {
        *self.0.borrow()
    }

    /// Waits until it has seen this.
    pub async fn wait_for(&self, enough: impl FnMut(&Seen) -> bool) -> Seen {
        match self.0.subscribe().wait_for(enough).await {
            Ok(seen) => *seen,
            Err(_) => unreachable!("the sender is in `self`"),
        }
    }
}

impl<S> Layer<S> for Observer {
    type Service = Witnessed<S>;

    fn layer(&self, inner: S) -> Witnessed<S> {
        Witnessed {
            inner,
            observer: self.clone(),
        }
    }
}

/// See [`Observer`].
#[derive(Clone, Debug)]
pub struct Witnessed<S> {
    inner: S,
    observer: Observer,
}

type Answer<T, E> = Pin<Box<dyn Future<Output = Result<T, E>> + Send>>;

impl<S, B> Service<Request<B>> for Witnessed<S>
where
    S: Service<Request<B>, Future: Send + 'static>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Answer<S::Response, S::Error>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        // Polled at least once, so that what was seen is an event.
        let answer = self.inner.call(request);
        self.observer.0.send_modify(|seen| seen.arrived += 1);
        let leave = Leave(self.observer.clone());
        Box::pin(async move {
            let _leave = leave;
            answer.await
        })
    }
}

/// Says that a call is gone, however it ended.
#[derive(Debug)]
struct Leave(Observer);

impl Drop for Leave {
    fn drop(&mut self) {
        self.0.0.send_modify(|seen| seen.gone += 1);
    }
}
