//! gRPC: the status decides, in the head or in the trailers.

use crate::{
    frames::{Knows, Piece},
    play::play,
    row::{BROKEN, CLIENT, LEFT, OK, PLAIN, Row, SERVER, Seen, by_head, by_last_frame},
};

const GRPC: Row = Row {
    name: "ok in trailers",
    method: "POST",
    head: &[("content-type", "application/grpc")],
    body: &[
        Piece::Data(b"message"),
        Piece::Pause,
        Piece::Trailers(&[("grpc-status", "0")]),
    ],
    left: by_last_frame(OK),
    ..PLAIN
};

const ROWS: &[Row] = &[
    GRPC,
    Row {
        name: "ok in a head without a body",
        head: &[
            ("content-type", "application/grpc+proto"),
            ("grpc-status", "0"),
        ],
        body: &[],
        knows: Knows::ItsEnd,
        left: by_head(OK),
        ..GRPC
    },
    Row {
        name: "ok in a head with a body",
        head: &[
            ("content-type", "application/grpc+proto"),
            ("grpc-status", "0"),
        ],
        ..GRPC
    },
    Row {
        name: "a length announced does not end gRPC",
        head: &[
            ("content-type", "application/grpc"),
            ("content-length", "7"),
        ],
        ..GRPC
    },
    Row {
        name: "an unreadable status in the head",
        head: &[
            ("content-type", "application/grpc"),
            ("grpc-status", "many"),
        ],
        left: by_head(SERVER),
        ..GRPC
    },
    Row {
        name: "an unreadable status in the trailers",
        body: &[Piece::Data(b"m"), Piece::Trailers(&[("grpc-status", "")])],
        left: by_last_frame(SERVER),
        ..GRPC
    },
    Row {
        name: "trailers without a status",
        body: &[Piece::Data(b"m"), Piece::Trailers(&[("grpc-message", "0")])],
        left: by_last_frame(SERVER),
        ..GRPC
    },
    Row {
        name: "no trailers",
        body: &[Piece::Data(b"m"), Piece::Pause, Piece::Data(b"m")],
        left: [LEFT, LEFT, LEFT, LEFT, SERVER],
        ..GRPC
    },
    Row {
        name: "no trailers, and the body knows",
        body: &[Piece::Data(b"m"), Piece::Pause, Piece::Data(b"m")],
        knows: Knows::ItsEnd,
        left: by_last_frame(SERVER),
        ..GRPC
    },
    Row {
        name: "nothing at all",
        body: &[],
        knows: Knows::ItsEnd,
        left: by_head(SERVER),
        ..GRPC
    },
    Row {
        name: "a stream that breaks off",
        body: &[Piece::Data(b"m"), Piece::Error],
        left: [LEFT, LEFT, LEFT, LEFT, BROKEN],
        ..GRPC
    },
    Row {
        name: "refused by something in between",
        status: 503,
        left: by_head(SERVER),
        ..GRPC
    },
    Row {
        name: "not found by something in between",
        status: 404,
        left: by_head(CLIENT),
        ..GRPC
    },
    Row {
        name: "no gRPC, whatever its trailers say",
        head: &[("content-type", "application/json")],
        body: &[
            Piece::Data(b"{}"),
            Piece::Trailers(&[("grpc-status", "13")]),
        ],
        ..GRPC
    },
];

#[test]
fn every_placement_and_point() {
    play(ROWS);
}

/// Each code, in the head and in the trailers, with what it counts as.
macro_rules! codes {
    ($($code:literal $seen:ident,)*) => {
        &[$((
            Row {
                name: concat!("code ", $code, " in the head"),
                head: &[("content-type", "application/grpc"), ("grpc-status", $code)],
                body: &[],
                knows: Knows::ItsEnd,
                ..GRPC
            },
            Row {
                name: concat!("code ", $code, " in the trailers"),
                body: &[Piece::Data(b"message"), Piece::Trailers(&[("grpc-status", $code)])],
                ..GRPC
            },
            $seen,
        ),)*]
    };
}

const CODES: &[(Row, Row, Seen)] = codes! {
    "0" OK, "1" CLIENT, "2" SERVER, "3" CLIENT, "4" SERVER, "5" CLIENT, "6" CLIENT, "7" CLIENT,
    "8" CLIENT, "9" CLIENT, "10" CLIENT, "11" CLIENT, "12" SERVER, "13" SERVER, "14" SERVER,
    "15" SERVER, "16" CLIENT, "17" SERVER, "-1" SERVER, "99999999" SERVER,
};

#[test]
fn every_code() {
    for &(head, trailers, seen) in CODES {
        let head = Row {
            left: by_head(seen),
            ..head
        };
        let trailers = Row {
            left: by_last_frame(seen),
            ..trailers
        };
        play(&[head, trailers]);
    }
}
