//! What the head of an answer says about how its event will end.

use crate::{
    Classifier,
    counting::{
        body_end::BodyEnd,
        grpc::{self, GRPC_OK, GRPC_STATUS, Grpc},
        grpc_web::WebStatus,
        status,
        verb::Verb,
    },
};
use http::{HeaderMap, Response, StatusCode};
use http_body::Body;
use slo_sdk::{Ending, Mark, Outcome, layer::Answered};

/// An answer whose head is there.
#[derive(Debug)]
pub(crate) struct Answer {
    /// What the head announces.
    pub(crate) head: Answered,
    /// True where that is not what the table says.
    is_opinion: bool,
    /// What the body is still to tell.
    pub(crate) rest: BodyEnd,
}

impl Answer {
    #[inline]
    pub(crate) fn from_response<B: Body>(
        response: &Response<B>,
        verb: &Verb,
        classifier: &impl Classifier,
    ) -> Answer {
        let (status, headers) = (response.status(), response.headers());
        let grpc = Grpc::from_headers(headers);
        // What most answers are.
        if status == StatusCode::OK && grpc.is_none() && verb.is_answered_with_a_body() {
            let (head, is_opinion) = status::http(status, headers, classifier);
            return Answer {
                head,
                is_opinion,
                rest: BodyEnd::from_response(response),
            };
        }
        Answer::unusual(response, grpc, verb, classifier)
    }

    #[inline(never)]
    fn unusual<B: Body>(
        response: &Response<B>,
        grpc: Option<Grpc>,
        verb: &Verb,
        classifier: &impl Classifier,
    ) -> Answer {
        let (status, headers) = (response.status(), response.headers());
        let (head, is_opinion) = match grpc {
            Some(grpc) => match grpc_answer(grpc, status, headers, classifier) {
                Ok(judged) => judged,
                Err(rest) => {
                    // That it is gRPC is known already, and nothing bad of it.
                    return Answer {
                        head: Answered::new(Ending::Completed, Some(GRPC_OK)),
                        is_opinion: false,
                        rest,
                    };
                }
            },
            None => status::http(status, headers, classifier),
        };
        let rest = if has_no_body(status, verb) {
            BodyEnd::Bytes(0)
        } else {
            BodyEnd::from_response(response)
        };
        Answer {
            head,
            is_opinion,
            rest,
        }
    }

    /// What a classifier says of the head, if it has its own opinion.
    pub(crate) fn classifier_mark(&self) -> Option<Mark> {
        if !self.is_opinion {
            return None;
        }
        Some(
            match slo_sdk::classify(self.head.ending, false).availability {
                Outcome::Good => Mark::Good,
                Outcome::Bad => Mark::Bad,
                Outcome::Excluded => Mark::Excluded,
            },
        )
    }
}

/// What the head of a gRPC answer says, or what will say it.
#[cold]
#[inline(never)]
fn grpc_answer(
    kind: Grpc,
    status: StatusCode,
    headers: &HeaderMap,
    classifier: &impl Classifier,
) -> Result<(Answered, bool), BodyEnd> {
    if headers.contains_key(GRPC_STATUS) {
        return Ok(status::grpc(grpc::code_of(headers), headers, classifier));
    }
    match kind {
        Grpc::Native if status == StatusCode::OK => Err(BodyEnd::Trailers),
        Grpc::Web { is_text } if status == StatusCode::OK => {
            Err(BodyEnd::LastMessage(Box::new(WebStatus::new(is_text))))
        }
        // Without 200 it is not an answer of a gRPC service: something in between refused.
        Grpc::Native | Grpc::Web { .. } => Ok(status::http(status, headers, classifier)),
    }
}

