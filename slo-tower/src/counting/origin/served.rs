//! Whether an answer says that somebody served the request.

use slo_sdk::layer::Answered;

const NOT_FOUND: u16 = 404;
const METHOD_NOT_ALLOWED: u16 = 405;
/// Of gRPC.
const UNIMPLEMENTED: u16 = 12;

/// What a router answers for a path that it does not know, or in gRPC for a method.
pub(super) fn is_unknown_path(answer: Answered) -> bool {
    let code = answer.code();
    matches!(code, Some(NOT_FOUND | METHOD_NOT_ALLOWED | UNIMPLEMENTED))
}

/// What a route answers for a method that it does not have.
#[cfg(feature = "axum")]
pub(super) fn is_unknown_method(answer: Answered) -> bool {
    matches!(answer.code(), Some(METHOD_NOT_ALLOWED | UNIMPLEMENTED))
}

/// True for an answer of gRPC, as far as its head tells.
pub(super) fn is_grpc(answer: Answered) -> bool {
    const FIRST_OF_HTTP: u16 = 100;
    answer.code().is_some_and(|code| code < FIRST_OF_HTTP)
}
