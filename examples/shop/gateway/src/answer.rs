//! Answers that say how far their request came.

use axum::{
    body::Bytes,
    http::{HeaderMap, HeaderValue, StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use shop_process::{OnPurpose, RequestId, Trail};

/// An answer of the service behind, passed on.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) trail: Trail,
    pub(crate) body: Bytes,
}

/// No answer for the client, for a fault of the shop.
#[derive(Debug)]
pub(crate) struct Failure {
    status: StatusCode,
    trail: Trail,
}

impl Failure {
    /// The service behind failed, or did not answer.
    pub(crate) fn behind(trail: Trail) -> Failure {
        Failure {
            status: StatusCode::BAD_GATEWAY,
            trail,
        }
    }

    /// This process takes on no more.
    pub(crate) fn overloaded() -> Failure {
        Failure {
            status: StatusCode::SERVICE_UNAVAILABLE,
            trail: Trail::default(),
        }
    }
}

impl From<OnPurpose> for Failure {
    fn from(_: OnPurpose) -> Failure {
        Failure {
            status: StatusCode::INTERNAL_SERVER_ERROR,
            trail: Trail::default(),
        }
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let headers = [(Trail::HEADER, self.trail.to_string())];
        (
            self.status,
            headers,
            [(CONTENT_TYPE, "application/json")],
            self.body,
        )
            .into_response()
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
