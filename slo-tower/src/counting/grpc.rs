//! What gRPC says in headers and trailers.

use crate::{Classifier, counting::status};
use http::{HeaderMap, HeaderValue, header::CONTENT_TYPE};
use slo_sdk::layer::Answered;

pub(crate) const GRPC_STATUS: &str = "grpc-status";

pub(crate) const GRPC_OK: u16 = 0;

const NATIVE: &str = "application/grpc";

/// The kinds of gRPC that an answer can be.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Grpc {
    Native,
    Web { is_text: bool },
}

impl Grpc {
    /// By the content type: `application/grpc` and its kin, `application/grpc+proto`,
    /// `application/grpc-web-text`.
    #[inline]
    pub(crate) fn from_headers(headers: &HeaderMap) -> Option<Grpc> {
        let kind = content_type(headers)?;
        // Most answers are told by a single byte.
        let is_near = kind
            .as_bytes()
            .get(NATIVE.len() - 4)
            .is_some_and(|byte| b"gG".contains(byte));
        if is_near {
            Grpc::named(kind.to_str().ok()?)
        } else {
            None
        }
    }

    fn named(kind: &str) -> Option<Grpc> {
        const WEB: &str = "-web";
        const TEXT: &str = "-text";
        let rest = strip(kind, NATIVE)?;
        let is_whole = |rest: &str| rest.is_empty() || rest.starts_with(['+', ';', ' ']);
        match strip(rest, WEB) {
            Some(rest) => match strip(rest, TEXT) {
                Some(rest) => is_whole(rest).then_some(Grpc::Web { is_text: true }),
                None => is_whole(rest).then_some(Grpc::Web { is_text: false }),
            },
            None => is_whole(rest).then_some(Grpc::Native),
        }
    }
}

/// The content type, which is the first header of most answers: to look there costs less than
/// to compute where it would be.
#[inline]
fn content_type(headers: &HeaderMap) -> Option<&HeaderValue> {
    match headers.iter().next() {
        Some((name, value)) if *name == CONTENT_TYPE => Some(value),
        None => None,
        Some(_) => headers.get(CONTENT_TYPE),
    }
}

fn strip<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (start, rest) = text.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some(rest)
}

/// What a gRPC answer says in its trailers, or for lack of them elsewhere.
#[cold]
#[inline(never)]
pub(crate) fn at_end(
    elsewhere: Option<u16>,
    trailers: Option<&HeaderMap>,
    classifier: &impl Classifier,
) -> Answered {
    match trailers {
        Some(trailers) => status::grpc(code_of(trailers), trailers, classifier).0,
        None => status::grpc(elsewhere, &HeaderMap::new(), classifier).0,
    }
}

pub(crate) fn code_of(headers: &HeaderMap) -> Option<u16> {
    code(headers.get(GRPC_STATUS)?.to_str().ok()?)
}

/// Digits and nothing else; a sign or a blank is not part of the protocol.
pub(crate) fn code(text: &str) -> Option<u16> {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_number)
}
