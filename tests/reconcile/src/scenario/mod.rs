//! What can happen to a request, with what it has to count: known before it is sent.
//!
//! `plain`, `gone`, `broken` and `grpc` are tables in the order of the endpoints they send
//! to; this is what a row is made of. The outcomes are written down, not computed from the
//! library's own classification: this is the second opinion.

mod broken;
mod gone;
mod grpc;
mod plain;

use crate::{book::Key, servers::Place};
use http::Method;
use slo_sdk::{EventResult, Outcome};

/// A request, what becomes of it, and what it counts.
#[derive(Clone, Debug)]
pub(crate) struct Scenario {
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    pub(crate) headers: Vec<(&'static str, &'static str)>,
    pub(crate) body: &'static [u8],
    pub(crate) act: Act,
    pub(crate) places: Vec<Place>,
    pub(crate) protocols: Vec<Protocol>,
    pub(crate) counts: Vec<Key>,
}

/// How a request travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Protocol {
    Http1,
    Http2,
    /// HTTP/2 with tonic as the client.
    Grpc,
}

/// What the client does, and what it sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    /// Reads an answer of this status to its end.
    Read(u16),
    /// Gets no answer, or one that breaks off.
    SeeItBreak,
    /// Leaves when the head of the answer, of this status, is there.
    LeaveAfterHead(u16),
    /// Leaves when the first part of the body is there, too.
    LeaveAfterPart(u16),
    /// Leaves when the handler tells that it has come far enough.
    LeaveWhenTold,
    /// Calls a unary method, which ends with this status.
    Unary(u8),
    /// Calls a streaming method and reads until this status.
    Stream(u8),
    /// Calls a streaming method and sees it break off.
    SeeStreamBreak,
    /// Calls a streaming method and leaves after its first message.
    LeaveStream,
}

/// Every scenario there is.
pub(crate) fn all() -> Vec<Scenario> {
    [plain::all(), gone::all(), broken::all(), grpc::all()].concat()
}

/// Those that have to come first, one by one, for the layer to learn routes: what follows
/// from a route that is not learnt yet depends on the order of requests.
pub(crate) fn lessons() -> Vec<Scenario> {
    [plain::lessons(), grpc::lessons()].concat()
}

/// Servers without a time limit.
const USUAL_PLACES: [Place; 4] = [Place::Inside, Place::Around, Place::Doubled, Place::Tonic];

/// Servers whose layer does not see routes.
const BLIND: [Place; 3] = [Place::Around, Place::Doubled, Place::Tonic];

const UNMATCHED: &str = "_unmatched";

impl Scenario {
    fn new(method: Method, path: &'static str, act: Act) -> Scenario {
        Scenario {
            method,
            path,
            headers: Vec::new(),
            body: b"",
            act,
            places: USUAL_PLACES.to_vec(),
            protocols: vec![Protocol::Http1, Protocol::Http2],
            counts: Vec::new(),
        }
    }

    fn get(path: &'static str, act: Act) -> Scenario {
        Scenario::new(Method::GET, path, act)
    }

    fn at(mut self, places: &[Place]) -> Scenario {
        self.places = places.to_vec();
        self
    }

    fn over(mut self, protocol: Protocol) -> Scenario {
        self.protocols = vec![protocol];
        self
    }

    fn with(mut self, name: &'static str, value: &'static str) -> Scenario {
        self.headers.push((name, value));
        self
    }

    /// One event of an endpoint: its result, what it is for availability and for latency.
    fn counts(
        mut self,
        endpoint: &str,
        result: EventResult,
        availability: Outcome,
        latency: Outcome,
    ) -> Scenario {
        self.counts.push(Key::Started(endpoint.to_owned()));
        self.counts.push(Key::result(endpoint, result));
        self.sli(endpoint, "availability", availability)
            .sli(endpoint, "latency", latency)
    }

    fn sli(mut self, endpoint: &str, sli: &str, outcome: Outcome) -> Scenario {
        if outcome != Outcome::Excluded {
            self.counts.push(Key::sli(endpoint, sli, outcome));
        }
        self
    }

    fn unannotated(mut self, route: &str) -> Scenario {
        self.counts.push(Key::Unannotated(route.to_owned()));
        self
    }
}
