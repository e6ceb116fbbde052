//! gRPC: every status in the head and in the trailers, deadlines, and what tonic never sends.

use super::{
    Act::{self, LeaveStream, LeaveWhenTold, Read, SeeItBreak, SeeStreamBreak, Stream, Unary},
    BLIND, Protocol, Scenario, UNMATCHED,
};
use crate::servers::Place;
use http::Method;
use slo_sdk::{
    EventResult as R,
    Outcome::{self, Bad, Excluded, Good},
};

/// `UNKNOWN`, `DEADLINE_EXCEEDED`, `UNIMPLEMENTED`, `INTERNAL`, `UNAVAILABLE`, `DATA_LOSS`.
const FAULTS_OF_THE_SERVER: [u8; 6] = [2, 4, 12, 13, 14, 15];

const OVERDUE: (R, Outcome, Outcome) = (R::TimedOut, Bad, Bad);

/// Two methods behind one wildcard: from then on the wildcard says nothing about a request.
pub(super) fn lessons() -> Vec<Scenario> {
    let at = |scenario: Scenario| scenario.at(&[Place::Inside]);
    vec![at(status(UNARY, Unary(0))), at(status(STREAM, Stream(0)))]
}

const UNARY: (&str, &str) = ("/recon.Chaos/Unary", "unary");
const STREAM: (&str, &str) = ("/recon.Chaos/Stream", "stream");

fn call(path: &'static str, act: Act) -> Scenario {
    Scenario::new(Method::POST, path, act).over(Protocol::Grpc)
}

/// gRPC without tonic as the client, which would keep the deadline itself and so make it
/// uncertain who was first.
fn raw(path: &'static str, act: Act) -> Scenario {
    Scenario {
        body: b"\0\0\0\0\0",
        ..Scenario::new(Method::POST, path, act)
    }
    .over(Protocol::Http2)
    .with("content-type", "application/grpc")
    .with("te", "trailers")
}

fn status((path, endpoint): (&'static str, &str), act: Act) -> Scenario {
    let (Unary(code) | Stream(code)) = act else {
        unreachable!("only these end with a status")
    };
    let scenario = call(path, act);
    match code {
        0 => scenario.counts(endpoint, R::Ok, Good, Good),
        code if FAULTS_OF_THE_SERVER.contains(&code) => {
            scenario.counts(endpoint, R::ServerError, Bad, Excluded)
        }
        _ => scenario.counts(endpoint, R::ClientError, Excluded, Excluded),
    }
}

pub(super) fn all() -> Vec<Scenario> {
    let statuses =
        (0..=16).flat_map(|code| [status(UNARY, Unary(code)), status(STREAM, Stream(code))]);
    let mut all: Vec<_> = statuses.collect();
    all.extend(faults());
    all.extend(deadlines());
    all.extend(odd());
    all.extend(web());
    all
}

fn faults() -> [Scenario; 8] {
    [
        call("/recon.Chaos/Late", Unary(0)).counts("grpc-late", R::Ok, Good, Bad),
        call("/recon.Chaos/Panic", SeeStreamBreak).counts("grpc-panic", R::Panicked, Bad, Excluded),
        call("/recon.Chaos/PanicStream", SeeStreamBreak).counts(
            "grpc-panic-stream",
            R::Panicked,
            Bad,
            Excluded,
        ),
        call("/recon.Chaos/Endless", LeaveStream).counts(
            "grpc-endless",
            R::Cancelled,
            Excluded,
            Excluded,
        ),
        call("/recon.Chaos/Hang", LeaveWhenTold).counts(
            "grpc-hang",
            R::Cancelled,
            Excluded,
            Excluded,
        ),
        call("/recon.Chaos/Marked", Unary(13)).counts(
            "grpc-marked",
            R::MarkedExcluded,
            Excluded,
            Excluded,
        ),
        call("/recon.Chaos/Missing", Unary(12))
            .at(&[Place::Inside])
            .unannotated("/recon.Chaos/{method}"),
        call("/recon.Chaos/Missing", Unary(12))
            .at(&BLIND)
            .unannotated(UNMATCHED),
    ]
}

fn deadlines() -> [Scenario; 4] {
    let (result, availability, latency) = OVERDUE;
    let unserved = &[Place::Inside, Place::Around, Place::Doubled];
    [
        // Far away: who leaves before was impatient.
        raw("/recon.Chaos/Hang", LeaveWhenTold)
            .with("grpc-timeout", "1H")
            .counts("grpc-hang", R::Cancelled, Excluded, Excluded),
        // Passed when the client leaves. Nobody on the server keeps it.
        raw("/recon.Chaos/Overdue", LeaveWhenTold)
            .with("grpc-timeout", "5m")
            .at(unserved)
            .counts("grpc-overdue", result, availability, latency),
        // tonic's server keeps it.
        raw("/recon.Chaos/Overdue", Read(200))
            .with("grpc-timeout", "5m")
            .at(&[Place::Tonic])
            .counts("grpc-overdue", result, availability, latency),
        // A deadline does not make less of a panic.
        raw("/recon.Chaos/Panic", SeeItBreak)
            .with("grpc-timeout", "1H")
            .counts("grpc-panic", R::Panicked, Bad, Excluded),
    ]
}

fn odd() -> [Scenario; 5] {
    let odd = |status| raw("/recon.Odd/Answer", Read(status));
    let fault = |scenario: Scenario| scenario.counts("grpc-odd", R::ServerError, Bad, Excluded);
    [
        odd(200)
            .with("x-answer", "0")
            .counts("grpc-odd", R::Ok, Good, Good),
        fault(odd(200)),
        fault(odd(200).with("x-answer", "many")),
        fault(odd(200).with("x-answer", "42")),
        // Something in between refused.
        fault(odd(502).with("x-down", "1")),
    ]
}

/// gRPC-Web runs over HTTP/1, too.
fn web() -> [Scenario; 3] {
    let call = |path| Scenario::new(Method::POST, path, Read(200));
    [
        call("/recon.Web/0").counts("grpc-web", R::Ok, Good, Good),
        call("/recon.Web/5").counts("grpc-web", R::ClientError, Excluded, Excluded),
        call("/recon.Web/14").counts("grpc-web", R::ServerError, Bad, Excluded),
    ]
}
