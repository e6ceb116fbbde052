//! When a spent error budget has something left again.
//!
//! The budget of a rolling window comes back when bad events leave the window, and only then. What
//! leaves is known, hour by hour; what comes is not: that no new event is bad is the assumption, and
//! that traffic goes on as in the same hours of the last week. Half of that traffic and twice of it
//! are the ends of a range: more good events make the same bad ones a smaller share.

use slo_model::{Decimal, PPB, Target, budget::Counts};

/// How much of a budget has to be left, and is it more than that.
#[derive(Clone, Copy, Debug)]
pub struct Level {
    target: Target,
    /// What of the budget may be spent before the level is reached, as a share.
    spendable: Decimal,
}

impl Level {
    /// Returns the level of a budget of this target at which this share of it, 0 to 1, is left.
    pub fn new(target: Target, left: Decimal) -> Level {
        Level {
            target,
            spendable: Decimal::new(1, 1).less(left),
        }
    }

    /// Returns `true` if these events leave no more of the budget than the level says; exact.
    ///
    /// Without an event the budget is whole.
    pub fn is_reached(self, counts: Counts) -> bool {
        if counts.valid() == 0 {
            return !Decimal::new(0, 1).is_less_than(self.spendable);
        }
        let bad = Decimal::new(u128::from(counts.bad), 1);
        let allowed = Decimal::new(
            u128::from(counts.valid()) * u128::from(self.target.budget_ppb()),
            u128::from(PPB),
        );
        !bad.is_less_than(allowed.times(self.spendable))
    }
}

/// When more is left of a budget than a level says, in hours from now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recovery {
    /// With twice the usual traffic.
    pub earliest: usize,
    /// With the usual traffic.
    pub usual: usize,
    /// With half of the usual traffic.
    pub latest: usize,
}

/// Returns when a level is left behind; `None` if it is not reached now.
///
/// `hours` are the events of the window, the oldest hour first, the last one before now last; `usual`
/// are the events that usually come in the hours from now on, over and over again.
pub fn recovery(hours: &[Counts], usual: &[u64], level: Level) -> Option<Recovery> {
    if !level.is_reached(sum(hours)) {
        return None;
    }
    let after =
        |factor: Decimal| first_hour(hours, level, |hour| scaled(in_hour(usual, hour), factor));
    Some(Recovery {
        earliest: after(Decimal::new(2, 1)),
        usual: after(Decimal::new(1, 1)),
        latest: after(Decimal::new(1, 2)),
    })
}

/// Returns after how many hours a level is left behind, where no event is bad and `coming` says how
/// many come in which hour from now. Latest when the last bad event has left the window.
pub fn first_hour(hours: &[Counts], level: Level, coming: impl Fn(usize) -> u64) -> usize {
    let mut now = sum(hours);
    for (hour, leaving) in hours.iter().enumerate() {
        if !level.is_reached(now) {
            return hour;
        }
        now.good = (now.good - leaving.good).saturating_add(coming(hour));
        now.bad -= leaving.bad;
    }
    hours.len()
}

/// Returns how many events usually come in an hour from now.
pub fn in_hour(usual: &[u64], hour: usize) -> u64 {
    hour.checked_rem(usual.len()).map_or(0, |hour| usual[hour])
}

fn scaled(events: u64, factor: Decimal) -> u64 {
    let scaled = Decimal::new(u128::from(events), 1).times(factor).floor();
    u64::try_from(scaled).unwrap_or(u64::MAX)
}

