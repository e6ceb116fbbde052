//! Whether a condition fires for counts, and how far it is from that.

use super::alerts::AtTraffic;
use slo_model::{Decimal, Target, budget::Counts, burn_rate::Condition};

/// What was counted in the two windows of a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct InWindows {
    pub(crate) long: Counts,
    pub(crate) short: Counts,
}

impl InWindows {
    /// The same with more bad events just now.
    fn with_bad(self, bad: u64) -> InWindows {
        let more = |counts: Counts| Counts {
            good: counts.good,
            bad: counts.bad.saturating_add(bad),
        };
        InWindows {
            long: more(self.long),
            short: more(self.short),
        }
    }
}

/// Beyond this many bad events nobody waits for more.
const MAX_EVENTS: u64 = 1 << 40;

/// Returns `true` if a condition fires: the rate of both windows is above it, and the long window has
/// more bad events than chance explains, as in the rules for Prometheus.
pub(crate) fn fires(condition: &Condition, target: Target, counts: InWindows) -> bool {
    let threshold = condition.threshold(target);
    let is_above = |counts: Counts| {
        counts.valid() > 0
            && threshold.is_less_than(Decimal::new(counts.bad.into(), counts.valid().into()))
    };
    let valid = Decimal::new(counts.long.valid().into(), 1);
    is_above(counts.long)
        && is_above(counts.short)
        && counts.long.bad >= condition.bad_events_needed(valid, target)
}

/// Returns how many more bad events, all at once, a condition would fire after; 0 if it does, `None`
/// if it never does.
pub(crate) fn events_to_fire(
    condition: &Condition,
    target: Target,
    counts: InWindows,
) -> Option<u64> {
    let after = |bad| fires(condition, target, counts.with_bad(bad));
    if !condition.can_fire(target) {
        return None;
    }
    if after(0) {
        return Some(0);
    }
    let mut enough = 1;
    while !after(enough) {
        enough *= 2;
        if enough > MAX_EVENTS {
            return None;
        }
    }
    let mut too_few = enough / 2;
    while enough - too_few > 1 {
        let middle = u64::midpoint(too_few, enough);
        match after(middle) {
            true => enough = middle,
            false => too_few = middle,
        }
    }
    Some(enough)
}

#[cfg(test)]
mod tests {
    use super::*;
    use slo_model::{Window, burn_rate::Scaling};

    fn page() -> Condition {
        Scaling::default().conditions(Window::DEFAULT)[0]
    }

    fn same(good: u64, bad: u64) -> InWindows {
        let counts = Counts { good, bad };
        InWindows {
            long: counts,
            short: counts,
        }
    }

    #[test]
    fn the_rate_has_to_be_exceeded_in_both_windows() {
        let target = Target::from_percent(99.9);
        // 14.4 times 0.1% of 10,000 are 144.
        assert!(!fires(&page(), target, same(9_856, 144)));
        assert!(fires(&page(), target, same(9_855, 145)));
        let over = InWindows {
            short: Counts { good: 100, bad: 0 },
            ..same(9_000, 1_000)
        };
        assert!(!fires(&page(), target, over));
        let idle = InWindows {
            short: Counts::default(),
            ..same(9_000, 1_000)
        };
        assert!(!fires(&page(), target, idle));
    }

    #[test]
    fn one_event_that_chance_explains_is_not_enough() {
        let target = Target::from_percent(99.9);
        assert!(!fires(&page(), target, same(10, 1)));
        let needed = events_to_fire(&page(), target, same(10, 0)).unwrap();
        assert!(needed > 1, "{needed}");
        assert!(fires(&page(), target, same(10, needed)));
        assert!(!fires(&page(), target, same(10, needed - 1)));
    }

    #[test]
    fn what_can_not_fire_never_does() {
        let target = Target::from_percent(90.0);
        assert_eq!(events_to_fire(&page(), target, same(10, 0)), None);
    }

    proptest::proptest! {
        #[test]
        fn events_to_fire_are_the_fewest(good in 0u64..1_000_000, bad in 0u64..2_000, ppb in 950_000_000u32..999_999_000) {
            let target = Target::from_ppb(ppb);
            let counts = same(good, bad);
            if let Some(events) = events_to_fire(&page(), target, counts) {
                proptest::prop_assert!(fires(&page(), target, counts.with_bad(events)));
                if let Some(fewer) = events.checked_sub(1) {
                    proptest::prop_assert!(!fires(&page(), target, counts.with_bad(fewer)));
                }
            }
        }
    }
}
