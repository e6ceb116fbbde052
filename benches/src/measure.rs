//! Measures cases beside each other.
//!
//! A machine that others share is never the same for long. So all cases of a table run in
//! one process, in turns of a few hundred, and each is compared with the one it is compared
//! with turn by turn.

use crate::{drive::Case, instructions::Instructions};
use std::time::Instant;

/// What one case cost, per time it was done.
#[derive(Clone, Debug)]
pub struct Figures {
    /// Nanoseconds of each turn.
    pub nanoseconds: Vec<f64>,
    /// Instructions of each turn; empty where they can't be counted.
    pub instructions: Vec<f64>,
}

/// The middle of some measured values, and the lowest and the highest.
#[derive(Clone, Copy, Debug)]
pub struct Spread {
    /// The median.
    pub median: f64,
    /// The lowest.
    pub low: f64,
    /// The highest.
    pub high: f64,
}

impl Spread {
    /// Of values that are not NaN; `None` if there are none.
    pub fn from_values(values: impl IntoIterator<Item = f64>) -> Option<Spread> {
        let mut values: Vec<f64> = values.into_iter().collect();
        values.sort_by(f64::total_cmp);
        Some(Spread {
            median: *values.get(values.len() / 2)?,
            low: *values.first()?,
            high: *values.last()?,
        })
    }
}

impl Figures {
    /// What this case cost more than another in the same turn.
    pub fn added_to(&self, other: &Figures) -> Figures {
        let added = |mine: &[f64], others: &[f64]| {
            mine.iter()
                .zip(others)
                .map(|(mine, other)| mine - other)
                .collect()
        };
        Figures {
            nanoseconds: added(&self.nanoseconds, &other.nanoseconds),
            instructions: added(&self.instructions, &other.instructions),
        }
    }

    /// Median nanoseconds.
    pub fn time(&self) -> f64 {
        Spread::from_values(self.nanoseconds.iter().copied())
            .map_or(f64::NAN, |spread| spread.median)
    }

    /// Median instructions.
    pub fn work(&self) -> Option<f64> {
        Spread::from_values(self.instructions.iter().copied()).map(|spread| spread.median)
    }
}

/// Does every case `batch` times a turn, in another order each turn.
pub fn interleaved(cases: &mut [Case], turns: usize, batch: usize) -> Vec<Figures> {
    let mut counter = Instructions::new();
    let nothing = Figures {
        nanoseconds: Vec::new(),
        instructions: Vec::new(),
    };
    let mut figures = vec![nothing; cases.len()];
    for case in cases.iter_mut() {
        case.run(10 * batch);
    }
    for turn in 0..turns {
        for place in 0..cases.len() {
            // 7 is not a divisor of a table's length, so that neighbours change, too.
            let at = (place + turn * 7) % cases.len();
            let before = counter.as_mut().map(Instructions::read);
            let start = Instant::now();
            cases[at].run(batch);
            let took = start.elapsed();
            let after = counter.as_mut().map(Instructions::read);
            let each = |total: f64| total / batch as f64;
            figures[at].nanoseconds.push(each(took.as_nanos() as f64));
            if let (Some(before), Some(after)) = (before, after) {
                figures[at].instructions.push(each((after - before) as f64));
            }
        }
    }
    figures
}
