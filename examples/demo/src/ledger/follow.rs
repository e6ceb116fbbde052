//! The way of a request through the shop, by what the client saw.
//!
//! The status is the first service's, the trail tells of those behind it. A broken
//! connection is a panic: nothing else in the shop breaks one, and the plan has to agree.
//!
//! # What is known of time
//! Each event lies within the one of its caller, and the first within what the client
//! measured. So an event took at most what the client measured less the delays of the
//! services before it, and at least its own delay and those of the services behind it.
//!
//! # What is known of a request that was given up
//! Of the first service it is known that it let go before the client saw it do so, and, where
//! it had asked for the body, that it had begun by then. Of those behind it the client only
//! knows that none of them has answered; whether the request had come so far, and when it
//! was dropped there, it can't see.

use super::{Ended, Visit};
use crate::traffic::{
    Outcome, Run, Seen, Sent,
    plan::{End, is_failure},
};
use shop_process::{Saw, Trail};
use std::{fmt, time::Duration};

/// What the client saw is not what had to happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Contradiction(pub(crate) String);

impl fmt::Display for Contradiction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The visits of a request.
pub(crate) fn follow(sent: &Sent) -> Result<Vec<Visit>, Contradiction> {
    let contradiction = || {
        Contradiction(format!(
            "{:?} {}: expected {:?}, saw {:?}",
            sent.ask, sent.id, sent.plan.end, sent.seen
        ))
    };
    let endings: Vec<Ended> = match (&sent.seen, &sent.plan.end) {
        (
            Seen::Answer {
                status,
                trail,
                stale,
            },
            End::Answer(planned, way),
        ) if (status, trail, *stale) == (planned, way, sent.plan.stale) => {
            let first = sent.ask.way()[0].service;
            let behind = trail.hops().iter().map(|hop| ended(&hop.service, hop.saw));
            let own = if *stale {
                Ended::Stale
            } else {
                ended(first, Saw::Status(*status))
            };
            std::iter::once(own).chain(behind).collect()
        }
        (Seen::Broken, End::Broken) => vec![Ended::Panicked],
        (Seen::GaveUp(_), End::Never) => vec![Ended::GivenUp; sent.plan.stops.len()],
        _ => return Err(contradiction()),
    };
    if endings.len() != sent.plan.stops.len() {
        return Err(contradiction());
    }
    let delays: Vec<_> = sent.plan.stops.iter().map(|(_, delay)| *delay).collect();
    let gave_up = matches!(sent.seen, Seen::GaveUp(_));
    let took = sent.took;
    if !gave_up && took < delays.iter().sum() {
        return Err(Contradiction(format!(
            "{:?} {}: held up for {delays:?}, took {took:?}",
            sent.ask, sent.id
        )));
    }
    let visits =
        sent.plan
            .stops
            .iter()
            .zip(endings)
            .enumerate()
            .filter_map(|(i, ((stop, _), ended))| {
                let visit = Visit {
                    service: service_name(stop.service),
                    endpoint: stop.endpoint?,
                    ended,
                    at_least: delays[i..].iter().sum(),
                    at_most: took.saturating_sub(delays[..i].iter().sum()),
                    doubtful: false,
                };
                Some(match sent.seen {
                    Seen::GaveUp(waited) if i == 0 => Visit {
                        at_least: waited,
                        ..visit
                    },
                    Seen::GaveUp(_) => Visit {
                        at_least: Duration::ZERO,
                        at_most: Duration::MAX,
                        doubtful: true,
                        ..visit
                    },
                    _ => visit,
                })
            });
    Ok(visits.collect())
}

/// The visits of a run of the settlement job.
pub(crate) fn follow_run(run: &Run) -> Result<Vec<Visit>, Contradiction> {
    if run.outcome != run.planned {
        let Run {
            number,
            outcome,
            planned,
            ..
        } = run;
        return Err(Contradiction(format!(
            "run {number}: expected {planned:?}, saw {outcome:?}"
        )));
    }
    let (own, trail) = match &run.outcome {
        Outcome::Ok(trail) => (Ended::Answered, Some(trail)),
        Outcome::Failed(trail) => (Ended::Failed, Some(trail)),
        Outcome::Panicked => (Ended::Panicked, None),
    };
    let [delay, behind] = run.delays;
    let mut visits = vec![Visit {
        service: service_name("settlement"),
        endpoint: "settle",
        ended: own,
        at_least: delay + behind,
        at_most: run.took,
        doubtful: false,
    }];
    visits.extend(trail.into_iter().flat_map(Trail::hops).map(|hop| Visit {
        service: service_name("payments"),
        endpoint: "pay-out",
        ended: ended("payments", hop.saw),
        at_least: behind,
        at_most: run.took.saturating_sub(delay),
        doubtful: false,
    }));
    Ok(visits)
}

