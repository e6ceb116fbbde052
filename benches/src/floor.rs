//! The layer that one would write by hand for a single route: two reads of the standard
//! clock, one atomic counter, and a wrapper around the body that sees its end.
//!
//! It knows one endpoint, reads nothing of an answer but its status, and would lose count
//! of panics, upgrades, deadlines and gRPC. It is what everything else is measured by.

use http::{Request, Response};
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;
use std::{
    future::Future,
    pin::Pin,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
    task::{Context, Poll, ready},
    time::{Duration, Instant},
};
use tower_layer::Layer;
use tower_service::Service;

const THRESHOLD: Duration = Duration::from_millis(250);

/// The counters of the one route.
#[derive(Debug)]
#[repr(align(128))]
pub struct Counts {
    good: AtomicU64,
    late: AtomicU64,
    failed: AtomicU64,
    left: AtomicU64,
}

impl Counts {
    /// All at 0.
    #[expect(clippy::new_without_default, reason = "for statics")]
    pub const fn new() -> Counts {
        Counts {
            good: AtomicU64::new(0),
            late: AtomicU64::new(0),
            failed: AtomicU64::new(0),
            left: AtomicU64::new(0),
        }
    }

    /// All events.
    pub fn total(&self) -> u64 {
        [&self.good, &self.late, &self.failed, &self.left]
            .map(|count| count.load(Relaxed))
            .into_iter()
            .sum()
    }
}

/// The layer.
#[derive(Clone, Copy, Debug)]
pub struct FloorLayer(pub &'static Counts);

/// Its service.
#[derive(Clone, Debug)]
pub struct Floor<S> {
    inner: S,
    counts: &'static Counts,
}

impl<S> Layer<S> for FloorLayer {
    type Service = Floor<S>;

    fn layer(&self, inner: S) -> Floor<S> {
        Floor {
            inner,
            counts: self.0,
        }
    }
}

#[derive(Debug)]
struct Event {
    started: Instant,
    counts: &'static Counts,
}

impl Event {
    #[inline]
    fn end(self, status: u16) {
        let count = if status >= 500 {
            &self.counts.failed
        } else if self.started.elapsed() > THRESHOLD {
            &self.counts.late
        } else {
            &self.counts.good
        };
        count.fetch_add(1, Relaxed);
    }

    #[inline]
    fn leave(self) {
        self.counts.left.fetch_add(1, Relaxed);
    }
}

impl<S, A, B> Service<Request<A>> for Floor<S>
where
    S: Service<Request<A>, Response = Response<B>>,
{
    type Response = Response<FloorBody<B>>;
    type Error = S::Error;
    type Future = FloorFuture<S::Future>;

    #[inline]
    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    #[inline]
    fn call(&mut self, request: Request<A>) -> Self::Future {
        let event = Event {
            started: Instant::now(),
            counts: self.counts,
        };
        FloorFuture {
            inner: self.inner.call(request),
            event: Some(event),
        }
    }
}

pin_project! {
    /// The future of an answer.
    #[derive(Debug)]
    pub struct FloorFuture<F> {
        #[pin]
        inner: F,
        event: Option<Event>,
    }
}

impl<F, B, E> Future for FloorFuture<F>
where
    F: Future<Output = Result<Response<B>, E>>,
{
    type Output = Result<Response<FloorBody<B>>, E>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let response = ready!(this.inner.poll(cx))?;
        let status = response.status().as_u16();
        let event = this.event.take();
        Poll::Ready(Ok(response.map(|inner| FloorBody {
            inner,
            event,
            status,
        })))
    }
}

pin_project! {
    /// The body of an answer.
    #[derive(Debug)]
    pub struct FloorBody<B> {
        #[pin]
        inner: B,
        event: Option<Event>,
        status: u16,
    }

    impl<B> PinnedDrop for FloorBody<B> {
        fn drop(this: Pin<&mut Self>) {
            if let Some(event) = this.project().event.take() {
                event.leave();
            }
        }
    }
}

impl<B: Body> Body for FloorBody<B> {
    type Data = B::Data;
    type Error = B::Error;

    #[inline]
    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let mut this = self.project();
        let frame = ready!(this.inner.as_mut().poll_frame(cx));
        let is_last = match &frame {
            None => true,
            Some(Ok(_)) => this.inner.is_end_stream(),
            Some(Err(_)) => {
                *this.status = 500;
                true
            }
        };
        if is_last && let Some(event) = this.event.take() {
            event.end(*this.status);
        }
        Poll::Ready(frame)
    }

    #[inline]
    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    #[inline]
    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
