//! gRPC-Web: the last message of the body decides.

use crate::{
    frames::{Knows, Piece},
    play::play,
    row::{CLIENT, LEFT, OK, PLAIN, Row, SERVER, by_last_frame},
};

const WEB: Row = Row {
    name: "ok",
    method: "POST",
    head: &[("content-type", "application/grpc-web+proto")],
    body: &[
        Piece::Data(b"\0\0\0\0\x02hi"),
        Piece::Pause,
        Piece::Data(b"\x80\0\0\0\x0dgrpc-status:0"),
    ],
    left: [LEFT, LEFT, LEFT, LEFT, OK],
    ..PLAIN
};

const ROWS: &[Row] = &[
    WEB,
    Row {
        name: "ok, and the body knows its end",
        knows: Knows::ItsEnd,
        left: by_last_frame(OK),
        ..WEB
    },
    Row {
        name: "a fault of the client, cut anywhere",
        body: &[
            Piece::Data(b"\0\0\0\0\x02hi\x80\0\0"),
            Piece::Pause,
            Piece::Data(b"\0\x0egrpc-st"),
            Piece::Data(b"atus: 5"),
        ],
        knows: Knows::ItsEnd,
        left: by_last_frame(CLIENT),
        ..WEB
    },
    Row {
        name: "a fault of the server, as text",
        head: &[("content-type", "application/grpc-web-text")],
        body: &[
            Piece::Data(b"AAAAAAA="),
            Piece::Data(b"gAAAAA5ncnBjLXN0YXR1czoxMw=="),
        ],
        left: [LEFT, LEFT, LEFT, LEFT, SERVER],
        ..WEB
    },
    Row {
        name: "no status",
        body: &[Piece::Data(b"\0\0\0\0\x02hi")],
        left: [LEFT, LEFT, LEFT, LEFT, SERVER],
        ..WEB
    },
    Row {
        name: "trailers that something inside sends nevertheless",
        body: &[
            Piece::Data(b"\0\0\0\0\x02hi"),
            Piece::Trailers(&[("grpc-status", "0")]),
        ],
        left: by_last_frame(OK),
        ..WEB
    },
];

#[test]
fn every_placement_and_point() {
    play(ROWS);
}
