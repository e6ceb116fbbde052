//! The status decides, or the error of the service.

use crate::{
    frames::{Knows, Piece},
    handlers::Handler,
    play::play,
    row::{CLIENT, OK, PLAIN, Row, SERVER, by_head},
};

const ROWS: &[Row] = &[
    PLAIN,
    Row {
        name: "a redirect",
        status: 302,
        ..PLAIN
    },
    Row {
        name: "400",
        status: 400,
        left: by_head(CLIENT),
        ..PLAIN
    },
    Row {
        name: "429",
        status: 429,
        left: by_head(CLIENT),
        ..PLAIN
    },
    Row {
        name: "404 with a body that breaks off",
        status: 404,
        body: &[Piece::Data(b"oh"), Piece::Error],
        left: [crate::row::LEFT, CLIENT, CLIENT, CLIENT, crate::row::BROKEN],
        ..PLAIN
    },
    Row {
        name: "500",
        status: 500,
        left: by_head(SERVER),
        ..PLAIN
    },
    Row {
        name: "503 without a body",
        status: 503,
        body: &[],
        knows: Knows::ItsEnd,
        left: by_head(SERVER),
        ..PLAIN
    },
    Row {
        name: "a status nobody knows",
        status: 799,
        left: by_head(SERVER),
        ..PLAIN
    },
    Row {
        name: "an error of the service",
        fails: true,
        left: by_head(SERVER),
        ..PLAIN
    },
    Row {
        name: "an error of the service after work in the call",
        handler: Handler::InCall,
        fails: true,
        left: by_head(SERVER),
        ..PLAIN
    },
    Row {
        name: "ok after work in the call",
        handler: Handler::InCall,
        ..PLAIN
    },
    Row {
        name: "an upgrade",
        status: 101,
        left: by_head(OK),
        ..PLAIN
    },
    Row {
        name: "CONNECT",
        method: "CONNECT",
        left: by_head(OK),
        ..PLAIN
    },
    Row {
        name: "CONNECT, refused",
        method: "CONNECT",
        status: 407,
        left: by_head(CLIENT),
        ..PLAIN
    },
    Row {
        name: "CONNECT, redirected with a body",
        method: "CONNECT",
        status: 305,
        ..PLAIN
    },
];

#[test]
fn every_placement_and_point() {
    play(ROWS);
}
