//! What the head of an answer says about how its event will end.

use crate::{Classifier, StatusSeen, grpc_web::WebStatus};
use bytes::Buf;
use http::{
    HeaderMap, Method, Response, StatusCode,
    header::{CONTENT_LENGTH, CONTENT_TYPE},
};
use http_body::{Body, Frame};
use slo_sdk::{Answered, Ending, Mark, Outcome};

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

/// An answer whose head is there, and what is still to be learnt from its body.
#[derive(Debug)]
pub(crate) struct Answer {
    status: Status,
    length: Length,
}

#[derive(Debug)]
enum Status {
    /// The head tells; only the body can still fail.
    Known {
        answered: Answered,
        /// True where it is not what the table says.
        is_opinion: bool,
    },
    /// gRPC: the trailers will tell.
    InTrailers,
    /// gRPC-Web: the last message of the body will tell.
    InBody(Box<WebStatus>),
}

/// How much of the body is still to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Length {
    /// Nobody knows: the body ends when it says so.
    Open,
    /// This many bytes. HTTP/1 servers do not ask a body for more than was announced, so a
    /// body that does not know its own end is never seen to reach it.
    Bytes(u64),
}

impl Answer {
    pub(crate) fn of<B: Body>(
        response: &Response<B>,
        asked: Asked,
        classifier: &impl Classifier,
    ) -> Answer {
        let status = Status::of(response.status(), response.headers(), classifier);
        let length = match status {
            Status::Known { .. } if has_no_body(response.status(), asked) => Length::Bytes(0),
            Status::Known { .. } => Length::of(response),
            Status::InTrailers | Status::InBody(_) => Length::Open,
        };
        Answer { status, length }
    }

    /// What the head announces.
    pub(crate) fn head(&self) -> Answered {
        match self.status {
            Status::Known { answered, .. } => answered,
            Status::InTrailers | Status::InBody(_) => Answered::without_code(Ending::Completed),
        }
    }

    /// What a classifier says of the head, if it has its own opinion.
    pub(crate) fn word(&self) -> Option<Mark> {
        let Status::Known {
            answered,
            is_opinion: true,
        } = self.status
        else {
            return None;
        };
        Some(
            match slo_sdk::classify(answered.ending, false).availability {
                Outcome::Good => Mark::Good,
                Outcome::Bad => Mark::Bad,
                Outcome::Excluded => Mark::Excluded,
            },
        )
    }

    /// True where the event is over before any of the body is sent.
    pub(crate) fn ends_with_its_head(&self) -> bool {
        self.length == Length::Bytes(0)
    }

    /// Looks at a frame that passes; true if it is the last one. Nobody polls again after
    /// the last frame of a body that knows it was.
    pub(crate) fn is_last<D: Buf>(&mut self, frame: &Frame<D>, is_end_stream: bool) -> bool {
        if let Some(data) = frame.data_ref() {
            if let Status::InBody(web) = &mut self.status {
                web.read(data);
            }
            if let Length::Bytes(rest) = &mut self.length {
                *rest = rest.saturating_sub(data.remaining() as u64);
            }
        }
        frame.is_trailers() || is_end_stream || self.length == Length::Bytes(0)
    }

    /// What an answer says whose body was sent to its end.
    pub(crate) fn end(
        &self,
        trailers: Option<&HeaderMap>,
        classifier: &impl Classifier,
    ) -> Answered {
        let grpc = |code, headers: &HeaderMap| grpc(code, headers, classifier).0;
        match (&self.status, trailers) {
            (Status::Known { answered, .. }, _) => match (answered.ending, self.length) {
                // Shorter than announced: what the client gets is a broken answer.
                (Ending::Completed | Ending::ClientError, Length::Bytes(1..)) => {
                    Answered::without_code(Ending::BodyError)
                }
                _ => *answered,
            },
            (Status::InTrailers | Status::InBody(_), Some(trailers)) => {
                grpc(grpc_code(trailers), trailers)
            }
            (Status::InTrailers, None) => grpc(None, &HeaderMap::new()),
            (Status::InBody(web), None) => grpc(web.code(), &HeaderMap::new()),
        }
    }
}

impl Status {
    fn of(status: StatusCode, headers: &HeaderMap, classifier: &impl Classifier) -> Status {
        let (answered, is_opinion) = match Grpc::of(headers) {
            Some(_) if headers.contains_key(GRPC_STATUS) => {
                grpc(grpc_code(headers), headers, classifier)
            }
            Some(Grpc::Native) if status == StatusCode::OK => return Status::InTrailers,
            Some(Grpc::Web { is_text }) if status == StatusCode::OK => {
                return Status::InBody(Box::new(WebStatus::new(is_text)));
            }
            // Without 200 it is not an answer of a gRPC service: something in between refused.
            _ => judged(
                StatusSeen {
                    http: Some(status),
                    code: Some(status.as_u16()),
                    headers,
                    ending: Ending::of_http_status(status.as_u16()),
                },
                classifier,
            ),
        };
        Status::Known {
            answered,
            is_opinion,
        }
    }
}

