//! What the head of an answer says about how its event will end.

use crate::{Classifier, StatusSeen, grpc_web::WebStatus, verb::Verb};
use bytes::Buf;
use http::{
    HeaderMap, HeaderValue, Response, StatusCode,
    header::{CONTENT_LENGTH, CONTENT_TYPE},
};
use http_body::{Body, Frame};
use slo_sdk::{Answered, Ending, Mark, Outcome};

const GRPC_STATUS: &str = "grpc-status";
const GRPC_OK: u16 = 0;
const NATIVE: &str = "application/grpc";

/// An answer whose head is there.
#[derive(Debug)]
pub(crate) struct Answer {
    /// What the head announces.
    pub(crate) head: Answered,
    /// True where that is not what the table says.
    is_opinion: bool,
    /// What the body is still to tell.
    pub(crate) rest: Rest,
}

/// What is still to be learnt from the body of an answer.
#[derive(Debug)]
pub(crate) enum Rest {
    /// Whether it comes whole; nobody knows how long it is, and it ends when it says so.
    Open,
    /// Whether so many bytes come. HTTP/1 servers do not ask a body for more than was
    /// announced, so a body that does not know its own end is never seen to reach it.
    Bytes(u64),
    /// gRPC: the trailers will tell.
    Trailers,
    /// gRPC-Web: the last message of the body will tell.
    LastMessage(Box<WebStatus>),
}

