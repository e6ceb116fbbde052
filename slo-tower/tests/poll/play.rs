//! One request of a row, in one placement, left at one point.

use crate::{
    counted::{counted, same},
    frames::count,
    handlers::{Handler, Work},
    placement::{Counted, Placement},
    row::{PLAIN, Point, Row, SLOW, Seen},
};
use axum::{
    BoxError,
    body::{Body, HttpBody},
};
use http::Response;
use slo_sdk::{Snapshot, testing::Clock};
use slo_tower::SloLayer;
use std::{
    future::Future,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    task::{Context, Poll, Waker},
};
use tower::Service;
use tower_test::mock;

/// Plays every row in every placement, left at every point, and compares.
pub(crate) fn play(rows: &[Row]) {
    play_in(&Placement::ALL, rows);
}

/// The same in some of the placements.
pub(crate) fn play_in(placements: &[Placement], rows: &[Row]) {
    let _alone = slo_sdk::testing::recorder();
    // The first request of a process through two layers is nobody's.
    serve(&PLAIN, Placement::Doubled, Point::Called);
    let mut before = slo_sdk::snapshot();
    let mut wrong = Vec::new();
    let cases = rows.len() * placements.len() * Point::ALL.len();
    for row in rows {
        for &placement in placements {
            for left in Point::ALL {
                serve(row, placement, left);
                let after = slo_sdk::snapshot();
                if let Err(difference) = compare(&after.since(&before), row, placement, left) {
                    wrong.push(format!(
                        "{}, {placement:?}, left at {left:?}: {difference}",
                        row.name
                    ));
                }
                before = after;
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {cases}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// Serves one request as a server does that drops everything at a point.
fn serve(row: &Row, placement: Placement, left: Point) {
    let clock = Clock::new();
    clock.run(|| {
        let passes = |point| pass(row, &clock, point);
        let Some(answer) = head(row, placement, left, &passes) else {
            return;
        };
        passes(Point::Head);
        if left != Point::Head {
            body(row, answer.into_body(), left, &passes);
        }
    });
}

fn pass(row: &Row, clock: &Clock, point: Point) {
    if row.slow == Some(point) {
        clock.advance(SLOW);
    }
}

/// Polls the future to its end; `None` if it was left, failed or panicked before.
fn head(
    row: &Row,
    placement: Placement,
    left: Point,
    passes: &impl Fn(Point),
) -> Option<Response<Body>> {
    let (mock, mut backend) = mock::pair();
    let layer = match row.timeout {
        Some(timeout) => SloLayer::new().timeout(timeout),
        None => SloLayer::new(),
    };
    let Counted {
        mut service,
        mut worker,
    } = placement.place(layer, Work(mock));
    let mut cx = Context::from_waker(Waker::noop());
    assert!(service.poll_ready(&mut cx).is_ready());
    let mut future = survive(|| service.call(row.request()))?;
    passes(Point::Called);
    if left == Point::Called {
        return None;
    }
    let mut asked = None;
    // A request that has to go through a buffer reaches its handler with the second poll.
    for _ in 0..2 {
        match poll(&mut future)? {
            Poll::Ready(answer) => return answer.ok(),
            Poll::Pending => assert!(worker.as_mut().poll(&mut cx).is_pending()),
        }
        if let Poll::Ready(request) = backend.poll_request() {
            asked = asked.or(request);
        }
    }
    let ((), answer) = asked.expect("the handler asks the mock");
    passes(Point::Polled);
    if left == Point::Polled {
        return None;
    }
    if row.fails {
        answer.send_error("the service failed");
    } else {
        answer.send_response(row.response());
    }
    match poll(&mut future)? {
        Poll::Ready(answer) => answer.ok(),
        Poll::Pending => panic!("{}: the mock has answered", row.name),
    }
}

/// Polls the body until it is left, has failed or is at its end.
fn body(row: &Row, mut body: Body, left: Point, passes: &impl Fn(Point)) {
    let mut cx = Context::from_waker(Waker::noop());
    let frames = count(row.body);
    let mut seen = 0;
    while let Some(step) = survive(|| Pin::new(&mut body).poll_frame(&mut cx)) {
        match step {
            Poll::Pending => continue,
            Poll::Ready(Some(Ok(_))) => seen += 1,
            Poll::Ready(Some(Err(_)) | None) => return,
        }
        if seen == 1 {
            passes(Point::Frame);
        }
        if seen == frames {
            passes(Point::LastFrame);
        }
        if body.is_end_stream() {
            // A server asks for nothing more.
            return;
        }
        if seen == 1 && left == Point::Frame || seen == frames && left == Point::LastFrame {
            return;
        }
    }
}

fn poll<F>(future: &mut F) -> Option<Poll<Result<Response<Body>, BoxError>>>
where
    F: Future<Output = Result<Response<Body>, BoxError>> + Unpin,
{
    survive(|| Pin::new(future).poll(&mut Context::from_waker(Waker::noop())))
}

/// `None` if `f` panics, as a server survives it: what was polled is dropped later.
fn survive<R>(f: impl FnOnce() -> R) -> Option<R> {
    catch_unwind(AssertUnwindSafe(f)).ok()
}

/// What must be counted, on which endpoint; or the request without an annotation.
fn expected(row: &Row, placement: Placement, left: Point) -> Option<Seen> {
    let column = Point::ALL.iter().skip(1).position(|point| *point == left);
    match (column, row.handler) {
        (_, Handler::Unannotated) => None,
        (Some(column), _) => Some(row.left[column]),
        // Never polled, so no handler can have claimed it, but for what is done in the call.
        (None, Handler::InCall) if placement.calls_the_service_at_once() => Some(row.left[0]),
        (None, _) => None,
    }
}

fn compare(counts: &Snapshot, row: &Row, placement: Placement, left: Point) -> Result<(), String> {
    let expected = expected(row, placement, left);
    for endpoint in counts.endpoints() {
        let is_meant = row.handler.endpoint() == Some(endpoint.name());
        counted(endpoint, expected.filter(|_| is_meant))?;
    }
    let reached = left != Point::Called;
    let unannotated = u64::from(expected.is_none() && reached);
    let is = counts.unannotated().values().sum::<u64>();
    same("unannotated", &is, &unannotated)?;
    same("unclaimed", &counts.unclaimed(), &0)?;
    same("in an event", &slo_sdk::current().is_active(), &false)
}
