//! What the head of an answer says about how its event will end.

use http::{HeaderMap, Method, Response, StatusCode, header::CONTENT_TYPE};
use slo_sdk::Ending;

const GRPC_STATUS: &str = "grpc-status";

/// What the request asked for that changes when its answer is over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Asked {
    /// An answer with a body.
    #[default]
    Body,
    /// A head without its body.
    Head,
    /// The connection itself.
    Connection,
}

impl Asked {
    pub(crate) fn by(method: &Method) -> Asked {
        match *method {
            Method::HEAD => Asked::Head,
            Method::CONNECT => Asked::Connection,
            _ => Asked::Body,
        }
    }
}

/// What the head of an answer says.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Answer {
    status: Status,
    ends_with_its_head: bool,
}

#[derive(Clone, Copy, Debug)]
enum Status {
    /// The head tells; only the body can still fail.
    Known(Ending),
    /// gRPC: the trailers will tell.
    InTrailers,
}

impl Answer {
    pub(crate) fn of<B>(response: &Response<B>, asked: Asked) -> Answer {
        let handed_over = response.status() == StatusCode::SWITCHING_PROTOCOLS
            || (asked == Asked::Connection && response.status().is_success());
        let status = if !is_grpc(response.headers()) {
            Status::Known(Ending::of_http_status(response.status().as_u16()))
        } else if response.headers().contains_key(GRPC_STATUS) {
            Status::Known(grpc_ending(response.headers()))
        } else if response.status() == StatusCode::OK {
            Status::InTrailers
        } else {
            // Not an answer of a gRPC service: something in between refused.
            Status::Known(Ending::of_http_status(response.status().as_u16()))
        };
        Answer {
            status,
            ends_with_its_head: asked == Asked::Head || handed_over,
        }
    }

    /// True where no body belongs to the event.
    pub(crate) fn ends_with_its_head(&self) -> bool {
        self.ends_with_its_head
    }

    /// How the event ends when the body was sent to its end.
    pub(crate) fn ending(&self, trailers: Option<&HeaderMap>) -> Ending {
        match (self.status, trailers) {
            (Status::Known(ending), _) => ending,
            (Status::InTrailers, Some(trailers)) => grpc_ending(trailers),
            (Status::InTrailers, None) => Ending::of_grpc_status(None),
        }
    }

    /// The failure that the head announces already.
    pub(crate) fn failure(&self) -> Option<Ending> {
        match self.status {
            Status::Known(Ending::Completed) | Status::InTrailers => None,
            Status::Known(failure) => Some(failure),
        }
    }
}

/// True for `application/grpc` and its kin, `application/grpc+proto` or
/// `application/grpc-web`.
fn is_grpc(headers: &HeaderMap) -> bool {
    const PREFIX: &[u8] = b"application/grpc";
    headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.as_bytes().split_at_checked(PREFIX.len()))
        .is_some_and(|(prefix, rest)| {
            prefix.eq_ignore_ascii_case(PREFIX)
                && matches!(rest.first(), None | Some(b'+' | b'-' | b';'))
        })
}

fn grpc_ending(headers: &HeaderMap) -> Ending {
    let code = headers
        .get(GRPC_STATUS)
        .and_then(|value| value.to_str().ok()?.parse().ok());
    Ending::of_grpc_status(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(status: u16, headers: &[(&'static str, &'static str)]) -> Response<()> {
        let builder = Response::builder().status(status);
        headers
            .iter()
            .fold(builder, |b, (name, value)| b.header(*name, *value))
            .body(())
            .unwrap()
    }

    fn ending(response: &Response<()>, trailers: &[(&'static str, &'static str)]) -> Ending {
        let trailers: HeaderMap = trailers
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect();
        Answer::of(response, Asked::Body).ending(Some(&trailers))
    }

    #[test]
    fn the_status_decides_for_http() {
        assert_eq!(
            ending(&response(200, &[("content-type", "text/html")]), &[]),
            Ending::Completed
        );
        assert_eq!(ending(&response(404, &[]), &[]), Ending::ClientError);
        assert_eq!(
            ending(&response(503, &[]), &[("grpc-status", "0")]),
            Ending::ServerError
        );
        // A resemblance is not enough.
        let json = response(
            200,
            &[
                ("content-type", "application/grpcish"),
                ("grpc-status", "13"),
            ],
        );
        assert_eq!(ending(&json, &[]), Ending::Completed);
    }

    #[test]
    fn the_trailers_decide_for_grpc() {
        for kind in [
            "application/grpc",
            "application/grpc+proto",
            "application/grpc-web+proto",
            "Application/gRPC;x=y",
        ] {
            let answer = response(200, &[("content-type", kind)]);
            assert_eq!(
                ending(&answer, &[("grpc-status", "0")]),
                Ending::Completed,
                "{kind}"
            );
            assert_eq!(
                ending(&answer, &[("grpc-status", "5")]),
                Ending::ClientError
            );
            assert_eq!(
                ending(&answer, &[("grpc-status", "13")]),
                Ending::ServerError
            );
            assert_eq!(
                ending(&answer, &[("grpc-status", "many")]),
                Ending::ServerError
            );
            assert_eq!(ending(&answer, &[]), Ending::ServerError);
        }
        let head_only = response(
            200,
            &[("content-type", "application/grpc"), ("grpc-status", "14")],
        );
        assert_eq!(ending(&head_only, &[]), Ending::ServerError);
        assert_eq!(
            Answer::of(&head_only, Asked::Body).failure(),
            Some(Ending::ServerError)
        );
    }

    #[test]
    fn answers_without_a_body_end_with_their_head() {
        let ends = |status, asked| Answer::of(&response(status, &[]), asked).ends_with_its_head();
        assert!(ends(200, Asked::Head) && ends(101, Asked::Body) && ends(200, Asked::Connection));
        assert!(!ends(200, Asked::Body) && !ends(404, Asked::Connection));
    }
}