impl Answer {
    #[inline]
    pub(crate) fn of<B: Body>(
        response: &Response<B>,
        verb: &Verb,
        classifier: &impl Classifier,
    ) -> Answer {
        let (status, headers) = (response.status(), response.headers());
        let grpc = Grpc::of(headers);
        // What most answers are.
        if status == StatusCode::OK && grpc.is_none() && verb.is_answered_with_a_body() {
            let (head, is_opinion) = http(status, headers, classifier);
            return Answer {
                head,
                is_opinion,
                rest: Rest::of(response),
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
            None => http(status, headers, classifier),
        };
        let rest = if has_no_body(status, verb) {
            Rest::Bytes(0)
        } else {
            Rest::of(response)
        };
        Answer {
            head,
            is_opinion,
            rest,
        }
    }

    /// What a classifier says of the head, if it has its own opinion.
    pub(crate) fn word(&self) -> Option<Mark> {
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

impl Rest {
    /// What a body has to tell of which only its length matters.
    #[inline]
    fn of<B: Body>(response: &Response<B>) -> Rest {
        let exact = response.body().size_hint().exact();
        exact
            .or_else(|| announced(response.headers()))
            .map_or(Rest::Open, Rest::Bytes)
    }

    /// True where the event is over before any of the body is sent; one that has a length has
    /// not come to its end.
    #[inline]
    pub(crate) fn is_over(&self, body: &impl Body) -> bool {
        match self {
            Rest::Bytes(rest) => *rest == 0,
            Rest::Open | Rest::Trailers | Rest::LastMessage(_) => body.is_end_stream(),
        }
    }

    /// Looks at a frame that passes. If it is the last one, returns what the answer says that has
    /// this head. Nobody polls again after the last frame of a body that knows it was.
    #[inline]
    pub(crate) fn passed<B: Body>(
        &mut self,
        frame: &Frame<B::Data>,
        body: &B,
        head: Answered,
        classifier: &impl Classifier,
    ) -> Option<Answered> {
        if let Rest::Bytes(rest) = self
            && let Some(data) = frame.data_ref()
        {
            *rest = rest.saturating_sub(data.remaining() as u64);
            if *rest == 0 {
                return Some(head);
            }
        }
        self.passed_midway(frame, body, head, classifier)
    }

    /// The same for all but the last of as many bytes as were announced.
    #[inline(never)]
    fn passed_midway<B: Body>(
        &mut self,
        frame: &Frame<B::Data>,
        body: &B,
        head: Answered,
        classifier: &impl Classifier,
    ) -> Option<Answered> {
        if let Rest::LastMessage(web) = self
            && let Some(data) = frame.data_ref()
        {
            web.read(data);
        }
        let is_last = frame.is_trailers() || body.is_end_stream();
        is_last.then(|| self.end(head, frame.trailers_ref(), classifier))
    }

    /// What an answer with this head says whose body was sent to its end.
    #[inline]
    pub(crate) fn end(
        &self,
        head: Answered,
        trailers: Option<&HeaderMap>,
        classifier: &impl Classifier,
    ) -> Answered {
        match self {
            Rest::Open | Rest::Bytes(0) => head,
            Rest::Bytes(_) => match head.ending {
                // Shorter than announced: what the client gets is a broken answer.
                Ending::Completed | Ending::ClientError => {
                    Answered::without_code(Ending::BodyError)
                }
                _ => head,
            },
            Rest::Trailers => grpc_end(None, trailers, classifier),
            Rest::LastMessage(web) => grpc_end(web.code(), trailers, classifier),
        }
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
) -> Result<(Answered, bool), Rest> {
    if headers.contains_key(GRPC_STATUS) {
        return Ok(grpc(grpc_code(headers), headers, classifier));
    }
    match kind {
        Grpc::Native if status == StatusCode::OK => Err(Rest::Trailers),
        Grpc::Web { is_text } if status == StatusCode::OK => {
            Err(Rest::LastMessage(Box::new(WebStatus::new(is_text))))
        }
        // Without 200 it is not an answer of a gRPC service: something in between refused.
        Grpc::Native | Grpc::Web { .. } => Ok(http(status, headers, classifier)),
    }
}

/// What a gRPC answer says in its trailers, or for lack of them elsewhere.
#[cold]
#[inline(never)]
fn grpc_end(
    elsewhere: Option<u16>,
    trailers: Option<&HeaderMap>,
    classifier: &impl Classifier,
) -> Answered {
    match trailers {
        Some(trailers) => grpc(grpc_code(trailers), trailers, classifier).0,
        None => grpc(elsewhere, &HeaderMap::new(), classifier).0,
    }
}

#[inline]
fn http(status: StatusCode, headers: &HeaderMap, classifier: &impl Classifier) -> (Answered, bool) {
    let seen = StatusSeen {
        http: Some(status),
        code: Some(status.as_u16()),
        headers,
        ending: if status == StatusCode::OK {
            Ending::Completed
        } else {
            Ending::of_http_status(status.as_u16())
        },
    };
    judged(seen, classifier)
}

fn announced(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
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

/// The kinds of gRPC that an answer can be.
#[derive(Clone, Copy)]
enum Grpc {
    Native,
    Web { is_text: bool },
}

impl Grpc {
    /// By the content type: `application/grpc` and its kin, `application/grpc+proto`,
    /// `application/grpc-web-text`.
    #[inline]
    fn of(headers: &HeaderMap) -> Option<Grpc> {
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

fn grpc_code(headers: &HeaderMap) -> Option<u16> {
    code(headers.get(GRPC_STATUS)?.to_str().ok()?)
}

/// Digits and nothing else; a sign or a blank is none of the protocol's.
pub(crate) fn code(text: &str) -> Option<u16> {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_number)
}

fn grpc(code: Option<u16>, headers: &HeaderMap, classifier: &impl Classifier) -> (Answered, bool) {
    let seen = StatusSeen {
        http: None,
        code,
        headers,
        ending: Ending::of_grpc_status(code),
    };
    judged(seen, classifier)
}

/// What a status says, and whether that is the opinion of the classifier.
fn judged(seen: StatusSeen<'_>, classifier: &impl Classifier) -> (Answered, bool) {
    let opinion = classifier.answer(&seen);
    let answered = Answered::new(opinion.unwrap_or(seen.ending), seen.code);
    (answered, opinion.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Standard;
    use bytes::Bytes;
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
        Answer::of(&response(status, headers, open()), &Verb::Get, &Standard)
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
        assert_eq!(["0", "13", "16"].map(code), [Some(0), Some(13), Some(16)]);
        for nonsense in ["", "+0", "-0", " 0", "0 ", "0x1", "65536", "٣", "zero"] {
            assert_eq!(code(nonsense), None, "{nonsense}");
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
            Answer::of(&response(status, &[], open()), asked, &Standard)
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
        let exact = Answer::of(
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
            Answer::of(&response(status, headers, open()), &Verb::Get, &Busy)
        };
        let http = of(503, &[("x-busy", "1")]);
        assert_eq!(http.head.ending, Ending::MarkedExcluded);
        assert_eq!(http.word(), Some(Mark::Excluded));
        let usual = of(503, &[]);
        assert_eq!(
            (usual.head.ending, usual.word()),
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
