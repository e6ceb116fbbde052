//! The annotation has its own opinion of some status codes.

use crate::{
    frames::{Knows, Piece},
    handlers::{Handler, HandlerAction},
    play::play,
    row::{
        BROKEN, CLIENT, LEFT, LEFT_LATE, MARKED_GOOD, OK, OK_LATE, PANICKED, PLAIN, Point, Row,
        SERVER, by_head, by_last_frame,
    },
};
use slo_sdk::Mark;

const JUDGING: Row = Row {
    name: "judging, 200 is nothing special",
    handler: Handler::Judging,
    ..PLAIN
};

const GRPC: Row = Row {
    name: "judging, gRPC OK is nothing special",
    head: &[("content-type", "application/grpc")],
    body: &[
        Piece::Data(b"12345"),
        Piece::Trailers(&[("grpc-status", "0")]),
    ],
    left: by_last_frame(OK),
    ..JUDGING
};

const ROWS: &[Row] = &[
    JUDGING,
    Row {
        name: "404 is an answer",
        status: 404,
        // A client that leaves before its end has not had it.
        left: [LEFT, LEFT, LEFT, LEFT, OK],
        ..JUDGING
    },
    Row {
        name: "404 is an answer, late",
        status: 404,
        slow: Some(Point::Frame),
        left: [LEFT, LEFT, LEFT_LATE, LEFT_LATE, OK_LATE],
        ..JUDGING
    },
    Row {
        name: "404 is an answer, cut short",
        status: 404,
        body: &[Piece::Data(b"12345"), Piece::Error],
        left: [LEFT, LEFT, LEFT, LEFT, BROKEN],
        ..JUDGING
    },
    Row {
        name: "503 is an answer without a body",
        status: 503,
        body: &[],
        knows: Knows::ItsEnd,
        left: by_head(OK),
        ..JUDGING
    },
    Row {
        name: "429 is a failure",
        status: 429,
        left: by_head(SERVER),
        ..JUDGING
    },
    Row {
        name: "202 is a failure",
        status: 202,
        left: by_head(SERVER),
        ..JUDGING
    },
    Row {
        name: "500 is nothing special",
        status: 500,
        left: by_head(SERVER),
        ..JUDGING
    },
    Row {
        name: "400 is nothing special",
        status: 400,
        left: by_head(CLIENT),
        ..JUDGING
    },
    Row {
        name: "the handler knows better",
        status: 429,
        action: HandlerAction::Mark(Mark::Good),
        left: [MARKED_GOOD; 5],
        ..JUDGING
    },
    Row {
        name: "an error of the service has no status",
        fails: true,
        left: by_head(SERVER),
        ..JUDGING
    },
    Row {
        name: "a panic has no status",
        action: HandlerAction::PanicLate,
        left: by_head(PANICKED),
        ..JUDGING
    },
    GRPC,
    Row {
        name: "gRPC, NOT_FOUND is an answer",
        body: &[
            Piece::Data(b"12345"),
            Piece::Trailers(&[("grpc-status", "5")]),
        ],
        ..GRPC
    },
    Row {
        name: "gRPC, INTERNAL is an answer",
        body: &[
            Piece::Data(b"12345"),
            Piece::Trailers(&[("grpc-status", "13")]),
        ],
        ..GRPC
    },
    Row {
        name: "gRPC, PERMISSION_DENIED is a failure",
        body: &[
            Piece::Data(b"12345"),
            Piece::Trailers(&[("grpc-status", "7")]),
        ],
        left: by_last_frame(SERVER),
        ..GRPC
    },
    Row {
        name: "gRPC, PERMISSION_DENIED in the head is a failure",
        head: &[("content-type", "application/grpc"), ("grpc-status", "7")],
        body: &[],
        knows: Knows::ItsEnd,
        left: by_head(SERVER),
        ..GRPC
    },
    Row {
        name: "gRPC, 429 of something in between is a failure",
        status: 429,
        body: JUDGING.body,
        left: by_head(SERVER),
        ..GRPC
    },
    Row {
        name: "gRPC, no status is a failure whatever is listed",
        body: &[Piece::Data(b"12345")],
        left: [LEFT, LEFT, LEFT, LEFT, SERVER],
        ..GRPC
    },
    Row {
        name: "declared, 404 is an answer",
        handler: Handler::DeclaredJudging,
        status: 404,
        ..JUDGING
    },
    Row {
        name: "declared, 429 is a failure",
        handler: Handler::DeclaredJudging,
        status: 429,
        left: by_head(SERVER),
        ..JUDGING
    },
];

#[test]
fn every_placement_and_point() {
    play(ROWS);
}
