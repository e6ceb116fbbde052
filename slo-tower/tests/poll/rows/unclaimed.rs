//! Requests that never reach a handler: their route tells, or nobody promised anything.

use crate::{
    frames::Piece,
    handlers::{Handler, HandlerAction},
    play::play,
    row::{
        BROKEN, CLIENT, LEFT, LEFT_LATE, MARKED_OUT, PANICKED, PLAIN, Point, Row, SERVER, by_head,
    },
};
use slo_sdk::Mark;

const DECLARED: Row = Row {
    name: "declared, ok",
    handler: Handler::Declared,
    ..PLAIN
};

const UNANNOTATED: Row = Row {
    name: "unannotated, ok",
    handler: Handler::Unannotated,
    ..PLAIN
};

const ROWS: &[Row] = &[
    DECLARED,
    Row {
        name: "declared, refused",
        status: 400,
        left: by_head(CLIENT),
        ..DECLARED
    },
    Row {
        name: "declared, shed",
        status: 503,
        left: by_head(SERVER),
        ..DECLARED
    },
    Row {
        name: "declared, an error of the service",
        fails: true,
        left: by_head(SERVER),
        ..DECLARED
    },
    Row {
        name: "declared, slow",
        slow: Some(Point::Polled),
        status: 400,
        left: [LEFT_LATE, CLIENT, CLIENT, CLIENT, CLIENT],
        ..DECLARED
    },
    Row {
        name: "declared, a panic on the way",
        action: HandlerAction::PanicLate,
        left: by_head(PANICKED),
        ..DECLARED
    },
    Row {
        name: "declared, a body that breaks off",
        body: &[Piece::Data(b"12345"), Piece::Error],
        left: [LEFT, LEFT, LEFT, LEFT, BROKEN],
        ..DECLARED
    },
    Row {
        name: "declared, taken out by a middleware's body",
        body: &[Piece::Mark(Mark::Excluded), Piece::Data(b"12345")],
        left: [LEFT, LEFT, MARKED_OUT, MARKED_OUT, MARKED_OUT],
        ..DECLARED
    },
    UNANNOTATED,
    Row {
        name: "unannotated, failed",
        status: 500,
        ..UNANNOTATED
    },
    Row {
        name: "unannotated, an error of the service",
        fails: true,
        ..UNANNOTATED
    },
    Row {
        name: "unannotated, a panic",
        action: HandlerAction::PanicLate,
        ..UNANNOTATED
    },
    Row {
        name: "unannotated, marked",
        body: &[Piece::Mark(Mark::Bad), Piece::Data(b"12345")],
        ..UNANNOTATED
    },
];

#[test]
fn every_placement_and_point() {
    play(ROWS);
}