fn sum(hours: &[Counts]) -> Counts {
    hours.iter().fold(Counts::default(), |a, b| a + *b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NINES: Target = Target::from_percent(99.0);

    fn empty_at() -> Level {
        Level::new(NINES, Decimal::new(0, 1))
    }

    fn counts(good: u64, bad: u64) -> Counts {
        Counts { good, bad }
    }

    #[test]
    fn a_budget_is_back_when_the_incident_leaves_the_window() {
        // 30 days of 100 events an hour; an incident of two hours ten days ago, all bad.
        let mut hours = vec![counts(100, 0); 720];
        hours[480] = counts(0, 400);
        hours[481] = counts(0, 400);
        let recovery = recovery(&hours, &usual(&hours), empty_at()).unwrap();
        // 72,600 valid events may hold 726 bad ones: without the first of the two hours it is whole.
        assert_eq!(recovery.usual, 481);
        // Twice as many events make room for the 800 sooner: 80,000 are needed for more than 800.
        // After h hours there are 71,800 + 100 h good ones and 800 bad.
        assert_eq!(recovery.earliest, 75);
        assert_eq!(recovery.latest, 481);
    }

    #[test]
    fn what_is_not_reached_needs_no_recovery() {
        assert_eq!(recovery(&[counts(1000, 9)], &[], empty_at()), None);
        assert_eq!(recovery(&[], &[], empty_at()), None);
        assert!(recovery(&[counts(990, 10)], &[], empty_at()).is_some());
        let half = Level::new(NINES, Decimal::new(1, 2));
        assert!(recovery(&[counts(995, 5)], &[], half).is_some());
        assert_eq!(recovery(&[counts(996, 4)], &[], half), None);
        // A level of everything is reached by one bad event, and by none.
        let all = Level::new(NINES, Decimal::new(1, 1));
        assert!(all.is_reached(counts(1000, 0)) && all.is_reached(counts(0, 0)));
    }

    /// The traffic of the last week.
    fn usual(hours: &[Counts]) -> Vec<u64> {
        let week = &hours[hours.len().saturating_sub(168)..];
        week.iter().map(|counts| counts.valid()).collect()
    }

    fn histories() -> impl Strategy<Value = Vec<Counts>> {
        let hour = (0u64..2_000, prop_oneof![4 => Just(0u64), 1 => 0u64..400]);
        proptest::collection::vec(hour.prop_map(|(good, bad)| counts(good, bad)), 1..400)
    }

    proptest! {
        /// Whatever traffic comes between half and twice of the usual, the budget is back in the range.
        #[test]
        fn traffic_between_the_ends_of_the_range_recovers_within_it(
            hours in histories(),
            left in 0u32..=100,
            shares in proptest::collection::vec(50u64..=200, 400),
        ) {
            let level = Level::new(NINES, Decimal::new(left.into(), 100));
            if let Some(recovery) = recovery(&hours, &usual(&hours), level) {
                let usual = usual(&hours);
                let came = first_hour(&hours, level, |hour| {
                    // At least what half is, at most what twice is, as both are whole events.
                    (usual[hour % usual.len()] * shares[hour]).div_ceil(100).min(2 * usual[hour % usual.len()])
                });
                prop_assert!(recovery.earliest <= recovery.usual && recovery.usual <= recovery.latest);
                prop_assert!((recovery.earliest..=recovery.latest).contains(&came), "{came} in {recovery:?}");
            }
        }

        /// The hour before, the level was still reached; in that hour it is not. An engine that knows
        /// nothing of how this one goes on says the same.
        #[test]
        fn it_is_the_first_such_hour(hours in histories()) {
            let level = empty_at();
            if let Some(recovery) = recovery(&hours, &usual(&hours), level) {
                let usual = usual(&hours);
                let at = |hour: usize| {
                    let mut all: Vec<Counts> = hours[hour..].to_vec();
                    all.extend((0..hour).map(|n| counts(usual[n % usual.len()], 0)));
                    all.into_iter().fold(Counts::default(), |a, b| a + b)
                };
                for hour in 0..recovery.usual {
                    prop_assert!(level.is_reached(at(hour)), "{hour} of {recovery:?}");
                }
                let valid = at(recovery.usual).valid();
                prop_assert!(!level.is_reached(at(recovery.usual)) || (recovery.usual == hours.len() && valid == 0));
            }
        }
    }
}
