//! A panic is the service's fault, wherever it happens and whoever catches it.

use crate::{
    frames::{Knows, Piece},
    handlers::{Handler, HandlerAction},
    placement::Placement,
    play::{play, play_in},
    row::{LEFT, PANICKED, PLAIN, Row, SERVER, by_head},
};
use slo_sdk::Mark;

const ROWS: &[Row] = &[
    Row {
        name: "a panic in the first poll",
        action: HandlerAction::Panic,
        left: [PANICKED; 5],
        ..PLAIN
    },
    Row {
        name: "a panic in a later poll",
        action: HandlerAction::PanicLate,
        left: by_head(PANICKED),
        ..PLAIN
    },
    Row {
        name: "a panic in a later poll, where only heads are promised",
        handler: Handler::Heads,
        action: HandlerAction::PanicLate,
        left: by_head(PANICKED),
        ..PLAIN
    },
    Row {
        name: "a panic in the first poll of the body",
        body: &[Piece::Panic],
        left: [LEFT, LEFT, PANICKED, PANICKED, PANICKED],
        ..PLAIN
    },
    Row {
        name: "a panic between frames",
        body: &[Piece::Data(b"12345"), Piece::Pause, Piece::Panic],
        left: [LEFT, LEFT, LEFT, LEFT, PANICKED],
        ..PLAIN
    },
    Row {
        name: "a panic in the body of a failure",
        status: 500,
        body: &[Piece::Data(b"12345"), Piece::Panic],
        left: [LEFT, SERVER, SERVER, SERVER, PANICKED],
        ..PLAIN
    },
    Row {
        name: "a panic in the body after a mark",
        body: &[Piece::Mark(Mark::Good), Piece::Data(b"12345"), Piece::Panic],
        left: [
            LEFT,
            LEFT,
            crate::row::MARKED_GOOD,
            crate::row::MARKED_GOOD,
            PANICKED,
        ],
        ..PLAIN
    },
    Row {
        name: "a body that nobody polls can't panic",
        method: "HEAD",
        body: &[Piece::Panic],
        knows: Knows::ItsEnd,
        left: by_head(crate::row::OK),
        ..PLAIN
    },
];

#[test]
fn every_placement_and_point() {
    play(ROWS);
}

/// With a buffer between two layers a panic in a call kills the buffer's worker, and every
/// request after it.
#[test]
fn a_panic_in_the_call() {
    let [alone @ .., buffered] = Placement::ALL;
    assert_eq!(buffered, Placement::Buffered);
    let row = Row {
        name: "a panic in the call",
        handler: Handler::InCall,
        action: HandlerAction::Panic,
        left: [PANICKED; 5],
        ..PLAIN
    };
    play_in(&alone, &[row]);
}
