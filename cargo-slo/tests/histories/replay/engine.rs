//! The budget and the alerts of an SLO, moment by moment.

use super::{Alert, Timeline};
use slo_model::{Target, budget::Counts};
use std::time::Duration;

/// An SLO, the events it counts, and its alerts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Engine<'a> {
    /// The events.
    pub(crate) events: &'a Timeline,
    /// The share of valid events that is promised to be good.
    pub(crate) target: Target,
    /// The period it is promised over.
    pub(crate) window: Duration,
    /// When somebody is told.
    pub(crate) alerts: &'a [Alert],
}

/// What is known of an SLO at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Moment {
    /// When.
    pub(crate) at: Duration,
    /// The events of its window; `None` if nothing was heard of them.
    pub(crate) counts: Option<Counts>,
    /// Which of the alerts fire, in their order.
    pub(crate) firing: Vec<bool>,
}

impl Engine<'_> {
    /// What the events say at a moment, which is part of its windows.
    pub(crate) fn at(&self, at: Duration) -> Moment {
        let is_known = self.events.is_known(self.window, at);
        let firing = self.alerts.iter().map(|alert| alert.fires(self.events, at));
        Moment {
            at,
            counts: is_known.then(|| self.events.within(self.window, at)),
            firing: firing.collect(),
        }
    }

    /// Every moment up to and with the last one, as rules are evaluated.
    pub(crate) fn run(&self, every: Duration, last: Duration) -> impl Iterator<Item = Moment> {
        let start = Some(Duration::ZERO);
        std::iter::successors(start, move |at| at.checked_add(every))
            .take_while(move |at| *at <= last)
            .map(|at| self.at(at))
    }
}

impl Moment {
    /// The share of the error budget that is left: 1 is untouched, 0 is spent, below 0 the
    /// objective is missed. `None` if nothing was heard.
    pub(crate) fn budget_left(&self, target: Target) -> Option<f64> {
        self.counts.map(|counts| counts.budget_left(target))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::replay::Counter;
    use slo_model::{Window, burn_rate::Scaling};

    fn minutes(n: u64) -> Duration {
        Duration::from_secs(60 * n)
    }

    /// A hundred events a minute, of which these are bad.
    fn history(bad: impl Fn(u64) -> u64) -> Timeline {
        let sums = |events: &dyn Fn(u64) -> u64| {
            let totals = (0..2000).scan(0, |total, minute| {
                *total += events(minute);
                Some((minutes(minute), *total))
            });
            totals.collect::<Counter>()
        };
        let good = sums(&|minute| 100 - bad(minute));
        Timeline::new([&good], [&sums(&bad)])
    }

    #[test]
    fn a_fast_burn_fires_when_its_share_of_the_budget_is_spent_and_ends_with_the_burn() {
        let events = history(|minute| match minute {
            600..660 => 50,
            _ => 0,
        });
        let target = Target::from_percent(99.0);
        let [condition, ..] = Scaling::KeepWindows.conditions(Window::DEFAULT);
        let alert = Alert {
            condition,
            target,
            is_guarded: true,
        };
        let engine = Engine {
            events: &events,
            target,
            window: minutes(30 * 1440),
            alerts: &[alert],
        };
        let fires: Vec<_> = engine
            .run(minutes(1), minutes(1999))
            .filter(|moment| moment.firing[0])
            .map(|moment| moment.at.as_secs() / 60)
            .collect();
        // 14.4 % of the hour's 6,000 events are 864: passed with the 18th minute of 50. The
        // five minutes end it: with 3 of them quiet it is 20 %, with 4 it is 10 %.
        assert_eq!((fires.first(), fires.last()), (Some(&617), Some(&662)));
        assert_eq!(fires.len(), 662 - 617 + 1);
        let last = engine.at(minutes(1999));
        let counts = last.counts.unwrap();
        assert_eq!((counts.bad, counts.valid()), (3000, 200_000));
        assert!((last.budget_left(target).unwrap() + 0.5).abs() < 1e-12);
    }

    #[test]
    fn silence_is_not_a_kept_objective() {
        let events = history(|_| 0);
        let engine = Engine {
            events: &events,
            target: Target::from_percent(99.0),
            window: minutes(1440),
            alerts: &[],
        };
        assert_eq!(engine.at(minutes(3500)).counts, None);
        assert_eq!(
            engine.at(minutes(3400)).budget_left(engine.target),
            Some(1.0)
        );
    }
}
