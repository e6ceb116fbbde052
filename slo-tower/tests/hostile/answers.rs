//! Answers that no one should give: of gRPC or almost, with a status nobody can read, or two.

use axum::{body::Body, response::Response};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use http_body_util::{BodyExt, Full};
use slo_sdk::EventResult::{self, ClientError, Ok, ServerError};

/// Values of `grpc-status`, one after the other.
type Status = &'static [&'static [u8]];

/// What the answer says, and what it counts as.
pub(crate) const STATUSES: &[(Status, EventResult)] = &[
    (&[b"0"], Ok),
    (&[b"5"], ClientError),
    (&[b"13"], ServerError),
    // Nothing, or nothing that can be read, is a failure.
    (&[], ServerError),
    (&[b""], ServerError),
    (&[b" "], ServerError),
    (&[b"-1"], ServerError),
    (&[b"-13"], ServerError),
    (&[b"0x0"], ServerError),
    (&[b"0.0"], ServerError),
    (&[b"OK"], ServerError),
    (&[b"0, 13"], ServerError),
    (&[b"99999999999999999999999999"], ServerError),
    (&["٠".as_bytes()], ServerError),
    (&[b"\xff\xfe"], ServerError),
    // The first one stands, as it does for the clients of gRPC.
    (&[b"0", b"13"], Ok),
    (&[b"13", b"0"], ServerError),
    (&[b"5", b"0"], ClientError),
    (&[b"\xff", b"0"], ServerError),
];

/// Content types, and whether they are gRPC's.
pub(crate) const KINDS: &[(&[u8], bool)] = &[
    (b"application/grpc", true),
    (b"application/grpc+proto", true),
    (b"APPLICATION/GRPC", true),
    (b"application/grpc; charset=utf-8", true),
    (b"application/grpc ", true),
    (b"application/grpcx", false),
    (b"application/grp", false),
    (b"application/json, application/grpc", false),
    (b"grpc", false),
    (b"", false),
    (b"application/grpc\xff", false),
];

/// The answer that a query asks for: `kind.status.place`, with the status in the head or in
/// the trailers.
pub(crate) fn answer(query: &str) -> Response {
    let mut numbers = query.split('.').map(|part| part.parse().unwrap_or(0));
    let mut number = || numbers.next().unwrap_or(0);
    let (kind, _) = KINDS[number() % KINDS.len()];
    let (statuses, _) = STATUSES[number() % STATUSES.len()];
    let mut status = HeaderMap::new();
    for value in statuses {
        let value = HeaderValue::from_bytes(value).expect("the wire carries it");
        status.append(HeaderName::from_static("grpc-status"), value);
    }
    let body = Full::new(Bytes::from_static(b"\0\0\0\0\0"));
    let mut answer = match number() % 2 {
        0 => {
            let mut answer = Response::new(Body::new(body));
            answer.headers_mut().extend(status);
            answer
        }
        _ => Response::new(Body::new(
            body.with_trailers(async { Some(Result::Ok(status)) }),
        )),
    };
    let kind = HeaderValue::from_bytes(kind).expect("the wire carries it");
    answer.headers_mut().insert("content-type", kind);
    answer
}
