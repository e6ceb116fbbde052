//! Answers that say how far their request came.

use axum::{
    Json,
    http::{HeaderMap, HeaderValue, StatusCode},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use shop_process::{OnPurpose, RequestId, Trail};

/// An order, as it is answered.
#[derive(Debug)]
pub(crate) struct Answer<T> {
    pub(crate) status: StatusCode,
    pub(crate) trail: Trail,
    pub(crate) value: T,
}

/// No order.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) status: StatusCode,
    pub(crate) trail: Trail,
}

impl From<OnPurpose> for Failure {
    fn from(_: OnPurpose) -> Failure {
        Failure {
            status: StatusCode::SERVICE_UNAVAILABLE,
            trail: Trail::default(),
        }
    }
}

impl<T: Serialize> IntoResponse for Answer<T> {
    fn into_response(self) -> Response {
        let headers = [(Trail::HEADER, self.trail.to_string())];
        (self.status, headers, Json(self.value)).into_response()
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        (self.status, [(Trail::HEADER, self.trail.to_string())]).into_response()
    }
}

/// What the client called the request.
pub(crate) fn request_id(headers: &HeaderMap) -> RequestId {
    RequestId::from_header(headers.get(RequestId::HEADER).map(HeaderValue::as_bytes))
}
