//! What is still to be learnt from the body of an answer.

use crate::{
    Classifier,
    counting::{grpc, grpc_web::WebStatus},
};
use bytes::Buf;
use http::{HeaderMap, Response, header::CONTENT_LENGTH};
use http_body::{Body, Frame};
use slo_sdk::{Ending, layer::Answered};

/// What is still to be learnt from the body of an answer.
#[derive(Debug)]
pub(crate) enum BodyEnd {
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

impl BodyEnd {
    /// What a body has to tell of which only its length matters.
    #[inline]
    pub(crate) fn from_response<B: Body>(response: &Response<B>) -> BodyEnd {
        let exact = response.body().size_hint().exact();
        exact
            .or_else(|| announced(response.headers()))
            .map_or(BodyEnd::Open, BodyEnd::Bytes)
    }

    /// True where the event is over before any of the body is sent; one that has a length has
    /// not come to its end.
    #[inline]
    pub(crate) fn is_over(&self, body: &impl Body) -> bool {
        match self {
            BodyEnd::Bytes(rest) => *rest == 0,
            BodyEnd::Open | BodyEnd::Trailers | BodyEnd::LastMessage(_) => body.is_end_stream(),
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
        if let BodyEnd::Bytes(rest) = self
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
        if let BodyEnd::LastMessage(web) = self
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
            BodyEnd::Open | BodyEnd::Bytes(0) => head,
            BodyEnd::Bytes(_) => match head.ending {
                // Shorter than announced: what the client gets is a broken answer.
                Ending::Completed | Ending::ClientError => {
                    Answered::without_code(Ending::BodyError)
                }
                _ => head,
            },
            BodyEnd::Trailers => grpc::at_end(None, trailers, classifier),
            BodyEnd::LastMessage(web) => grpc::at_end(web.code(), trailers, classifier),
        }
    }
}

fn announced(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}
