//! What one event, or none, has to leave in the counts of an endpoint.

use crate::row::Seen;
use slo_sdk::{EndpointCounts, Outcome};
use std::fmt::Debug;

/// Compares the counts of an endpoint with the one event it had, if it had any: it started and
/// ended, with one result, and is in each SLI what it should be.
pub(crate) fn counted(endpoint: &EndpointCounts, event: Option<Seen>) -> Result<(), String> {
    let name = endpoint.name();
    let events = u64::from(event.is_some());
    let is: Vec<_> = endpoint.results().filter(|(_, n)| *n > 0).collect();
    let should: Vec<_> = event.iter().map(|(result, ..)| (*result, 1)).collect();
    same(name, &is, &should)?;
    let balance = (endpoint.started(), endpoint.ended());
    same(name, &balance, &(events, events))?;
    for (sli, outcome) in [
        (
            "availability",
            event.map(|(_, availability, _)| availability),
        ),
        ("latency", event.map(|(.., latency)| latency)),
    ] {
        let is = endpoint.sli(sli).expect("the journey has it").counts;
        let should = [Outcome::Good, Outcome::Bad].map(|o| u64::from(outcome == Some(o)));
        same(sli, &[is.good, is.bad], &should)?;
    }
    Ok(())
}

pub(crate) fn same<T: PartialEq + Debug>(what: &str, is: &T, should: &T) -> Result<(), String> {
    match is == should {
        true => Ok(()),
        false => Err(format!("{what}: {is:?} instead of {should:?}")),
    }
}