impl Length {
    fn of<B: Body>(response: &Response<B>) -> Length {
        let announced = || {
            response
                .headers()
                .get(CONTENT_LENGTH)?
                .to_str()
                .ok()?
                .parse()
                .ok()
        };
        let exact = response.body().size_hint().exact();
        exact.or_else(announced).map_or(Length::Open, Length::Bytes)
    }
}

/// True where no body follows, whatever the response holds.
fn has_no_body(status: StatusCode, asked: Asked) -> bool {
    match asked {
        Asked::Head => true,
        Asked::Connection if status.is_success() => true,
        Asked::Connection | Asked::Body => matches!(
            status,
            StatusCode::SWITCHING_PROTOCOLS | StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED
        ),
    }
}

/// The kinds of gRPC that an answer can be.
enum Grpc {
    Native,
    Web { is_text: bool },
}

impl Grpc {
    /// By the content type: `application/grpc` and its kin, `application/grpc+proto`,
    /// `application/grpc-web-text`.
    fn of(headers: &HeaderMap) -> Option<Grpc> {
        const NATIVE: &str = "application/grpc";
        const WEB: &str = "-web";
        const TEXT: &str = "-text";
        let kind = headers.get(CONTENT_TYPE)?.to_str().ok()?;
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
    let answered = Answered {
        ending: opinion.unwrap_or(seen.ending),
        code: seen.code,
    };
    (answered, opinion.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Standard;
    use bytes::Bytes;
    use http_body_util::{Full, StreamBody};

    fn response<B>(status: u16, headers: &[(&'static str, &'static str)], body: B) -> Response<B> {
        let builder = Response::builder().status(status);
        headers
            .iter()
            .fold(builder, |b, (name, value)| b.header(*name, *value))
            .body(body)
            .unwrap()
    }

    fn answer(status: u16, headers: &[(&'static str, &'static str)]) -> Answer {
        Answer::of(&response(status, headers, open()), Asked::Body, &Standard)
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
        answer.end(Some(&trailers), &Standard).ending
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
            assert!(!answer.ends_with_its_head());
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
        assert_eq!(head_only.head().ending, Ending::ServerError);
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
            assert!(!answer.is_last(&frame, false));
            assert_eq!(
                answer.end(None, &Standard).ending,
                Ending::Completed,
                "{kind}"
            );
        }
        let mut text = answer(200, &[("content-type", "application/grpc-web-text+proto")]);
        let frame = Frame::data(Bytes::from_static(b"gAAAAA1ncnBjLXN0YXR1czow"));
        assert!(text.is_last(&frame, true));
        assert_eq!(text.end(None, &Standard).ending, Ending::Completed);
    }

    #[test]
    fn answers_without_a_body_end_with_their_head() {
        let ends = |status, asked| {
            Answer::of(&response(status, &[], open()), asked, &Standard).ends_with_its_head()
        };
        assert!(ends(200, Asked::Head) && ends(101, Asked::Body) && ends(200, Asked::Connection));
        assert!(ends(204, Asked::Body) && ends(304, Asked::Body));
        assert!(!ends(200, Asked::Body) && !ends(404, Asked::Connection));
    }

    #[test]
    fn an_announced_length_is_the_end() {
        let parts = |mut answer: Answer, sizes: &[usize]| -> Vec<Option<Ending>> {
            let frame = |n| Frame::data(Bytes::from(vec![b'x'; n]));
            sizes
                .iter()
                .map(|&n| {
                    let is_last = answer.is_last(&frame(n), false);
                    is_last.then(|| answer.end(None, &Standard).ending)
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
            Asked::Body,
            &Standard,
        );
        assert_eq!(parts(exact, &[5]), [Some(Ending::ServerError)]);
        let open = answer(200, &[("content-length", "nonsense")]);
        assert_eq!(parts(open, &[4, 5, 1]), [None; 3]);
        assert!(answer(200, &[("content-length", "0")]).ends_with_its_head());
        let short = answer(200, &[("content-length", "10")]);
        assert_eq!(short.end(None, &Standard).ending, Ending::BodyError);
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
            Answer::of(&response(status, headers, open()), Asked::Body, &Busy)
        };
        let http = of(503, &[("x-busy", "1")]);
        assert_eq!(http.head().ending, Ending::MarkedExcluded);
        assert_eq!(http.word(), Some(Mark::Excluded));
        let usual = of(503, &[]);
        assert_eq!(
            (usual.head().ending, usual.word()),
            (Ending::ServerError, None)
        );
        let grpc = of(200, &[("content-type", "application/grpc")]);
        let trailers = HeaderMap::from_iter([
            ("grpc-status".parse().unwrap(), "14".parse().unwrap()),
            ("x-busy".parse().unwrap(), "1".parse().unwrap()),
        ]);
        let end = grpc.end(Some(&trailers), &Busy);
        assert_eq!((end.ending, end.code), (Ending::MarkedExcluded, Some(14)));
        assert_eq!(grpc.end(None, &Busy).ending, Ending::ServerError);
    }
}
