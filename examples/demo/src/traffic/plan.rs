//! What the shop will do about a request.
//!
//! It follows from the seed, which the demo chose. What the client then sees has to be just
//! this; and where it sees nothing, because a connection broke or because it gave up, the
//! plan tells who it was.

use super::{
    Ask,
    ask::{Stop, speaks_grpc},
};
use crate::shop::FaultPlan;
use shop_process::{Fault, RequestId, Saw, Trail};
use std::time::Duration;

/// What the shop will do about a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Plan {
    /// How it ends for the client.
    pub(crate) end: End,
    /// The endpoints that the request comes to, with how long each holds it up.
    pub(crate) stops: Vec<(Stop, Duration)>,
    /// True where the answer will be out of date.
    pub(crate) stale: bool,
}

/// How a request ends for the client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// With this status and trail.
    Answer(u16, Trail),
    /// With a connection that breaks.
    Broken,
    /// Never: the last stop hangs.
    Never,
}

/// The plan for a request.
pub(crate) fn plan(ask: Ask, id: RequestId, fault_plan: &FaultPlan) -> Plan {
    let mut stops = Vec::new();
    let end = walk(ask.way(), id, fault_plan, &mut stops);
    let stale = ask == Ask::Products
        && fault_plan.decide("gateway", id).stale
        && matches!(end, End::Answer(200, _));
    Plan { end, stops, stale }
}

fn walk(
    way: &[Stop],
    id: RequestId,
    fault_plan: &FaultPlan,
    stops: &mut Vec<(Stop, Duration)>,
) -> End {
    let Some((stop, rest)) = way.split_first() else {
        unreachable!("every way has a stop, and a stop asks the next only where there is one");
    };
    if !stop.handled {
        stops.push((*stop, Duration::ZERO));
        return End::Answer(stop.status, Trail::default());
    }
    let decision = fault_plan.decide(stop.service, id);
    stops.push((*stop, decision.delay.unwrap_or_default()));
    match decision.fault {
        Some(Fault::Hang) => return End::Never,
        Some(Fault::Panic) => return End::Broken,
        Some(Fault::Error) => return End::Answer(own_failure(stop.service), Trail::default()),
        None => {}
    }
    let Some(next) = rest.first() else {
        return End::Answer(stop.status, Trail::default());
    };
    match walk(rest, id, fault_plan, stops) {
        End::Never => End::Never,
        End::Broken => End::Answer(
            502,
            Trail::through(next.service, Saw::Broken, Trail::default()),
        ),
        End::Answer(status, trail) => {
            let failed = is_failure(next.service, status);
            let trail = Trail::through(next.service, Saw::Status(status), trail);
            End::Answer(if failed { 502 } else { stop.status }, trail)
        }
    }
}

/// The status a service answers with when it fails itself.
fn own_failure(service: &str) -> u16 {
    match service {
        "gateway" => 500,
        "orders" => 503,
        _ => 13,
    }
}

/// True where a status is the fault of the service that gave it.
pub(crate) fn is_failure(service: &str, status: u16) -> bool {
    match speaks_grpc(service) {
        true => matches!(status, 2 | 4 | 12..=15),
        false => status >= 500,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first request that a condition holds for; with these rates there is one.
    fn find(ask: Ask, condition: impl Fn(&Plan) -> bool) -> Plan {
        let fault_plan = FaultPlan::new(1);
        let plans = (0..100_000).map(|id| plan(ask, RequestId::new(id), &fault_plan));
        plans
            .into_iter()
            .find(condition)
            .expect("the weather has everything")
    }

    fn answer(status: u16, trail: &str) -> End {
        End::Answer(status, trail.parse().expect("a trail"))
    }

    #[test]
    fn a_failure_is_passed_on_by_everyone_before_it() {
        let plan = find(Ask::Checkout, |plan| {
            plan.stops.len() == 3
                && plan.end != answer(201, "orders=201,payments=0")
                && plan.end != End::Never
        });
        assert!(
            [
                answer(502, "orders=502,payments=13"),
                answer(502, "orders=502,payments=broken")
            ]
            .contains(&plan.end),
            "{plan:?}"
        );
    }

    #[test]
    fn only_a_stop_before_the_fault_is_reached() {
        let plan = find(Ask::Checkout, |plan| {
            plan.end == answer(502, "orders=broken")
        });
        assert_eq!(plan.stops.len(), 2);
        let plan = find(Ask::Checkout, |plan| plan.end == End::Broken);
        assert_eq!(plan.stops.len(), 1);
    }

    #[test]
    fn refused_requests_meet_no_fault() {
        let fault_plan = FaultPlan::new(1);
        for id in 0..10_000 {
            let plan = plan(Ask::BadCart, RequestId::new(id), &fault_plan);
            assert_eq!(plan.end, answer(400, ""));
        }
    }
}
