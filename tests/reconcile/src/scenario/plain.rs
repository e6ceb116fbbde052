//! Answers that arrive whole.

use super::{
    Act::{LeaveAfterHead, Read},
    BLIND, Protocol, Scenario, UNMATCHED,
};
use crate::servers::Place;
use http::Method;
use slo_sdk::{
    EventResult as R,
    Outcome::{Bad, Excluded, Good},
};

pub(super) fn lessons() -> Vec<Scenario> {
    vec![learnt().at(&[Place::Inside])]
}

fn learnt() -> Scenario {
    Scenario::get("/learnt/7", Read(200)).counts("learnt", R::Ok, Good, Good)
}

pub(super) fn all() -> Vec<Scenario> {
    let get = Scenario::get;
    let head = |path| Scenario::new(Method::HEAD, path, Read(200));
    let json = |body, status| Scenario {
        body,
        ..Scenario::new(Method::POST, "/json", Read(status))
            .with("content-type", "application/json")
    };
    let inside = &[Place::Inside];
    vec![
        get("/quick", Read(200)).counts("quick", R::Ok, Good, Good),
        head("/quick").counts("quick", R::Ok, Good, Good),
        get("/late", Read(200)).counts("late", R::Ok, Good, Bad),
        get("/two-thresholds", Read(200))
            .counts("two-thresholds", R::Ok, Good, Good)
            .sli("two-thresholds", "typical", Bad),
        get("/download", Read(200)).counts("download", R::Ok, Good, Good),
        head("/download").counts("download", R::Ok, Good, Good),
        get("/chunked", Read(200)).counts("chunked", R::Ok, Good, Good),
        get("/late-body", Read(200)).counts("late-body", R::Ok, Good, Bad),
        get("/late-head", Read(200)).counts("late-head", R::Ok, Good, Bad),
        get("/empty", Read(204)).counts("empty", R::Ok, Good, Good),
        get("/not-modified", Read(304)).counts("not-modified", R::Ok, Good, Good),
        get("/absent", Read(404)).counts("absent", R::ClientError, Excluded, Excluded),
        get("/failing", Read(503)).counts("failing", R::ServerError, Bad, Excluded),
        get("/upgraded", LeaveAfterHead(101))
            .with("connection", "upgrade")
            .with("upgrade", "echo")
            .at(&[Place::Inside, Place::Around, Place::Doubled])
            .over(Protocol::Http1)
            .counts("upgraded", R::Ok, Good, Good),
        // Refused before the handler runs.
        get("/declared/7", Read(200)).counts("declared", R::Ok, Good, Good),
        get("/declared/x", Read(400)).counts("declared", R::ClientError, Excluded, Excluded),
        learnt(),
        get("/learnt/x", Read(400))
            .at(inside)
            .counts("learnt", R::ClientError, Excluded, Excluded),
        get("/learnt/x", Read(400))
            .at(&BLIND)
            .unannotated("/learnt"),
        json(b"[1, 2]", 200).counts("json", R::Ok, Good, Good),
        json(b"[1, 2", 400).counts("json", R::ClientError, Excluded, Excluded),
        // The handler's own word.
        get("/marked-bad", Read(200)).counts("marked-bad", R::MarkedBad, Bad, Bad),
        get("/marked-good", Read(500)).counts("marked-good", R::MarkedGood, Good, Good),
        get("/marked-excluded", Read(200)).counts(
            "marked-excluded",
            R::MarkedExcluded,
            Excluded,
            Excluded,
        ),
        // Two events.
        get("/outer", Read(200))
            .counts("outer", R::Ok, Good, Good)
            .counts("inner", R::ServerError, Bad, Excluded),
        // Nobody's.
        // By its route, or by the first segment of its path.
        get("/unannotated", Read(200)).unannotated("/unannotated"),
        get("/nowhere", Read(404)).unannotated(UNMATCHED),
        Scenario::new(Method::DELETE, "/quick", Read(405))
            .at(inside)
            .unannotated("/quick"),
        Scenario::new(Method::DELETE, "/quick", Read(405))
            .at(&BLIND)
            .unannotated(UNMATCHED),
    ]
}
