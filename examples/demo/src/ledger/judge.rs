//! What a visit counts as.
//!
//! The rules of the project are written down here a second time, on purpose: comparing the
//! SDK with its own table would prove nothing.

use super::{Ended, Visit, range::Share};
use cargo_slo::definition::Service;
use std::{collections::BTreeMap, time::Duration};

/// Two clocks that both are right still differ a little: by less than this share.
const CLOCKS: u32 = 200;

/// The thresholds of an endpoint's latency SLIs, by name.
pub(crate) type Thresholds = BTreeMap<String, Duration>;

/// What a visit counts as, for one endpoint.
#[derive(Debug)]
pub(crate) struct Judge<'a> {
    thresholds: &'a Thresholds,
}

/// Whether an event is a good one or a bad one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Judgement {
    pub(crate) good: Share,
    pub(crate) bad: Share,
    /// Good or bad, whichever.
    pub(crate) valid: Share,
}

const EXCLUDED: Judgement = Judgement {
    good: Share::Not,
    bad: Share::Not,
    valid: Share::Not,
};

const GOOD: Judgement = Judgement {
    good: Share::Surely,
    bad: Share::Not,
    valid: Share::Surely,
};

const BAD: Judgement = Judgement {
    good: Share::Not,
    bad: Share::Surely,
    valid: Share::Surely,
};

