//! What happened to one series of events, step by step.

/// A stretch of time in which nothing changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stretch {
    /// So many good and bad events in each of so many steps.
    Events { steps: u32, good: u64, bad: u64 },
    /// The process starts anew; its counters are at 0 again after one step.
    Restart,
}

/// A history that begins with counters at 0.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct History(pub(super) Vec<Stretch>);

/// Which of the two counters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Good,
    Bad,
}

impl History {
    /// Counters that stay at 0.
    pub(super) fn idle(steps: usize) -> History {
        History(vec![Stretch::Events {
            steps: u32::try_from(steps).unwrap_or(u32::MAX),
            good: 0,
            bad: 0,
        }])
    }

    /// The good and bad events of each step after the first sample.
    pub(super) fn events(&self) -> impl Iterator<Item = (u64, u64)> {
        self.0.iter().flat_map(|stretch| {
            let (steps, events) = match *stretch {
                Stretch::Events { steps, good, bad } => (steps, (good, bad)),
                Stretch::Restart => (1, (0, 0)),
            };
            std::iter::repeat_n(events, steps as usize)
        })
    }

    /// The samples of a counter, in promtool's notation: `5+2x3` is 5 7 9 11.
    pub(super) fn samples(&self, outcome: Outcome) -> String {
        let mut out = String::from("0");
        let mut value = 0;
        for stretch in &self.0 {
            match *stretch {
                Stretch::Restart => {
                    value = 0;
                    out += " 0";
                }
                Stretch::Events { steps: 0, .. } => {}
                Stretch::Events { steps, good, bad } => {
                    let growth = match outcome {
                        Outcome::Good => good,
                        Outcome::Bad => bad,
                    };
                    out += &format!(" {}+{growth}x{}", value + growth, steps - 1);
                    value += growth * u64::from(steps);
                }
            }
        }
        out
    }

    /// How many steps it takes.
    pub(super) fn steps(&self) -> usize {
        self.events().count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_sums_of_events() {
        let events = |steps, good, bad| Stretch::Events { steps, good, bad };
        let history = History(vec![
            events(3, 10, 0),
            events(1, 0, 2),
            Stretch::Restart,
            events(2, 7, 1),
        ]);
        assert_eq!(history.samples(Outcome::Good), "0 10+10x2 30+0x0 0 7+7x1");
        assert_eq!(history.samples(Outcome::Bad), "0 0+0x2 2+2x0 0 1+1x1");
        let expected = [(10, 0), (10, 0), (10, 0), (0, 2), (0, 0), (7, 1), (7, 1)];
        assert!(history.events().eq(expected));
        assert_eq!(history.steps(), 7);
    }
}
