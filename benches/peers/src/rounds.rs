//! Measures a contest in rounds.
//!
//! One round is a few dozen turns, in which everyone comes by in another order; its figure
//! is their median. The range is that of the rounds: a turn that the machine took away from
//! the program says nothing about a layer, a figure that moves from round to round does.

use crate::{contest::Contest, row::Row};
use slo_benches::{
    callgrind,
    measure::{Figures, Spread, interleaved},
    table::read_allocations,
};

/// How much is measured.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// Rounds.
    pub rounds: usize,
    /// Turns in each.
    pub turns: usize,
    /// Requests that each case is given in a turn.
    pub batch: usize,
}

impl Effort {
    /// For figures to be shown.
    pub const FULL: Effort = Effort {
        rounds: 21,
        turns: 41,
        batch: 200,
    };

    /// To see that everything runs and records.
    pub const QUICK: Effort = Effort {
        rounds: 3,
        turns: 5,
        batch: 50,
    };

    /// Requests that each case is given, those included that `interleaved` warms up with.
    pub fn requests(self) -> u64 {
        const WARM_UP: usize = 10;
        (self.rounds * (self.turns + WARM_UP) * self.batch) as u64
    }
}

/// A row for each case; `allocations` is the program that counts those.
///
/// # Errors
/// If nothing counts instructions, or the program can't be run.
pub fn rows(contest: &mut Contest, allocations: &str, effort: Effort) -> Result<Vec<Row>, String> {
    let allocated = read_allocations(allocations)?;
    let mut rounds = Vec::new();
    for _ in 0..effort.rounds {
        rounds.push(interleaved(&mut contest.cases, effort.turns, effort.batch));
        contest.rest();
    }
    let instructions = contest.cases.iter().enumerate().map(|(at, case)| {
        let counted = spread(&rounds, |round| round[at].work().unwrap_or(f64::NAN));
        let counted = Some(counted.median).filter(|median| median.is_finite());
        counted
            .or_else(|| callgrind::instructions(case.key))
            .ok_or_else(|| {
                "nothing counts instructions here: allow the processor's counter \
             (kernel.perf_event_paranoid ≤ 2) or install valgrind"
                    .to_owned()
            })
    });
    let instructions = instructions.collect::<Result<Vec<f64>, String>>()?;
    let of = |key| {
        let found = allocated.get(key).copied();
        found.ok_or_else(|| format!("{allocations} says nothing of {key}"))
    };
    let none = of(contest.cases[0].key)?;
    let rows = contest.cases.iter().enumerate().map(|(at, case)| {
        let mut allocations = of(case.key)?;
        allocations.count -= none.count;
        allocations.bytes -= none.bytes;
        Ok(Row {
            key: case.key.to_owned(),
            name: case.name.to_owned(),
            total: spread(&rounds, |round| round[at].time()),
            added: spread(&rounds, |round| round[at].added_to(&round[0]).time()),
            instructions: instructions[at] - instructions[0],
            allocations,
        })
    });
    rows.collect()
}

fn spread(rounds: &[Vec<Figures>], of: impl Fn(&[Figures]) -> f64) -> Spread {
    let nothing = Spread {
        median: f64::NAN,
        low: f64::NAN,
        high: f64::NAN,
    };
    Spread::from_values(rounds.iter().map(|round| of(round))).unwrap_or(nothing)
}
