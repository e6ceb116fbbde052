//! The histories of the cases.

use super::history::{History, Stretch};
use slo_model::{Decimal, Target, burn_rate::Condition};

/// Events in a step where traffic is high: so many that every target in parts per billion
/// makes a whole number of them.
const EVENTS_PER_STEP: u64 = slo_model::PPB as u64;

/// Events in a step that weighs little beside one of those.
const FEW_PER_STEP: u64 = EVENTS_PER_STEP / 100;

/// What is played through the rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scenario {
    /// Half the budget burns.
    Healthy,
    /// After an hour without failures, everything fails for an hour.
    FastBurn,
    /// The budget burns a fifth faster than the slowest condition allows.
    SlowBurn,
    /// An event in five minutes, and then one fails.
    OneEvent,
    /// After an hour, nobody comes any more.
    IdleGap,
    /// The process starts again in between.
    Restart,
    /// The data ends.
    NoData,
    /// Everything fails for an hour, and then nothing does.
    Recovery,
    /// A process is replaced by another.
    Roll,
    /// Processes of one run, whose only sample is their last.
    OneRun,
    /// Samples are held back for twenty minutes.
    Late,
    /// A single failure, a healthy step, a slow burn, and then everything fails: in few steps, all
    /// there is to say of many SLOs at once.
    Rising,
}

impl Scenario {
    /// What can happen, each by itself.
    pub(super) const EACH: [Scenario; 11] = [
        Scenario::Healthy,
        Scenario::FastBurn,
        Scenario::SlowBurn,
        Scenario::OneEvent,
        Scenario::IdleGap,
        Scenario::Restart,
        Scenario::NoData,
        Scenario::Recovery,
        Scenario::Roll,
        Scenario::OneRun,
        Scenario::Late,
    ];

    /// What it is, for people.
    pub(super) const fn title(self) -> &'static str {
        match self {
            Scenario::Healthy => "healthy: half the budget burns",
            Scenario::FastBurn => "fast burn: everything fails for an hour",
            Scenario::SlowBurn => "slow burn: a fifth above the slowest condition",
            Scenario::OneEvent => "one event fails at low traffic",
            Scenario::IdleGap => "idle gap: nobody comes any more",
            Scenario::Restart => "counter restart",
            Scenario::NoData => "no data",
            Scenario::Recovery => "recovery: failures end",
            Scenario::Roll => "a process is replaced by another",
            Scenario::OneRun => "processes of one run, without a zero before",
            Scenario::Late => "samples are late by twenty minutes",
            Scenario::Rising => {
                "one failure, a healthy time, a slow burn, and then everything fails"
            }
        }
    }

    /// The events of a series whose SLO has this target and these conditions. The number of the
    /// series is that of more events where series are to be told apart by their counts.
    pub(super) fn history(
        self,
        target: Target,
        conditions: &[Condition],
        number: usize,
    ) -> History {
        let of = |events: u64, steps, ratio: Decimal| {
            let bad = u64::try_from(ratio.times(Decimal::new(events.into(), 1)).floor());
            let bad = bad.unwrap_or(events).min(events);
            Stretch::Events {
                steps,
                good: events - bad,
                bad,
            }
        };
        let steady = |steps, ratio| of(EVENTS_PER_STEP, steps, ratio);
        let nothing = |steps| Stretch::Nothing { steps };
        let half = target.budget().times(Decimal::new(1, 2));
        let (none, all) = (Decimal::new(0, 1), Decimal::new(1, 1));
        let idle = |steps| Stretch::Events {
            steps,
            good: 0,
            bad: 0,
        };
        History(match self {
            Scenario::Healthy => vec![steady(36, half)],
            Scenario::FastBurn => vec![steady(12, none), steady(12, all)],
            Scenario::SlowBurn => vec![steady(36, slow(target, conditions, Decimal::new(6, 5)))],
            Scenario::OneEvent => vec![
                Stretch::Events {
                    steps: 11,
                    good: 1,
                    bad: 0,
                },
                Stretch::Events {
                    steps: 1,
                    good: 0,
                    bad: 1,
                },
                idle(4),
            ],
            Scenario::IdleGap => vec![steady(12, half), idle(36)],
            Scenario::Restart => vec![steady(12, half), Stretch::Restart, steady(12, half)],
            Scenario::NoData => vec![steady(6, half)],
            Scenario::Recovery => vec![steady(12, none), steady(12, all), steady(12, none)],
            Scenario::Roll => vec![
                steady(6, half),
                Stretch::NewProcess,
                steady(6, half),
                Stretch::NewProcess,
                steady(6, all),
            ],
            Scenario::OneRun => vec![
                nothing(3),
                Stretch::NewProcess,
                steady(1, half),
                nothing(4),
                Stretch::NewProcess,
                steady(1, all),
                nothing(9),
            ],
            Scenario::Late => {
                let Stretch::Events { good, bad, .. } = steady(1, half) else {
                    return History::default();
                };
                let late = Stretch::Late {
                    steps: 4,
                    good,
                    bad,
                };
                vec![steady(6, none), late, steady(6, none)]
            }
            Scenario::Rising => vec![
                nothing(0),
                Stretch::NewProcess,
                Stretch::Events {
                    steps: 1,
                    good: 0,
                    bad: 1,
                },
                of(FEW_PER_STEP + number as u64, 1, half),
                // The mean with the step before is above the slowest condition, too.
                of(
                    FEW_PER_STEP,
                    1,
                    slow(target, conditions, Decimal::new(5, 2)),
                ),
                steady(1, all),
            ],
        })
    }

    /// Minutes from one sample to the next, and from one evaluation to the next.
    ///
    /// Differences of counters span that long each. A case of hours takes a moment.
    pub(super) const fn step_minutes(self) -> u32 {
        match self {
            // Two hours end, so that they are told apart.
            Scenario::Rising => 30,
            _ => 5,
        }
    }

    /// The steps after which it is looked at what the rules made of it.
    pub(super) const fn looked_at(self) -> &'static [usize] {
        match self {
            Scenario::Healthy | Scenario::SlowBurn => &[6, 12, 24, 36],
            Scenario::FastBurn => &[12, 13, 15, 18, 24],
            Scenario::OneEvent => &[11, 12, 13, 16],
            Scenario::IdleGap => &[12, 18, 30, 48],
            Scenario::Restart => &[12, 13, 14, 25],
            Scenario::NoData => &[6],
            Scenario::Recovery => &[24, 25, 28, 32, 36],
            Scenario::Roll => &[6, 7, 12, 13, 18],
            Scenario::OneRun => &[4, 8, 9, 12, 18],
            Scenario::Late => &[6, 9, 10, 16],
            Scenario::Rising => &[1, 2, 3, 4],
        }
    }

    /// True where a journey is looked at with the events of one endpoint: those of all would be
    /// several.
    pub(super) const fn is_of_one_endpoint(self) -> bool {
        matches!(self, Scenario::OneEvent)
    }
}

/// The given multiple of the lowest threshold, or half-way to everything where that would be more.
fn slow(target: Target, conditions: &[Condition], times: Decimal) -> Decimal {
    let thresholds = conditions.iter().map(|c| c.threshold(target));
    let lowest = thresholds
        .reduce(|low, other| if other.is_less_than(low) { other } else { low })
        .unwrap_or(Decimal::new(1, 1));
    let above = lowest.times(times);
    if above.is_below(1) {
        return above;
    }
    // lowest + (1 − lowest) ÷ 2
    let half = Decimal::new(1, 2);
    let rest = Decimal::new(1, 1).less(lowest).times(half);
    Decimal::new(1, 1).less(rest)
}
