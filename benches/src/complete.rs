//! The layer that a good engineer would write by hand to count what `SloLayer` counts: by the
//! route that matched, with answers in time and late ones, refusals, failures, panics, clients
//! that leave, bodies that break off and gRPC's codes told apart.
//!
//! It has no annotations and so no endpoints, no deadlines, no words of handlers, no durations, no
//! consumers, and it doesn't see what hangs. What it counts is asserted in its tests. It is what
//! the gate of `layer` compares with, so it may only become faster.

use axum::extract::MatchedPath;
use http::{HeaderMap, Request, Response, header::CONTENT_TYPE};
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;
use std::{
    collections::HashMap,
    future::Future,
    pin::Pin,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
    task::{Context, Poll},
    time::{Duration, Instant},
};
use tower_layer::Layer;
use tower_service::Service;

const THRESHOLD: Duration = Duration::from_millis(250);

/// The counters of one route.
#[derive(Debug, Default)]
#[repr(align(128))]
pub struct Counts {
    started: AtomicU64,
    good: AtomicU64,
    late: AtomicU64,
    client_error: AtomicU64,
    failed: AtomicU64,
    broken: AtomicU64,
    panicked: AtomicU64,
    cancelled: AtomicU64,
}

impl Counts {
    /// Answers that are not failures, in time or late.
    pub fn served(&self) -> u64 {
        self.good.load(Relaxed) + self.late.load(Relaxed)
    }

    /// All that have ended, by how they did.
    pub fn ended(&self) -> [(&'static str, u64); 7] {
        [
            ("good", &self.good),
            ("late", &self.late),
            ("client_error", &self.client_error),
            ("failed", &self.failed),
            ("broken", &self.broken),
            ("panicked", &self.panicked),
            ("cancelled", &self.cancelled),
        ]
        .map(|(name, count)| (name, count.load(Relaxed)))
    }
}

/// Counters by matched route; made once.
#[derive(Debug, Default)]
pub struct Routes {
    routes: HashMap<&'static str, Counts>,
    /// Of what matched none of them.
    other: Counts,
}

impl Routes {
    /// Counters for these routes.
    pub fn new(routes: impl IntoIterator<Item = &'static str>) -> Routes {
        Routes {
            routes: routes.into_iter().map(|r| (r, Counts::default())).collect(),
            other: Counts::default(),
        }
    }

