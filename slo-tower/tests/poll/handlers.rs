//! Annotated functions that answer what a mock behind them says, when it says so.

use crate::frames::{Frames, mark, panic_quietly};
use axum::{BoxError, body::Body};
use http::{Request, Response};
use slo_sdk::{Journey, Mark, Objectives, millis, slo};
use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};
use tower::Service;
use tower_test::mock::{Mock, future::ResponseFuture};

pub(crate) const POLL: Journey = Journey::new("poll").objectives(
    Objectives::new()
        .availability(99.0)
        .latency(99.0, millis(100)),
);

type Answer = Result<Response<Frames>, BoxError>;

/// Who serves a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Handler {
    /// Promises an answer to its end in 100 ms.
    Plain,
    /// Promises it in an hour.
    Patient,
    /// Promises a head in 100 ms.
    Heads,
    /// Has its own opinion of some status codes.
    Judging,
    /// The same, but it never runs.
    DeclaredJudging,
    /// Is not a future: it has done its part when the service was called.
    InCall,
    /// Never runs; its annotation declares a route.
    Declared,
    /// Nobody who promised anything.
    Unannotated,
}

/// What a handler does besides answering.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HandlerAction {
    Nothing,
    Mark(Mark),
    /// Before it asks the mock.
    Panic,
    /// Once the mock has answered.
    PanicLate,
}

impl Handler {
    /// The name of the endpoint that its requests count for.
    pub(crate) fn endpoint(self) -> Option<&'static str> {
        match self {
            Handler::Plain => Some("plain"),
            Handler::Patient => Some("patient"),
            Handler::Heads => Some("heads"),
            Handler::Judging => Some("judging"),
            Handler::DeclaredJudging => Some("declared-judging"),
            Handler::InCall => Some("in-call"),
            Handler::Declared => Some("declared"),
            Handler::Unannotated => None,
        }
    }

    pub(crate) fn path(self) -> &'static str {
        match self {
            Handler::Declared => "/declared/7",
            Handler::DeclaredJudging => "/judging/7",
            Handler::Unannotated => "/unannotated",
            _ => "/claimed",
        }
    }
}

impl HandlerAction {
    fn before(self) {
        match self {
            HandlerAction::Mark(said) => assert!(mark(said), "a handler runs within its event"),
            HandlerAction::Panic => panic_quietly(),
            HandlerAction::Nothing | HandlerAction::PanicLate => {}
        }
    }

    async fn around(self, answer: ResponseFuture<Response<Frames>>) -> Answer {
        self.before();
        let answer = answer.await;
        if self == HandlerAction::PanicLate {
            panic_quietly();
        }
        answer
    }
}

#[slo(journey = POLL)]
async fn plain(answer: ResponseFuture<Response<Frames>>, action: HandlerAction) -> Answer {
    action.around(answer).await
}

#[slo(journey = POLL, latency = 99% < 60m)]
async fn patient(answer: ResponseFuture<Response<Frames>>, action: HandlerAction) -> Answer {
    action.around(answer).await
}

#[slo(journey = POLL, until = headers)]
async fn heads(answer: ResponseFuture<Response<Frames>>, action: HandlerAction) -> Answer {
    action.around(answer).await
}

/// HTTP statuses and gRPC codes: NOT_FOUND is 5, PERMISSION_DENIED 7, INTERNAL 13.
#[slo(journey = POLL, good_status = [404, 503, 5, 13], bad_status = [429, 202, 7])]
async fn judging(answer: ResponseFuture<Response<Frames>>, action: HandlerAction) -> Answer {
    action.around(answer).await
}

#[slo(journey = POLL, route = "GET /judging/{id}", good_status = [404], bad_status = [429])]
#[expect(dead_code, reason = "requests are refused before they reach it")]
async fn declared_judging() {}

#[slo(journey = POLL)]
fn in_call(action: HandlerAction) {
    action.before();
}

#[slo(journey = POLL, route = "GET /declared/{id}")]
#[expect(dead_code, reason = "requests are refused before they reach it")]
async fn declared() {}

/// The service under the layer: hands a request to the handler it names, and the handler's
/// question to the mock.
#[derive(Clone, Debug)]
pub(crate) struct Work(pub(crate) Mock<(), Response<Frames>>);

impl Service<Request<Body>> for Work {
    type Response = Response<Frames>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Answer> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let answer = self.0.call(());
        let script = request.extensions().get::<(Handler, HandlerAction)>();
        let (handler, action) = *script.expect("the test says who serves");
        match handler {
            Handler::Plain => Box::pin(plain(answer, action)),
            Handler::Patient => Box::pin(patient(answer, action)),
            Handler::Heads => Box::pin(heads(answer, action)),
            Handler::Judging => Box::pin(judging(answer, action)),
            Handler::InCall => {
                in_call(action);
                Box::pin(answer)
            }
            Handler::Declared | Handler::DeclaredJudging | Handler::Unannotated => {
                Box::pin(action.around(answer))
            }
        }
    }
}