/// True where no body follows, whatever the response holds.
fn has_no_body(status: StatusCode, verb: &Verb) -> bool {
    match verb {
        Verb::Head => true,
        Verb::Connect if status.is_success() => true,
        _ => matches!(
            status,
            StatusCode::SWITCHING_PROTOCOLS | StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Standard, StatusSeen};
    use bytes::Bytes;
    use http_body::Frame;
    use http_body_util::{Empty, Full, StreamBody};

    fn response<B>(status: u16, headers: &[(&'static str, &'static str)], body: B) -> Response<B> {
        let builder = Response::builder().status(status);
        headers
            .iter()
            .fold(builder, |b, (name, value)| b.header(*name, *value))
            .body(body)
            .unwrap()
    }

    fn answer(status: u16, headers: &[(&'static str, &'static str)]) -> Answer {
        Answer::from_response(&response(status, headers, open()), &Verb::Get, &Standard)
    }

    fn end(answer: &Answer, trailers: Option<&HeaderMap>, by: &impl Classifier) -> Answered {
        answer.rest.end(answer.head, trailers, by)
    }

    /// A body that does not know its length.
    fn open() -> impl Body<Data = Bytes> {
        StreamBody::new(tokio_stream::empty::<
            Result<Frame<Bytes>, std::convert::Infallible>,
        >())
    }

    fn ending(answer: &Answer, trailers: &[(&'static str, &'static str)]) -> Ending {
        let trailers: HeaderMap = trailers
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect();
        end(answer, Some(&trailers), &Standard).ending
    }

    #[test]
    fn the_status_decides_for_http() {
        assert_eq!(
            ending(&answer(200, &[("content-type", "text/html")]), &[]),
            Ending::Completed
        );
        assert_eq!(ending(&answer(404, &[]), &[]), Ending::ClientError);
        assert_eq!(
            ending(&answer(503, &[]), &[("grpc-status", "0")]),
            Ending::ServerError
        );
        // A resemblance is not enough.
        for kind in [
            "application/grpcish",
            "application/grpc-webby",
            "application/grp",
            "é",
        ] {
            let json = answer(200, &[("content-type", kind), ("grpc-status", "13")]);
            assert_eq!(ending(&json, &[]), Ending::Completed, "{kind}");
        }
    }

    #[test]
    fn the_trailers_decide_for_grpc() {
        for kind in [
            "application/grpc",
            "application/grpc+proto",
            "Application/gRPC;x=y",
        ] {
            let answer = answer(200, &[("content-type", kind), ("content-length", "0")]);
            assert!(!answer.rest.is_over(&open()));
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
        let head_only = answer(
            200,
            &[("content-type", "application/grpc"), ("grpc-status", "14")],
        );
        assert_eq!(ending(&head_only, &[]), Ending::ServerError);
        assert_eq!(head_only.head.ending, Ending::ServerError);
    }

    #[test]
    fn a_code_is_made_of_digits() {
        assert_eq!(
            ["0", "13", "16"].map(grpc::code),
            [Some(0), Some(13), Some(16)]
        );
        for nonsense in ["", "+0", "-0", " 0", "0 ", "0x1", "65536", "٣", "zero"] {
            assert_eq!(grpc::code(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn the_last_message_decides_for_grpc_web() {
        for kind in [
            "application/grpc-web+proto",
            "application/grpc-web",
            "application/GRPC-Web;x",
        ] {
            let mut answer = answer(200, &[("content-type", kind)]);
            let frame = Frame::data(Bytes::from_static(b"\x80\0\0\0\x0dgrpc-status:0"));
            let head = answer.head;
            let passed = answer.rest.passed(&frame, &open(), head, &Standard);
            assert_eq!(passed, None);
            assert_eq!(
                end(&answer, None, &Standard).ending,
                Ending::Completed,
                "{kind}"
            );
        }
        let mut text = answer(200, &[("content-type", "application/grpc-web-text+proto")]);
        let frame = Frame::data(Bytes::from_static(b"gAAAAA1ncnBjLXN0YXR1czow"));
        let head = text.head;
        let passed = text.rest.passed(&frame, &Empty::new(), head, &Standard);
        assert_eq!(passed.unwrap().ending, Ending::Completed);
        assert_eq!(end(&text, None, &Standard).ending, Ending::Completed);
    }

    #[test]
    fn answers_without_a_body_end_with_their_head() {
        let ends = |status, asked| {
            Answer::from_response(&response(status, &[], open()), asked, &Standard)
                .rest
                .is_over(&open())
        };
        assert!(ends(200, &Verb::Head) && ends(101, &Verb::Get) && ends(200, &Verb::Connect));
        assert!(ends(204, &Verb::Get) && ends(304, &Verb::Get));
        assert!(!ends(200, &Verb::Get) && !ends(404, &Verb::Connect));
    }

    #[test]
    fn an_announced_length_is_the_end() {
        let parts = |mut answer: Answer, sizes: &[usize]| -> Vec<Option<Ending>> {
            let frame = |n| Frame::data(Bytes::from(vec![b'x'; n]));
            sizes
                .iter()
                .map(|&n| {
                    let head = answer.head;
                    let passed = answer.rest.passed(&frame(n), &open(), head, &Standard);
                    passed.map(|answered| answered.ending)
                })
                .collect()
        };
        let announced = answer(200, &[("content-length", "10")]);
        assert_eq!(
            parts(announced, &[4, 5, 1]),
            [None, None, Some(Ending::Completed)]
        );
        let exact = Answer::from_response(
            &response(500, &[], Full::new(Bytes::from_static(b"oh no"))),
            &Verb::Get,
            &Standard,
        );
        assert_eq!(parts(exact, &[5]), [Some(Ending::ServerError)]);
        let unread = answer(200, &[("content-length", "nonsense")]);
        assert_eq!(parts(unread, &[4, 5, 1]), [None; 3]);
        assert!(
            answer(200, &[("content-length", "0")])
                .rest
                .is_over(&open())
        );
        let short = answer(200, &[("content-length", "10")]);
        assert_eq!(end(&short, None, &Standard).ending, Ending::BodyError);
    }

    #[test]
    fn a_classifier_is_asked_where_the_status_is_seen() {
        #[derive(Clone)]
        struct Busy;
        impl Classifier for Busy {
            fn answer(&self, seen: &StatusSeen<'_>) -> Option<Ending> {
                let is_busy = seen.headers().contains_key("x-busy");
                is_busy.then_some(Ending::MarkedExcluded)
            }
        }
        let of = |status, headers: &[_]| {
            Answer::from_response(&response(status, headers, open()), &Verb::Get, &Busy)
        };
        let http = of(503, &[("x-busy", "1")]);
        assert_eq!(http.head.ending, Ending::MarkedExcluded);
        assert_eq!(http.classifier_mark(), Some(Mark::Excluded));
        let usual = of(503, &[]);
        assert_eq!(
            (usual.head.ending, usual.classifier_mark()),
            (Ending::ServerError, None)
        );
        let grpc = of(200, &[("content-type", "application/grpc")]);
        let trailers = HeaderMap::from_iter([
            ("grpc-status".parse().unwrap(), "14".parse().unwrap()),
            ("x-busy".parse().unwrap(), "1".parse().unwrap()),
        ]);
        let last = end(&grpc, Some(&trailers), &Busy);
        assert_eq!(
            (last.ending, last.code()),
            (Ending::MarkedExcluded, Some(14))
        );
        assert_eq!(end(&grpc, None, &Busy).ending, Ending::ServerError);
    }
}