fn ended(service: &str, saw: Saw) -> Ended {
    match saw {
        Saw::Broken => Ended::Panicked,
        Saw::Status(status) if is_failure(service, status) => Ended::Failed,
        // 0 of gRPC, and what HTTP has below 400.
        Saw::Status(0 | 100..400) => Ended::Answered,
        Saw::Status(_) => Ended::Refused,
    }
}

/// The name of a service in telemetry, by its name in trails.
pub(crate) fn service_name(service: &str) -> &'static str {
    match service {
        "gateway" => "shop-gateway",
        "orders" => "shop-orders",
        "payments" => "shop-payments",
        "settlement" => "shop-settlement",
        other => unreachable!("the shop has no service `{other}`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::traffic::{Ask, Plan};
    use shop_process::RequestId;

    fn sent(ask: Ask, end: End, seen: Seen, delays: &[u64], took: u64) -> Sent {
        let stops = ask
            .way()
            .iter()
            .copied()
            .zip(delays.iter().map(|ms| Duration::from_millis(*ms)));
        Sent {
            id: RequestId::new(1),
            ask,
            plan: Plan {
                end,
                stops: stops.collect(),
                stale: false,
            },
            seen,
            took: Duration::from_millis(took),
        }
    }

    fn answered(status: u16, trail: &str) -> (End, Seen) {
        let trail: Trail = trail.parse().expect("a trail");
        (
            End::Answer(status, trail.clone()),
            Seen::Answer {
                status,
                trail,
                stale: false,
            },
        )
    }

    #[test]
    fn a_trail_tells_who_failed() {
        let (end, seen) = answered(502, "orders=502,payments=13");
        let visits = follow(&sent(Ask::Checkout, end, seen, &[0, 0, 340], 400)).unwrap();
        assert_eq!(visits.len(), 3);
        assert!(visits.iter().all(|visit| visit.ended == Ended::Failed));
        let (end, seen) = answered(502, "orders=broken");
        let visits = follow(&sent(Ask::Checkout, end, seen, &[0, 0], 4)).unwrap();
        assert_eq!(
            visits.iter().map(|v| v.ended).collect::<Vec<_>>(),
            [Ended::Failed, Ended::Panicked]
        );
        let (end, seen) = answered(402, "orders=402,payments=9");
        let visits = follow(&sent(Ask::Declined, end, seen, &[0, 0, 0], 4)).unwrap();
        assert!(visits.iter().all(|visit| visit.ended == Ended::Refused));
    }

    #[test]
    fn delays_bound_the_time_of_each_service() {
        let (end, seen) = answered(201, "orders=201,payments=0");
        let visits = follow(&sent(Ask::Checkout, end, seen, &[100, 0, 30], 150)).unwrap();
        let bounds: Vec<_> = visits
            .iter()
            .map(|v| (v.at_least.as_millis(), v.at_most.as_millis()))
            .collect();
        assert_eq!(bounds, [(130, 150), (30, 50), (30, 50)]);
    }

    #[test]
    fn behind_a_request_given_up_nothing_is_sure() {
        let seen = Seen::GaveUp(Duration::from_millis(100));
        let visits = follow(&sent(Ask::Checkout, End::Never, seen, &[0, 0], 110)).unwrap();
        assert_eq!(visits[0].at_least.as_millis(), 100);
        assert_eq!((visits[0].doubtful, visits[1].doubtful), (false, true));
    }

    #[test]
    fn what_was_not_planned_is_a_contradiction() {
        let (end, _) = answered(201, "orders=201,payments=0");
        assert!(
            follow(&sent(
                Ask::Checkout,
                end.clone(),
                Seen::Broken,
                &[0, 0, 0],
                1
            ))
            .is_err()
        );
        let (_, other) = answered(201, "orders=201");
        assert!(follow(&sent(Ask::Checkout, end, other, &[0, 0, 0], 1)).is_err());
        let (end, seen) = answered(200, "");
        assert!(follow(&sent(Ask::Products, end, seen, &[100], 99)).is_err());
    }
}