impl<'a> Judge<'a> {
    pub(crate) fn new(thresholds: &'a Thresholds) -> Judge<'a> {
        Judge { thresholds }
    }

    /// For availability.
    pub(crate) fn availability(&self, visit: &Visit) -> Judgement {
        match visit.ended {
            Ended::Answered => GOOD,
            Ended::Failed | Ended::Panicked | Ended::Stale => BAD,
            Ended::Refused | Ended::GivenUp => EXCLUDED,
        }
        .doubted(visit.doubtful)
    }

    /// For a latency SLI with this threshold.
    pub(crate) fn latency(&self, visit: &Visit, threshold: Duration) -> Judgement {
        let late = late(visit, threshold);
        match visit.ended {
            Ended::Answered => Judgement {
                good: late.not(),
                bad: late,
                valid: Share::Surely,
            },
            Ended::Stale => BAD,
            Ended::GivenUp => Judgement {
                good: Share::Not,
                bad: late,
                valid: late,
            },
            Ended::Refused | Ended::Failed | Ended::Panicked => EXCLUDED,
        }
        .doubted(visit.doubtful)
    }

    /// The values of `slo.result` that the visit may be counted under.
    pub(crate) fn results(&self, visit: &Visit) -> Vec<(&'static str, Share)> {
        let results = match visit.ended {
            Ended::Answered => vec![("ok", Share::Surely)],
            Ended::Stale => vec![("marked_bad", Share::Surely)],
            Ended::Refused => vec![("client_error", Share::Surely)],
            Ended::Failed => vec![("server_error", Share::Surely)],
            Ended::Panicked => vec![("panicked", Share::Surely)],
            Ended::GivenUp => {
                // Who gives up after the first threshold had reason to.
                let first = self.thresholds.values().min();
                let late = first.map_or(Share::Not, |threshold| late(visit, *threshold));
                vec![("cancelled", late.not()), ("timed_out", late)]
            }
        };
        results
            .into_iter()
            .map(|(result, share)| (result, share.doubted(visit.doubtful)))
            .collect()
    }
}

impl Judgement {
    fn doubted(self, doubt: bool) -> Judgement {
        Judgement {
            good: self.good.doubted(doubt),
            bad: self.bad.doubted(doubt),
            valid: self.valid.doubted(doubt),
        }
    }
}

fn late(visit: &Visit, threshold: Duration) -> Share {
    let margin = threshold / CLOCKS;
    if visit.at_most <= threshold - margin {
        Share::Not
    } else if visit.at_least > threshold + margin {
        Share::Surely
    } else {
        Share::Perhaps
    }
}

/// The thresholds of every endpoint of a service: its own, else its journey's.
pub(crate) fn thresholds(service: &Service) -> BTreeMap<String, Thresholds> {
    let of_endpoint = |endpoint: &slo_model::record::EndpointRecord| {
        let objectives = [&endpoint.journey.objectives, &endpoint.objectives];
        let latencies = objectives
            .into_iter()
            .flatten()
            .flat_map(|declared| &declared.latency);
        latencies
            .map(|latency| (latency.name.clone(), latency.threshold))
            .collect()
    };
    service
        .endpoints
        .iter()
        .map(|endpoint| (endpoint.name.clone(), of_endpoint(endpoint)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visit(ended: Ended, at_least: u64, at_most: u64) -> Visit {
        Visit {
            service: "s",
            endpoint: "e",
            ended,
            at_least: Duration::from_millis(at_least),
            at_most: Duration::from_millis(at_most),
            doubtful: false,
        }
    }

    const THRESHOLD: Duration = Duration::from_millis(300);

    fn judged(visit: &Visit) -> (Judgement, Judgement, Vec<(&'static str, Share)>) {
        let thresholds = Thresholds::from([("latency".to_owned(), THRESHOLD)]);
        let judge = Judge::new(&thresholds);
        (
            judge.availability(visit),
            judge.latency(visit, THRESHOLD),
            judge.results(visit),
        )
    }

    #[test]
    fn an_answer_is_in_time_late_or_unknown() {
        let (_, latency, _) = judged(&visit(Ended::Answered, 0, 290));
        assert_eq!(latency, GOOD);
        let (availability, latency, _) = judged(&visit(Ended::Answered, 310, 400));
        assert_eq!((availability, latency), (GOOD, BAD));
        for unknown in [(0, 310), (0, 300), (300, 400)] {
            let (_, latency, _) = judged(&visit(Ended::Answered, unknown.0, unknown.1));
            let unsure = Judgement {
                good: Share::Perhaps,
                bad: Share::Perhaps,
                valid: Share::Surely,
            };
            assert_eq!(latency, unsure, "{unknown:?}");
        }
    }

    #[test]
    fn failures_have_no_latency() {
        for ended in [Ended::Failed, Ended::Panicked] {
            let (availability, latency, _) = judged(&visit(ended, 400, 500));
            assert_eq!((availability, latency), (BAD, EXCLUDED));
        }
        assert_eq!(judged(&visit(Ended::Refused, 400, 500)).0, EXCLUDED);
        let (availability, latency, results) = judged(&visit(Ended::Stale, 0, 1));
        assert_eq!((availability, latency), (BAD, BAD));
        assert_eq!(results, [("marked_bad", Share::Surely)]);
    }

    #[test]
    fn giving_up_is_bad_only_when_it_was_late() {
        let (availability, latency, results) = judged(&visit(Ended::GivenUp, 100, 110));
        assert_eq!((availability, latency), (EXCLUDED, EXCLUDED));
        assert_eq!(
            results,
            [("cancelled", Share::Surely), ("timed_out", Share::Not)]
        );
        let (availability, latency, results) = judged(&visit(Ended::GivenUp, 700, 710));
        assert_eq!((availability, latency), (EXCLUDED, BAD));
        assert_eq!(
            results,
            [("cancelled", Share::Not), ("timed_out", Share::Surely)]
        );
    }

    #[test]
    fn doubt_leaves_nothing_sure() {
        let doubtful = Visit {
            doubtful: true,
            ..visit(Ended::GivenUp, 0, 9_999)
        };
        let (availability, latency, results) = judged(&doubtful);
        assert_eq!(availability, EXCLUDED);
        assert_eq!((latency.good, latency.bad), (Share::Not, Share::Perhaps));
        assert!(results.iter().all(|(_, share)| *share == Share::Perhaps));
    }
}
