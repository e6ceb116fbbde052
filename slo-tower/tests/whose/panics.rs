//! A panic anywhere in the user's code is a panic, whoever called that code.

use crate::book::{App, J, app, ask, lines, serve};
use axum::{
    Router,
    body::{Body, HttpBody},
    extract::FromRequestParts,
    http::request::Parts,
    response::{IntoResponse, Response},
    routing::get,
};
use bytes::Bytes;
use http_body::{Frame, SizeHint};
use slo_sdk::{Ending, EventResult as R, slo};
use slo_tower::{Classifier, Consumers, SloLayer, StatusSeen};
use std::{
    cell::Cell,
    convert::Infallible,
    io,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    pin::Pin,
    task::{Context, Poll, Waker},
};
use tower::{Layer, Service};

/// Without the message that every panic prints.
fn panic_quietly() -> ! {
    resume_unwind(Box::new("on purpose"))
}

/// Where something of the user's panics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Where {
    Nowhere,
    Extractor,
    IntoResponse,
    IsEndStream,
    SizeHint,
    /// When the server asks.
    IsEndStreamLate,
    SizeHintLate,
    Frame,
    /// When the body is dropped before its end.
    Drop,
    ClassifierAnswer,
    ClassifierClone,
    Consumers,
    /// When the future of the handler is dropped before its end.
    FutureDrop,
}

impl Where {
    const ALL: [Where; 13] = [
        Where::Nowhere,
        Where::Extractor,
        Where::IntoResponse,
        Where::IsEndStream,
        Where::SizeHint,
        Where::IsEndStreamLate,
        Where::SizeHintLate,
        Where::Frame,
        Where::Drop,
        Where::ClassifierAnswer,
        Where::ClassifierClone,
        Where::Consumers,
        Where::FutureDrop,
    ];

    fn here(self, place: Where) {
        if self == place {
            panic_quietly();
        }
    }

    fn late(self, place: Where) {
        if STEP.get() == Step::Answered {
            self.here(place);
        }
    }
}

/// A body in two frames, that panics where it is told to.
struct Touchy {
    place: Where,
    frames: u8,
}

impl HttpBody for Touchy {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if self.frames == 1 {
            self.place.here(Where::Frame);
        }
        if self.frames == 2 {
            return Poll::Ready(None);
        }
        self.frames += 1;
        Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(b"part")))))
    }

    fn is_end_stream(&self) -> bool {
        self.place.here(Where::IsEndStream);
        self.place.late(Where::IsEndStreamLate);
        false
    }

    fn size_hint(&self) -> SizeHint {
        self.place.here(Where::SizeHint);
        self.place.late(Where::SizeHintLate);
        SizeHint::default()
    }
}

impl Drop for Touchy {
    fn drop(&mut self) {
        if !std::thread::panicking() && self.frames < 2 {
            self.place.here(Where::Drop);
        }
    }
}

struct Extracted(Where);

impl<S: Send + Sync> FromRequestParts<S> for Extracted {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let place = *parts.extensions.get::<Where>().expect("the test says");
        place.here(Where::Extractor);
        Ok(Extracted(place))
    }
}

struct Rendered(Where);

impl IntoResponse for Rendered {
    fn into_response(self) -> Response {
        self.0.here(Where::IntoResponse);
        Response::new(Body::new(Touchy {
            place: self.0,
            frames: 0,
        }))
    }
}

struct Dropped(Where);

impl Drop for Dropped {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.0.here(Where::FutureDrop);
        }
    }
}

#[slo(journey = J, route = "GET /touchy")]
async fn touchy(Extracted(place): Extracted) -> Rendered {
    if place == Where::FutureDrop {
        let _dropped = Dropped(place);
        std::future::pending::<()>().await;
    }
    Rendered(place)
}

/// A classifier, and what tells consumers apart, that panic where they are told to.
#[derive(Debug)]
struct Opinion(Where);

