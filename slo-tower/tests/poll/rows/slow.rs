//! Time passes, and the threshold with it.

use crate::{
    frames::{Knows, Piece},
    handlers::{Handler, HandlerAction},
    placement::Placement,
    play::{play, play_in},
    row::{BROKEN, CLIENT, LEFT, LEFT_LATE, OK, OK_LATE, PANICKED, PLAIN, Point, Row, SERVER},
};

const ROWS: &[Row] = &[
    Row {
        name: "slow before the head",
        slow: Some(Point::Polled),
        left: [LEFT_LATE, LEFT_LATE, LEFT_LATE, LEFT_LATE, OK_LATE],
        ..PLAIN
    },
    Row {
        name: "slow, and the body knows its end",
        slow: Some(Point::Polled),
        knows: Knows::ItsEnd,
        left: [LEFT_LATE, LEFT_LATE, LEFT_LATE, OK_LATE, OK_LATE],
        ..PLAIN
    },
    Row {
        name: "slow, but promised in an hour",
        handler: Handler::Patient,
        slow: Some(Point::Polled),
        ..PLAIN
    },
    Row {
        name: "slow after the head",
        slow: Some(Point::Head),
        left: [LEFT, LEFT_LATE, LEFT_LATE, LEFT_LATE, OK_LATE],
        ..PLAIN
    },
    Row {
        name: "slow after the first frame",
        slow: Some(Point::Frame),
        left: [LEFT, LEFT, LEFT_LATE, LEFT_LATE, OK_LATE],
        ..PLAIN
    },
    Row {
        name: "slow after the last frame of a body that does not know",
        slow: Some(Point::LastFrame),
        left: [LEFT, LEFT, LEFT, LEFT_LATE, OK_LATE],
        ..PLAIN
    },
    Row {
        name: "slow after the last frame of a body that knows",
        slow: Some(Point::LastFrame),
        knows: Knows::ItsEnd,
        left: [LEFT, LEFT, LEFT, OK, OK],
        ..PLAIN
    },
    Row {
        name: "slow after the last of the bytes announced",
        slow: Some(Point::LastFrame),
        head: &[("content-length", "10")],
        left: [LEFT, LEFT, LEFT, OK, OK],
        ..PLAIN
    },
    Row {
        name: "slow after HEAD",
        method: "HEAD",
        slow: Some(Point::Head),
        left: [LEFT, OK, OK, OK, OK],
        ..PLAIN
    },
    Row {
        name: "slow in an upgraded connection",
        status: 101,
        slow: Some(Point::Head),
        left: [LEFT, OK, OK, OK, OK],
        ..PLAIN
    },
    Row {
        name: "a slow upgrade",
        status: 101,
        slow: Some(Point::Polled),
        left: [LEFT_LATE, OK_LATE, OK_LATE, OK_LATE, OK_LATE],
        ..PLAIN
    },
    Row {
        name: "slow and refused",
        status: 404,
        slow: Some(Point::Polled),
        left: [LEFT_LATE, CLIENT, CLIENT, CLIENT, CLIENT],
        ..PLAIN
    },
    Row {
        name: "slow and failed",
        status: 500,
        slow: Some(Point::Polled),
        left: [LEFT_LATE, SERVER, SERVER, SERVER, SERVER],
        ..PLAIN
    },
    Row {
        name: "slow and an error of the service",
        fails: true,
        slow: Some(Point::Polled),
        left: [LEFT_LATE, SERVER, SERVER, SERVER, SERVER],
        ..PLAIN
    },
    Row {
        name: "slow, and the body breaks off",
        body: &[Piece::Data(b"12345"), Piece::Error],
        slow: Some(Point::Frame),
        left: [LEFT, LEFT, LEFT_LATE, LEFT_LATE, BROKEN],
        ..PLAIN
    },
    Row {
        name: "slow and panicked",
        action: HandlerAction::PanicLate,
        slow: Some(Point::Polled),
        left: [LEFT_LATE, PANICKED, PANICKED, PANICKED, PANICKED],
        ..PLAIN
    },
];

/// Before anybody polls, time passes already: the request has been accepted. axum does not call
/// what is in a router before its first poll, so nothing in there can know.
const BEFORE_THE_FIRST_POLL: &[Row] = &[
    Row {
        name: "slow before the first poll",
        slow: Some(Point::Called),
        left: [LEFT_LATE, LEFT_LATE, LEFT_LATE, LEFT_LATE, OK_LATE],
        ..PLAIN
    },
    Row {
        name: "slow before the first poll, declared",
        handler: Handler::Declared,
        slow: Some(Point::Called),
        left: [LEFT_LATE, LEFT_LATE, LEFT_LATE, LEFT_LATE, OK_LATE],
        ..PLAIN
    },
];

#[test]
fn time_before_the_first_poll_counts() {
    let [inside, around @ ..] = Placement::ALL;
    assert_eq!(inside, Placement::InsideRouter);
    let rows = BEFORE_THE_FIRST_POLL;
    play_in(&around, rows);
    let in_time = rows.iter().map(|row| Row {
        left: PLAIN.left,
        ..*row
    });
    play_in(&[inside], &in_time.collect::<Vec<_>>());
}

#[test]
fn every_placement_and_point() {
    play(ROWS);
}
