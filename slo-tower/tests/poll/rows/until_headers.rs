//! Endpoints that promise a head, and bodies that go on for as long as they like.

use crate::{
    frames::Piece,
    handlers::Handler,
    play::play,
    row::{
        BROKEN, CLIENT, LEFT, LEFT_LATE, OK, OK_LATE, PANICKED, PLAIN, Point, Row, SERVER, by_head,
    },
};

const HEADS: Row = Row {
    name: "a head in time",
    handler: Handler::Heads,
    left: by_head(OK),
    ..PLAIN
};

const ROWS: &[Row] = &[
    HEADS,
    Row {
        name: "a head in time, and a slow body",
        slow: Some(Point::Frame),
        ..HEADS
    },
    Row {
        name: "a head in time that nobody reads on for long",
        slow: Some(Point::Head),
        ..HEADS
    },
    Row {
        name: "a head in time, and a deadline that passes later",
        method: "POST",
        request: &[("grpc-timeout", "120m")],
        slow: Some(Point::Head),
        ..HEADS
    },
    Row {
        name: "a slow head",
        slow: Some(Point::Polled),
        left: [LEFT_LATE, OK_LATE, OK_LATE, OK_LATE, OK_LATE],
        ..HEADS
    },
    Row {
        name: "a refusal",
        status: 403,
        left: by_head(CLIENT),
        ..HEADS
    },
    Row {
        name: "a failure with a slow body",
        status: 502,
        slow: Some(Point::Head),
        left: by_head(SERVER),
        ..HEADS
    },
    Row {
        name: "a body that breaks off",
        body: &[Piece::Data(b"12345"), Piece::Pause, Piece::Error],
        left: [LEFT, OK, OK, OK, BROKEN],
        ..HEADS
    },
    Row {
        name: "a body that panics",
        body: &[Piece::Data(b"12345"), Piece::Pause, Piece::Panic],
        left: [LEFT, OK, OK, OK, PANICKED],
        ..HEADS
    },
    Row {
        name: "gRPC whose trailers say that it failed",
        head: &[("content-type", "application/grpc")],
        body: &[Piece::Data(b"m"), Piece::Trailers(&[("grpc-status", "13")])],
        left: [LEFT, OK, OK, SERVER, SERVER],
        ..HEADS
    },
];

#[test]
fn every_placement_and_point() {
    play(ROWS);
}