    /// The counters of a route, or of whatever has none.
    #[inline]
    pub fn at(&self, route: Option<&str>) -> &Counts {
        route
            .and_then(|route| self.routes.get(route))
            .unwrap_or(&self.other)
    }
}

/// The layer.
#[derive(Clone, Copy, Debug)]
pub struct CompleteLayer(pub &'static Routes);

/// Its service.
#[derive(Clone, Debug)]
pub struct Complete<S> {
    inner: S,
    routes: &'static Routes,
}

impl<S> Layer<S> for CompleteLayer {
    type Service = Complete<S>;

    fn layer(&self, inner: S) -> Complete<S> {
        Complete {
            inner,
            routes: self.0,
        }
    }
}

#[derive(Debug)]
struct Event {
    started: Instant,
    counts: &'static Counts,
    polling: bool,
}

impl Event {
    #[inline]
    fn end(&self, status: Status) {
        let count = match status {
            Status::Http(500..) | Status::Grpc(Some(2 | 4 | 12 | 13 | 14 | 15) | None) => {
                &self.counts.failed
            }
            Status::Http(400..) | Status::Grpc(Some(1..)) => &self.counts.client_error,
            Status::Broken => &self.counts.broken,
            Status::Http(_) | Status::Grpc(Some(0)) => {
                if self.started.elapsed() > THRESHOLD {
                    &self.counts.late
                } else {
                    &self.counts.good
                }
            }
        };
        count.fetch_add(1, Relaxed);
    }
}

/// Dropped without an end.
#[inline]
fn leave(event: Option<Event>) {
    if let Some(event) = event {
        let count = if event.polling {
            &event.counts.panicked
        } else {
            &event.counts.cancelled
        };
        count.fetch_add(1, Relaxed);
    }
}

#[derive(Clone, Copy, Debug)]
enum Status {
    Http(u16),
    Grpc(Option<u16>),
    Broken,
}

impl Status {
    #[inline]
    fn from_response(status: u16, headers: &HeaderMap) -> Status {
        match headers.get(CONTENT_TYPE) {
            Some(kind) if kind.as_bytes().starts_with(b"application/grpc") => {
                Status::Grpc(code(headers))
            }
            _ => Status::Http(status),
        }
    }
}

fn code(headers: &HeaderMap) -> Option<u16> {
    headers.get("grpc-status")?.to_str().ok()?.parse().ok()
}

impl<S, A, B> Service<Request<A>> for Complete<S>
where
    S: Service<Request<A>, Response = Response<B>>,
    B: Body,
{
    type Response = Response<CompleteBody<B>>;
    type Error = S::Error;
    type Future = CompleteFuture<S::Future>;

    #[inline]
    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    #[inline]
    fn call(&mut self, request: Request<A>) -> Self::Future {
        let matched = request.extensions().get().map(MatchedPath::as_str);
        let counts = self.routes.at(matched);
        counts.started.fetch_add(1, Relaxed);
        let event = Event {
            started: Instant::now(),
            counts,
            polling: false,
        };
        CompleteFuture {
            inner: self.inner.call(request),
            event: Some(event),
        }
    }
}

pin_project! {
    /// The future of an answer.
    #[derive(Debug)]
    pub struct CompleteFuture<F> {
        #[pin]
        inner: F,
        event: Option<Event>,
    }

    impl<F> PinnedDrop for CompleteFuture<F> {
        fn drop(this: Pin<&mut Self>) {
            leave(this.project().event.take());
        }
    }
}

impl<F, B, E> Future for CompleteFuture<F>
where
    F: Future<Output = Result<Response<B>, E>>,
    B: Body,
{
    type Output = Result<Response<CompleteBody<B>>, E>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        if let Some(event) = this.event {
            event.polling = true;
        }
        let poll = this.inner.poll(cx);
        if let Some(event) = this.event {
            event.polling = false;
        }
        let response = match poll {
            Poll::Pending => return Poll::Pending,
            Poll::Ready(Err(error)) => {
                if let Some(event) = this.event.take() {
                    event.end(Status::Http(500));
                }
                return Poll::Ready(Err(error));
            }
            Poll::Ready(Ok(response)) => response,
        };
        let status = Status::from_response(response.status().as_u16(), response.headers());
        let event = this.event.take();
        Poll::Ready(Ok(response.map(|inner| CompleteBody {
            inner,
            event,
            status,
        })))
    }
}

pin_project! {
    /// The body of an answer.
    #[derive(Debug)]
    pub struct CompleteBody<B>
    where
        B: Body,
    {
        #[pin]
        inner: B,
        event: Option<Event>,
        status: Status,
    }

    impl<B> PinnedDrop for CompleteBody<B>
    where
        B: Body,
    {
        fn drop(this: Pin<&mut Self>) {
            let this = this.project();
            let event = this.event.take();
            match event {
                // One that has nothing to send isn't polled.
                Some(event) if !event.polling && this.inner.is_end_stream() => {
                    event.end(*this.status);
                }
                event => leave(event),
            }
        }
    }
}

impl<B: Body> Body for CompleteBody<B> {
    type Data = B::Data;
    type Error = B::Error;

    #[inline]
    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let mut this = self.project();
        if let Some(event) = this.event {
            event.polling = true;
        }
        let poll = this.inner.as_mut().poll_frame(cx);
        if let Some(event) = this.event {
            event.polling = false;
        }
        let is_last = match &poll {
            Poll::Pending => return Poll::Pending,
            Poll::Ready(None) => true,
            Poll::Ready(Some(Ok(frame))) => {
                if let (Status::Grpc(status), Some(trailers)) =
                    (&mut *this.status, frame.trailers_ref())
                {
                    *status = code(trailers).or(*status);
                }
                frame.is_trailers() || this.inner.is_end_stream()
            }
            Poll::Ready(Some(Err(_))) => {
                *this.status = Status::Broken;
                true
            }
        };
        if is_last && let Some(event) = this.event.take() {
            event.end(*this.status);
        }
        poll
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

#[cfg(test)]
mod tests {
    use super::*;
    use axum::{
        Router,
        body::{Body as AxumBody, Bytes},
        extract::Path,
        http::StatusCode,
        response::IntoResponse,
        routing::get,
    };
    use http::HeaderValue;
    use http_body_util::{BodyExt, StreamBody};
    use std::{
        convert::Infallible,
        io,
        panic::{AssertUnwindSafe, catch_unwind},
    };
    use tower::ServiceExt;