impl Clone for Opinion {
    fn clone(&self) -> Opinion {
        if STEP.get() == Step::Called {
            self.0.here(Where::ClassifierClone);
        }
        Opinion(self.0)
    }
}

/// How far the one request of this thread is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Built,
    Called,
    Answered,
}

thread_local! {
    static STEP: Cell<Step> = const { Cell::new(Step::Built) };
}

impl Classifier for Opinion {
    fn answer(&self, _: &StatusSeen<'_>) -> Option<Ending> {
        self.0.here(Where::ClassifierAnswer);
        None
    }
}

fn counted(place: Where) -> App {
    let consumers = Consumers::by(
        move |_, _| {
            place.here(Where::Consumers);
            None
        },
        ["billing"],
    );
    let layer = SloLayer::new()
        .classifier(Opinion(place))
        .consumers(consumers);
    let tell = move |mut request: axum::extract::Request| {
        request.extensions_mut().insert(place);
        request
    };
    let routes = Router::new().route("/touchy", get(touchy)).with_state(());
    app(layer.layer(tower::util::MapRequest::new(routes, tell)))
}

fn survive<T>(f: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(f)).ok()
}

/// Serves one request as a server does that survives everything, and stops reading the body after
/// a frame. `is_caught` says whether what was called is dropped by the panic, or only after it.
fn play(place: Where, is_caught: bool) {
    STEP.set(Step::Built);
    let mut app = counted(place);
    let mut cx = Context::from_waker(Waker::noop());
    STEP.set(Step::Called);
    let request = http::Request::get("/touchy").body(Body::empty());
    let called = survive(|| app.call(request.expect("a request")));
    let Some(mut future) = called else { return };
    let mut answer = None;
    let polled = survive(|| future.as_mut().poll(&mut cx));
    if let Some(Poll::Ready(Ok(response))) = polled {
        answer = Some(response.into_body());
    }
    survive(move || drop(future));
    let Some(mut body) = answer else { return };
    STEP.set(Step::Answered);
    let frames = if place == Where::Frame { 2 } else { 1 };
    let mut ask = |body: &mut Body| {
        HttpBody::size_hint(body);
        HttpBody::is_end_stream(body);
        for _ in 0..frames {
            assert!(Pin::new(&mut *body).poll_frame(&mut cx).is_ready());
        }
    };
    if is_caught {
        survive(|| ask(&mut body));
        survive(move || drop(body));
    } else {
        survive(move || {
            ask(&mut body);
            drop(body);
        });
    }
}

#[test]
fn wherever_it_happens() {
    for place in Where::ALL {
        for is_caught in [true, false] {
            let slo = slo_sdk::testing::recorder();
            play(place, is_caught);
            let result = match place {
                // Left before the end.
                Where::Nowhere => R::Cancelled,
                _ => R::Panicked,
            };
            let touchy = slo.endpoint("touchy");
            let is: Vec<_> = touchy.results().filter(|(_, n)| *n > 0).collect();
            assert_eq!(is, [(result, 1)], "{place:?}, caught: {is_caught}");
            assert_eq!((touchy.started(), touchy.ended()), (1, 1), "{place:?}");
        }
    }
}

#[tokio::test]
async fn over_sockets() {
    for place in Where::ALL {
        // These need a client that leaves, or wait for a step that only the other test takes.
        if matches!(
            place,
            Where::Nowhere
                | Where::Drop
                | Where::FutureDrop
                | Where::ClassifierClone
                | Where::IsEndStreamLate
                | Where::SizeHintLate
        ) {
            continue;
        }
        let slo = slo_sdk::testing::recorder();
        let address = serve(counted(place)).await;
        for _ in 0..3 {
            ask(address, "GET", "/touchy").await;
        }
        let book = lines(&[("touchy", R::Panicked, 3)], &[]);
        book.check(&slo, &format!("{place:?}")).await;
    }
}
