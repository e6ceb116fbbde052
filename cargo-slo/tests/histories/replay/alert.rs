//! When an alert fires.

use super::Timeline;
use slo_model::{
    Decimal, Target, binomial::explained_by_chance, budget::Counts, burn_rate::Condition,
};
use std::time::Duration;

/// One alert of an SLO: a burn rate above a factor, over a long window and still over a short
/// one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Alert {
    /// The windows and the factor.
    pub(crate) condition: Condition,
    /// The objective whose budget burns.
    pub(crate) target: Target,
    /// True where it also takes more bad events in the long window than chance explains.
    pub(crate) is_guarded: bool,
}

impl Alert {
    /// The window that shows it matters.
    pub(crate) fn long(&self) -> Duration {
        minutes(self.condition.long_minutes)
    }

    /// The window that shows it still goes on.
    pub(crate) fn short(&self) -> Duration {
        minutes(self.condition.short_minutes)
    }

    /// True where it fires at a moment.
    pub(crate) fn fires(&self, events: &Timeline, at: Duration) -> bool {
        self.fires_on(
            events.within(self.long(), at),
            events.within(self.short(), at),
        )
    }

    /// True where it fires with these events in its long and its short window.
    pub(crate) fn fires_on(&self, long: Counts, short: Counts) -> bool {
        self.is_exceeded(long) && self.is_exceeded(short) && self.is_no_chance(long)
    }

    /// Exactly above the threshold; without events there is no ratio.
    fn is_exceeded(&self, counts: Counts) -> bool {
        let valid = counts.valid();
        let threshold = self.condition.threshold(self.target);
        valid > 0 && threshold.is_less_than(Decimal::new(counts.bad.into(), valid.into()))
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "chance is no more precise than that"
    )]
    fn is_no_chance(&self, counts: Counts) -> bool {
        !self.is_guarded
            || counts.bad as f64 > explained_by_chance(counts.valid() as f64, self.target)
    }
}

fn minutes(n: u32) -> Duration {
    Duration::from_secs(60 * u64::from(n))
}

#[cfg(test)]
mod tests {
    use super::*;
    use slo_model::{Window, burn_rate::Scaling};

    fn fast(is_guarded: bool) -> Alert {
        let [condition, ..] = Scaling::KeepWindows.conditions(Window::DEFAULT);
        Alert {
            condition,
            target: Target::from_percent(99.9),
            is_guarded,
        }
    }

    fn counts(bad: u64, valid: u64) -> Counts {
        Counts {
            good: valid - bad,
            bad,
        }
    }

    #[test]
    fn the_threshold_itself_is_no_alert() {
        let outage = counts(10, 10);
        for is_guarded in [true, false] {
            let alert = fast(is_guarded);
            assert!(!alert.fires_on(counts(144, 10_000), outage));
            assert!(alert.fires_on(counts(145, 10_000), outage));
            assert!(!alert.fires_on(counts(145, 10_000), counts(0, 10)));
            assert!(!alert.fires_on(Counts::default(), Counts::default()));
        }
    }

    #[test]
    fn one_event_is_chance() {
        let one = counts(1, 20);
        assert!(fast(false).fires_on(one, one));
        assert!(!fast(true).fires_on(one, one));
    }
}
