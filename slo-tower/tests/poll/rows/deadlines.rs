//! Given up when a deadline has passed, or not.

use crate::{
    frames::Knows,
    handlers::Handler,
    play::play,
    row::{LEFT, LEFT_LATE, MISSED, OK, OK_LATE, PLAIN, Point, Row, SERVER},
};
use std::time::Duration;

const ROWS: &[Row] = &[
    Row {
        name: "the client's deadline passed before the head",
        method: "POST",
        request: &[("grpc-timeout", "120m")],
        slow: Some(Point::Polled),
        left: [MISSED, MISSED, MISSED, MISSED, OK_LATE],
        ..PLAIN
    },
    Row {
        name: "the client's deadline passed, within the threshold",
        handler: Handler::Patient,
        method: "POST",
        request: &[("grpc-timeout", "120m")],
        slow: Some(Point::Polled),
        left: [MISSED, MISSED, MISSED, MISSED, OK],
        ..PLAIN
    },
    Row {
        name: "the client's deadline passed between frames",
        method: "POST",
        request: &[("grpc-timeout", "120000u")],
        slow: Some(Point::Frame),
        left: [LEFT, LEFT, MISSED, MISSED, OK_LATE],
        ..PLAIN
    },
    Row {
        name: "the client's deadline is just about to pass",
        method: "POST",
        request: &[("grpc-timeout", "152m")],
        slow: Some(Point::Polled),
        left: [MISSED, MISSED, MISSED, MISSED, OK_LATE],
        ..PLAIN
    },
    Row {
        name: "the client's deadline did not pass",
        method: "POST",
        request: &[("grpc-timeout", "1S")],
        slow: Some(Point::Polled),
        left: [LEFT_LATE, LEFT_LATE, LEFT_LATE, LEFT_LATE, OK_LATE],
        ..PLAIN
    },
    Row {
        name: "a deadline that can't be read is none",
        method: "POST",
        request: &[("grpc-timeout", "soon")],
        slow: Some(Point::Polled),
        left: [LEFT_LATE, LEFT_LATE, LEFT_LATE, LEFT_LATE, OK_LATE],
        ..PLAIN
    },
    Row {
        name: "a failure after a deadline is a failure",
        method: "POST",
        request: &[("grpc-timeout", "120m")],
        slow: Some(Point::Polled),
        status: 500,
        left: [MISSED, SERVER, SERVER, SERVER, SERVER],
        ..PLAIN
    },
    Row {
        name: "the server's timeout ends with the head",
        handler: Handler::Patient,
        timeout: Some(Duration::from_millis(120)),
        slow: Some(Point::Head),
        ..PLAIN
    },
    Row {
        name: "the shorter of two deadlines counts",
        handler: Handler::Patient,
        method: "POST",
        request: &[("grpc-timeout", "10S")],
        timeout: Some(Duration::from_millis(120)),
        slow: Some(Point::Polled),
        left: [MISSED, LEFT, LEFT, LEFT, OK],
        ..PLAIN
    },
    Row {
        name: "the server's timeout did not pass",
        timeout: Some(Duration::from_secs(1)),
        slow: Some(Point::Polled),
        left: [LEFT_LATE, LEFT_LATE, LEFT_LATE, LEFT_LATE, OK_LATE],
        ..PLAIN
    },
    Row {
        name: "the server's timeout passed",
        handler: Handler::Patient,
        timeout: Some(Duration::from_millis(120)),
        slow: Some(Point::Polled),
        body: &[],
        knows: Knows::ItsEnd,
        left: [MISSED, OK, OK, OK, OK],
        ..PLAIN
    },
    Row {
        name: "the client is in a greater hurry than the server",
        method: "POST",
        request: &[("grpc-timeout", "120m")],
        timeout: Some(Duration::from_secs(1)),
        slow: Some(Point::Polled),
        left: [MISSED, MISSED, MISSED, MISSED, OK_LATE],
        ..PLAIN
    },
];

#[test]
fn every_placement_and_point() {
    play(ROWS);
}
