//! What happened to one series of events, step by step.

/// A stretch of time in which nothing changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stretch {
    /// So many good and bad events in each of the given number of steps.
    Events { steps: u32, good: u64, bad: u64 },
    /// The same, but no sample arrives before the last step.
    Late { steps: u32, good: u64, bad: u64 },
    /// The process starts again under its id; its counters are at 0 again after one step.
    Restart,
    /// A process with an id of its own takes over. Its first sample is not 0: it has the events
    /// of the step.
    NewProcess,
    /// No process runs.
    Nothing { steps: u32 },
}

/// A history that begins with counters at 0, unless it begins with no process.
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

    /// The good and bad events of each step after the first sample: what is seen then for the
    /// first time.
    pub(super) fn events(&self) -> impl Iterator<Item = (u64, u64)> {
        self.0.iter().flat_map(|stretch| {
            let (before, steps, events) = match *stretch {
                Stretch::Events { steps, good, bad } => (0, steps, (good, bad)),
                Stretch::Late { steps, good, bad } => {
                    let all = u64::from(steps);
                    (steps.saturating_sub(1), 1, (good * all, bad * all))
                }
                Stretch::Restart => (0, 1, (0, 0)),
                Stretch::NewProcess => (0, 0, (0, 0)),
                Stretch::Nothing { steps } => (steps, 0, (0, 0)),
            };
            let nothing = std::iter::repeat_n((0, 0), before as usize);
            nothing.chain(std::iter::repeat_n(events, steps as usize))
        })
    }

    /// The samples of a counter of each process, in promtool's notation: `5+2x3` is 5 7 9 11,
    /// `_x3` is three times nothing.
    pub(super) fn samples(&self, outcome: Outcome) -> Vec<String> {
        let growth_of = |good, bad| match outcome {
            Outcome::Good => good,
            Outcome::Bad => bad,
        };
        let mut processes = Vec::new();
        let (mut out, mut value, mut at) = (String::new(), 0, 1);
        if !self.begins_with_nothing() {
            out.push('0');
        }
        for stretch in &self.0 {
            match *stretch {
                Stretch::NewProcess => {
                    processes.push(std::mem::take(&mut out));
                    out = format!("_x{at}");
                    value = 0;
                }
                Stretch::Restart => {
                    value = 0;
                    out += " 0";
                    at += 1;
                }
                Stretch::Nothing { steps } => at += steps,
                Stretch::Events { steps: 0, .. } | Stretch::Late { steps: 0, .. } => {}
                Stretch::Events { steps, good, bad } => {
                    let growth = growth_of(good, bad);
                    out += &format!(" {}+{growth}x{}", value + growth, steps - 1);
                    value += growth * u64::from(steps);
                    at += steps;
                }
                Stretch::Late { steps, good, bad } => {
                    value += growth_of(good, bad) * u64::from(steps);
                    if steps > 1 {
                        out += &format!(" _x{}", steps - 1);
                    }
                    out += &format!(" {value}");
                    at += steps;
                }
            }
        }
        processes.push(out);
        processes.retain(|samples| !samples.is_empty());
        processes
    }

    /// The steps at which each process is seen first and last.
    pub(super) fn lives(&self) -> Vec<(u32, u32)> {
        let mut lives = Vec::new();
        let mut at = 0;
        if !self.begins_with_nothing() {
            lives.push((0, 0));
        }
        for stretch in &self.0 {
            match *stretch {
                Stretch::NewProcess => lives.push((at + 1, at + 1)),
                Stretch::Nothing { steps } => at += steps,
                Stretch::Restart => at += 1,
                Stretch::Events { steps, .. } | Stretch::Late { steps, .. } => at += steps,
            }
            if !matches!(stretch, Stretch::Nothing { .. } | Stretch::NewProcess)
                && let Some((_, last)) = lives.last_mut()
            {
                *last = at;
            }
        }
        lives
    }

    fn begins_with_nothing(&self) -> bool {
        matches!(self.0.first(), Some(Stretch::Nothing { .. }))
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
        assert_eq!(history.samples(Outcome::Good), ["0 10+10x2 30+0x0 0 7+7x1"]);
        assert_eq!(history.samples(Outcome::Bad), ["0 0+0x2 2+2x0 0 1+1x1"]);
        let expected = [(10, 0), (10, 0), (10, 0), (0, 2), (0, 0), (7, 1), (7, 1)];
        assert!(history.events().eq(expected));
        assert_eq!(history.steps(), 7);
    }
    #[test]
    fn processes_follow_each_other() {
        let events = |steps| Stretch::Events {
            steps,
            good: 10,
            bad: 1,
        };
        let late = Stretch::Late {
            steps: 3,
            good: 10,
            bad: 1,
        };
        let rolled = History(vec![events(2), Stretch::NewProcess, events(2), late]);
        assert_eq!(
            rolled.samples(Outcome::Good),
            ["0 10+10x1", "_x3 10+10x1 _x2 50"]
        );
        assert_eq!(rolled.lives(), [(0, 2), (3, 7)]);
        let expected = [(10, 1), (10, 1), (10, 1), (10, 1), (0, 0), (0, 0), (30, 3)];
        assert!(rolled.events().eq(expected));

        let nothing = |steps| Stretch::Nothing { steps };
        let run = [Stretch::NewProcess, events(1)];
        let runs = [&[nothing(2)], &run[..], &[nothing(1)], &run[..]].concat();
        let runs = History(runs);
        assert_eq!(runs.samples(Outcome::Bad), ["_x3 1+1x0", "_x5 1+1x0"]);
        assert_eq!(runs.lives(), [(3, 3), (5, 5)]);
        assert_eq!(runs.steps(), 5);
    }
}
