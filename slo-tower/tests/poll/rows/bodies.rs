//! Where the body ends, and who knows.

use crate::{
    frames::{Knows, Piece},
    play::play,
    row::{BROKEN, LEFT, OK, PLAIN, Row, SERVER, by_head, by_last_frame},
};

const ROWS: &[Row] = &[
    Row {
        name: "a body that knows its end",
        knows: Knows::ItsEnd,
        left: by_last_frame(OK),
        ..PLAIN
    },
    Row {
        name: "a body that learns its end after the last frame",
        knows: Knows::ItsEndLater,
        left: by_last_frame(OK),
        ..PLAIN
    },
    Row {
        name: "a body shorter than announced",
        head: &[("content-length", "11")],
        left: [LEFT, LEFT, LEFT, LEFT, BROKEN],
        ..PLAIN
    },
    Row {
        name: "a body that knows its size",
        knows: Knows::ItsSize,
        left: by_last_frame(OK),
        ..PLAIN
    },
    Row {
        name: "an announced length",
        head: &[("content-length", "10")],
        left: by_last_frame(OK),
        ..PLAIN
    },
    Row {
        name: "an announced length of nothing",
        head: &[("content-length", "0")],
        body: &[],
        left: by_head(OK),
        ..PLAIN
    },
    Row {
        name: "an announced length that is none",
        head: &[("content-length", "ten")],
        ..PLAIN
    },
    Row {
        name: "an announced length, and an error that nobody sees any more",
        head: &[("content-length", "5")],
        body: &[Piece::Data(b"12345"), Piece::Error],
        left: [LEFT, LEFT, OK, OK, OK],
        ..PLAIN
    },
    Row {
        name: "an empty body that knows it",
        body: &[],
        knows: Knows::ItsEnd,
        left: by_head(OK),
        ..PLAIN
    },
    Row {
        name: "an empty body that does not know it",
        body: &[],
        left: [LEFT, LEFT, OK, OK, OK],
        ..PLAIN
    },
    Row {
        name: "trailers",
        body: &[
            Piece::Data(b"12345"),
            Piece::Pause,
            Piece::Trailers(&[("sum", "1")]),
        ],
        left: by_last_frame(OK),
        ..PLAIN
    },
    Row {
        name: "HEAD",
        method: "HEAD",
        left: by_head(OK),
        ..PLAIN
    },
    Row {
        name: "HEAD of what fails",
        method: "HEAD",
        status: 500,
        left: by_head(SERVER),
        ..PLAIN
    },
    Row {
        name: "HEAD with the length of what GET would send",
        method: "HEAD",
        head: &[("content-length", "10")],
        left: by_head(OK),
        ..PLAIN
    },
    Row {
        name: "204",
        status: 204,
        left: by_head(OK),
        ..PLAIN
    },
    Row {
        name: "304 with the length of what it stands for",
        status: 304,
        head: &[("content-length", "10")],
        left: by_head(OK),
        ..PLAIN
    },
    Row {
        name: "a body that fails at once",
        body: &[Piece::Error],
        left: [LEFT, LEFT, BROKEN, BROKEN, BROKEN],
        ..PLAIN
    },
    Row {
        name: "a body that fails midway",
        body: &[Piece::Data(b"12345"), Piece::Pause, Piece::Error],
        left: [LEFT, LEFT, LEFT, LEFT, BROKEN],
        ..PLAIN
    },
    Row {
        name: "a body that fails before the length it announced",
        head: &[("content-length", "10")],
        body: &[Piece::Data(b"12345"), Piece::Error],
        left: [LEFT, LEFT, LEFT, LEFT, BROKEN],
        ..PLAIN
    },
];

#[test]
fn every_placement_and_point() {
    play(ROWS);
}
