//! What a client leaves, or a deadline of the server ends.

use super::{
    Act::{LeaveAfterHead, LeaveAfterPart, LeaveWhenTold, Read},
    Scenario,
};
use crate::servers::Place;
use slo_sdk::{
    EventResult as R,
    Outcome::{Bad, Excluded, Good},
};

pub(super) fn all() -> Vec<Scenario> {
    let get = Scenario::get;
    vec![
        get("/hang", LeaveWhenTold).counts("hang", R::Cancelled, Excluded, Excluded),
        get("/hang-late", LeaveWhenTold).counts("hang-late", R::TimedOut, Excluded, Bad),
        get("/hang-between", LeaveWhenTold)
            .counts("hang-between", R::TimedOut, Excluded, Excluded)
            .sli("hang-between", "typical", Bad),
        get("/hang-headless", LeaveWhenTold).counts(
            "hang-headless",
            R::Cancelled,
            Excluded,
            Excluded,
        ),
        get("/hang-marked", LeaveWhenTold).counts("hang-marked", R::MarkedBad, Bad, Bad),
        get("/hang-limited", Read(504))
            .at(&[Place::Limited])
            .counts("hang-limited", R::TimedOut, Bad, Bad),
        get("/endless-body", LeaveAfterHead(200)).counts(
            "endless-body",
            R::Cancelled,
            Excluded,
            Excluded,
        ),
        get("/endless-body", LeaveAfterPart(200)).counts(
            "endless-body",
            R::Cancelled,
            Excluded,
            Excluded,
        ),
        get("/endless-late", LeaveAfterPart(200)).counts(
            "endless-late",
            R::TimedOut,
            Excluded,
            Bad,
        ),
        get("/feed", LeaveAfterHead(200)).counts("feed", R::Ok, Good, Good),
        get("/feed", LeaveAfterPart(200)).counts("feed", R::Ok, Good, Good),
        get("/feed-late", LeaveAfterPart(200)).counts("feed-late", R::Ok, Good, Bad),
        get("/endless-failure", LeaveAfterPart(500)).counts(
            "endless-failure",
            R::ServerError,
            Bad,
            Excluded,
        ),
        get("/endless-refusal", LeaveAfterPart(409)).counts(
            "endless-refusal",
            R::ClientError,
            Excluded,
            Excluded,
        ),
    ]
}