    fn streamed(frames: Vec<Result<Frame<Bytes>, io::Error>>) -> AxumBody {
        AxumBody::new(StreamBody::new(tokio_stream::iter(frames)))
    }

    fn grpc(
        in_head: Option<&'static str>,
        in_trailers: Option<&'static str>,
    ) -> Response<AxumBody> {
        let status = |code| {
            HeaderMap::from_iter([(
                "grpc-status".parse().unwrap(),
                HeaderValue::from_static(code),
            )])
        };
        let mut frames = vec![Ok(Frame::data(Bytes::from_static(b"message")))];
        frames.extend(in_trailers.map(|code| Ok(Frame::trailers(status(code)))));
        let mut response = Response::new(streamed(frames));
        let headers = response.headers_mut();
        headers.extend(in_head.map(status).unwrap_or_default());
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/grpc"));
        response
    }

    async fn answer(Path(kind): Path<String>) -> Response<AxumBody> {
        let status = |status: StatusCode| status.into_response();
        match kind.as_str() {
            "good" => "text".into_response(),
            "empty" => status(StatusCode::NO_CONTENT),
            "late" => {
                tokio::time::sleep(THRESHOLD + Duration::from_millis(20)).await;
                "text".into_response()
            }
            "refused" => status(StatusCode::NOT_FOUND),
            "failed" => status(StatusCode::BAD_GATEWAY),
            "broken" => streamed(vec![
                Ok(Frame::data(Bytes::from_static(b"half"))),
                Err(io::Error::other("broken")),
            ])
            .into_response(),
            "panics" => panic!("on purpose"),
            "hangs" => std::future::pending().await,
            "grpc-good" => grpc(None, Some("0")),
            "grpc-refused" => grpc(Some("5"), None),
            "grpc-failed" => grpc(None, Some("13")),
            "grpc-without-status" => grpc(None, None),
            _ => unreachable!("{kind}"),
        }
    }

    /// Every way in which a request ends, each as often as its place says, so that none stands
    /// in for another.
    #[test]
    fn each_ending_is_counted_where_it_belongs() {
        let routes: &Routes = Box::leak(Box::new(Routes::new(["/of/{kind}"])));
        let router = Router::new()
            .route("/of/{kind}", get(answer))
            .layer(CompleteLayer(routes))
            .with_state(());
        let ask = async |kind: &str| {
            let request = Request::get(format!("/of/{kind}")).body(AxumBody::empty());
            let answer: Result<_, Infallible> = router.clone().oneshot(request.unwrap()).await;
            let body = answer.unwrap().into_body();
            if !body.is_end_stream() {
                let _ = body.collect().await;
            }
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build();
        let kinds = [
            "good",
            "empty",
            "late",
            "refused",
            "failed",
            "broken",
            "panics",
            "hangs",
            "grpc-good",
            "grpc-refused",
            "grpc-failed",
            "grpc-without-status",
        ];
        let runtime = runtime.unwrap();
        for (place, kind) in kinds.into_iter().enumerate() {
            for _ in 0..=place {
                let asked = || {
                    runtime.block_on(async {
                        // Whoever waits for one that hangs gives up.
                        let _ = tokio::time::timeout(THRESHOLD * 2, ask(kind)).await;
                    });
                };
                let _ = catch_unwind(AssertUnwindSafe(asked));
            }
        }
        let counts = routes.at(Some("/of/{kind}"));
        assert_eq!(counts.started.load(Relaxed), 78);
        let expected = [
            ("good", 1 + 2 + 9),
            ("late", 3),
            ("client_error", 4 + 10),
            ("failed", 5 + 11 + 12),
            ("broken", 6),
            ("panicked", 7),
            ("cancelled", 8),
        ];
        assert_eq!(counts.ended(), expected);
        assert_eq!(routes.at(None).started.load(Relaxed), 0);
    }
}
