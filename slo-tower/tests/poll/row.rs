//! A row of the table: a request, its answer, and what must have been counted wherever it
//! was left.

use crate::{
    frames::{Frames, Knows, Piece},
    handlers::{Handler, HandlerAction},
};
use axum::body::Body;
use http::{Request, Response};
use slo_sdk::{EventResult as R, Outcome};
use std::time::Duration;

/// A moment in the life of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Point {
    /// Before the future is polled.
    Called,
    /// Between two polls of the future.
    Polled,
    /// The future is ready; the body has not been polled.
    Head,
    /// After the first frame.
    Frame,
    /// After the last frame, before the body says that it was.
    LastFrame,
    /// There is nothing left to poll.
    End,
}

impl Point {
    pub(crate) const ALL: [Point; 6] = [
        Point::Called,
        Point::Polled,
        Point::Head,
        Point::Frame,
        Point::LastFrame,
        Point::End,
    ];
}

/// What an event counts as: its result, then availability, then latency.
pub(crate) type Seen = (R, Outcome, Outcome);

use Outcome::{Bad, Excluded, Good};
pub(crate) const OK: Seen = (R::Ok, Good, Good);
pub(crate) const OK_LATE: Seen = (R::Ok, Good, Bad);
pub(crate) const CLIENT: Seen = (R::ClientError, Excluded, Excluded);
pub(crate) const SERVER: Seen = (R::ServerError, Bad, Excluded);
pub(crate) const BROKEN: Seen = (R::BodyError, Bad, Excluded);
pub(crate) const PANICKED: Seen = (R::Panicked, Bad, Excluded);
pub(crate) const LEFT: Seen = (R::Cancelled, Excluded, Excluded);
pub(crate) const LEFT_LATE: Seen = (R::TimedOut, Excluded, Bad);
pub(crate) const MISSED: Seen = (R::TimedOut, Bad, Bad);
pub(crate) const MARKED_GOOD: Seen = (R::MarkedGood, Good, Good);
pub(crate) const MARKED_BAD: Seen = (R::MarkedBad, Bad, Bad);
pub(crate) const MARKED_OUT: Seen = (R::MarkedExcluded, Excluded, Excluded);

type Fields = &'static [(&'static str, &'static str)];

#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) method: &'static str,
    /// Headers of the request.
    pub(crate) request: Fields,
    /// What the layer was told.
    pub(crate) timeout: Option<Duration>,
    pub(crate) handler: Handler,
    pub(crate) action: HandlerAction,
    /// True where the service fails instead of answering.
    pub(crate) fails: bool,
    pub(crate) status: u16,
    /// Headers of the answer.
    pub(crate) head: Fields,
    pub(crate) body: &'static [Piece],
    pub(crate) knows: Knows,
    /// After this point 150 ms pass.
    pub(crate) slow: Option<Point>,
    /// What is counted if it is left at each point from [`Point::Polled`] on. A request that
    /// ended before counts as it ended.
    pub(crate) left: [Seen; 5],
}

/// How long a slow request takes.
pub(crate) const SLOW: Duration = Duration::from_millis(150);

/// 200 in time, with a body that does not know its end.
pub(crate) const PLAIN: Row = Row {
    name: "ok in time",
    method: "GET",
    request: &[],
    timeout: None,
    handler: Handler::Plain,
    action: HandlerAction::Nothing,
    fails: false,
    status: 200,
    head: &[],
    body: &[Piece::Data(b"12345"), Piece::Pause, Piece::Data(b"67890")],
    knows: Knows::Nothing,
    slow: None,
    left: [LEFT, LEFT, LEFT, LEFT, OK],
};

/// Known by its head, and cancelled only by who leaves before.
pub(crate) const fn by_head(seen: Seen) -> [Seen; 5] {
    [LEFT, seen, seen, seen, seen]
}

/// Known by its last frame.
pub(crate) const fn by_last_frame(seen: Seen) -> [Seen; 5] {
    [LEFT, LEFT, LEFT, seen, seen]
}

impl Row {
    pub(crate) fn request(&self) -> Request<Body> {
        let builder = Request::builder()
            .method(self.method)
            .uri(self.handler.path())
            .extension((self.handler, self.action));
        self.request
            .iter()
            .fold(builder, |b, (name, value)| b.header(*name, *value))
            .body(Body::empty())
            .expect("a request")
    }

    pub(crate) fn response(&self) -> Response<Frames> {
        let builder = Response::builder().status(self.status);
        self.head
            .iter()
            .fold(builder, |b, (name, value)| b.header(*name, *value))
            .body(Frames::new(self.body, self.knows))
            .expect("a response")
    }
}
