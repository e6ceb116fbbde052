//! The handler's own word, and what it can't undo.

use crate::{
    frames::{Knows, Piece},
    handlers::{Handler, HandlerAction},
    play::play,
    row::{
        BROKEN, LEFT, MARKED_BAD, MARKED_GOOD, MARKED_OUT, MISSED, PANICKED, PLAIN, Point, Row,
        by_last_frame,
    },
};
use slo_sdk::Mark;

const ROWS: &[Row] = &[
    Row {
        name: "marked good",
        action: HandlerAction::Mark(Mark::Good),
        left: [MARKED_GOOD; 5],
        ..PLAIN
    },
    Row {
        name: "marked bad",
        action: HandlerAction::Mark(Mark::Bad),
        left: [MARKED_BAD; 5],
        ..PLAIN
    },
    Row {
        name: "marked excluded",
        action: HandlerAction::Mark(Mark::Excluded),
        left: [MARKED_OUT; 5],
        ..PLAIN
    },
    Row {
        name: "marked good, and slow",
        action: HandlerAction::Mark(Mark::Good),
        slow: Some(Point::Polled),
        left: [MARKED_GOOD; 5],
        ..PLAIN
    },
    Row {
        name: "marked bad, where only heads are promised",
        handler: Handler::Heads,
        action: HandlerAction::Mark(Mark::Bad),
        left: [MARKED_BAD; 5],
        ..PLAIN
    },
    Row {
        name: "a failure marked good",
        action: HandlerAction::Mark(Mark::Good),
        status: 500,
        left: [MARKED_GOOD; 5],
        ..PLAIN
    },
    Row {
        name: "a refusal marked bad",
        action: HandlerAction::Mark(Mark::Bad),
        status: 404,
        left: [MARKED_BAD; 5],
        ..PLAIN
    },
    Row {
        name: "an error of the service marked excluded",
        action: HandlerAction::Mark(Mark::Excluded),
        fails: true,
        left: [MARKED_OUT; 5],
        ..PLAIN
    },
    Row {
        name: "marked in the call",
        handler: Handler::InCall,
        action: HandlerAction::Mark(Mark::Bad),
        left: [MARKED_BAD; 5],
        ..PLAIN
    },
    Row {
        name: "marked good before the body breaks off",
        action: HandlerAction::Mark(Mark::Good),
        body: &[Piece::Data(b"12345"), Piece::Error],
        left: [MARKED_GOOD, MARKED_GOOD, MARKED_GOOD, MARKED_GOOD, BROKEN],
        ..PLAIN
    },
    Row {
        name: "marked good before the body panics",
        action: HandlerAction::Mark(Mark::Good),
        body: &[Piece::Data(b"12345"), Piece::Panic],
        left: [MARKED_GOOD, MARKED_GOOD, MARKED_GOOD, MARKED_GOOD, PANICKED],
        ..PLAIN
    },
    Row {
        name: "marked good before a deadline passed",
        method: "POST",
        request: &[("grpc-timeout", "120m")],
        action: HandlerAction::Mark(Mark::Good),
        slow: Some(Point::Polled),
        left: [MISSED, MISSED, MISSED, MISSED, MARKED_GOOD],
        ..PLAIN
    },
    Row {
        name: "marked bad in the body",
        body: &[Piece::Data(b"a"), Piece::Mark(Mark::Bad), Piece::Data(b"b")],
        left: [LEFT, LEFT, LEFT, MARKED_BAD, MARKED_BAD],
        ..PLAIN
    },
    Row {
        name: "marked excluded with the last frame of a body that knows its end",
        body: &[
            Piece::Data(b"a"),
            Piece::Mark(Mark::Excluded),
            Piece::Data(b"b"),
        ],
        knows: Knows::ItsEnd,
        left: by_last_frame(MARKED_OUT),
        ..PLAIN
    },
    Row {
        name: "marked at the very end of the body",
        body: &[
            Piece::Data(b"a"),
            Piece::Data(b"b"),
            Piece::Mark(Mark::Good),
        ],
        left: [LEFT, LEFT, LEFT, LEFT, MARKED_GOOD],
        ..PLAIN
    },
    Row {
        name: "the last mark stands",
        action: HandlerAction::Mark(Mark::Bad),
        body: &[
            Piece::Data(b"a"),
            Piece::Mark(Mark::Good),
            Piece::Data(b"b"),
        ],
        left: [MARKED_BAD, MARKED_BAD, MARKED_BAD, MARKED_GOOD, MARKED_GOOD],
        ..PLAIN
    },
];

#[test]
fn every_placement_and_point() {
    play(ROWS);
}
