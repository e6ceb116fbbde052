//! Answers.

use crate::live::otlp::GrpcStatus;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Response, header};
use http_body_util::{BodyExt, Empty, Full, combinators::UnsyncBoxBody};
use std::convert::Infallible;

pub(super) type Body = UnsyncBoxBody<Bytes, Infallible>;
pub(super) type Answer = Response<Body>;

/// Nothing is loaded from anywhere, nothing is sent anywhere but here, and no page frames this one.
/// The page's own policy says which of its scripts run.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; \
     img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// An answer with a body of a type.
pub(super) fn with(status: u16, kind: &'static str, body: impl Into<Bytes>) -> Answer {
    let mut answer = Response::new(Full::new(body.into()).boxed_unsync());
    // Of numbers that stand in this program.
    *answer.status_mut() = http::StatusCode::from_u16(status).unwrap_or_default();
    guard(answer.headers_mut(), kind);
    answer
}

/// An answer that goes on.
pub(super) fn stream(body: Body) -> Answer {
    let mut answer = Response::new(body);
    guard(answer.headers_mut(), "text/event-stream");
    answer
}

fn guard(headers: &mut HeaderMap, kind: &'static str) {
    for (name, value) in [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.insert(
        header::HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    );
}

/// The answer of a call of gRPC that went well.
pub(super) fn grpc(message: Vec<u8>) -> Answer {
    let trailers = HeaderMap::from_iter([(
        header::HeaderName::from_static("grpc-status"),
        HeaderValue::from(GrpcStatus::Ok as u32),
    )]);
    let body = Full::new(Bytes::from(message)).with_trailers(async move { Some(Ok(trailers)) });
    let mut answer = Response::new(body.boxed_unsync());
    let kind = HeaderValue::from_static("application/grpc");
    answer.headers_mut().insert(header::CONTENT_TYPE, kind);
    answer
}

/// The answer of a call of gRPC that failed.
pub(super) fn grpc_error(status: GrpcStatus, why: &str) -> Answer {
    let mut answer = Response::new(Empty::new().boxed_unsync());
    let headers = answer.headers_mut();
    let kind = HeaderValue::from_static("application/grpc");
    headers.insert(header::CONTENT_TYPE, kind);
    headers.insert("grpc-status", HeaderValue::from(status as u32));
    // Other bytes would have to be escaped.
    let plain: String = why
        .chars()
        .map(|c| {
            if c.is_ascii_graphic() && c != '%' || c == ' ' {
                c
            } else {
                '?'
            }
        })
        .collect();
    if let Ok(why) = HeaderValue::from_str(&plain) {
        headers.insert("grpc-message", why);
    }
    answer
}
