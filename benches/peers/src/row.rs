//! What one case costs, and the same as a line between two programs.

use slo_benches::{measure::Spread, table::Allocations};

/// What one case adds to a request without any layer.
#[derive(Clone, Debug)]
pub struct Row {
    /// How the case is called on the command line.
    pub key: String,
    /// How it is called in the table.
    pub name: String,
    /// All of a request, in nanoseconds; the range is that of the rounds.
    pub total: Spread,
    /// Nanoseconds added.
    pub added: Spread,
    /// Instructions added.
    pub instructions: f64,
    /// Allocations added.
    pub allocations: Allocations,
}

impl Row {
    /// One line, its parts separated by tabs.
    pub fn line(&self) -> String {
        let Row {
            total,
            added,
            allocations,
            ..
        } = self;
        let numbers = [
            total.median,
            total.low,
            total.high,
            added.median,
            added.low,
            added.high,
            self.instructions,
            allocations.count,
            allocations.bytes,
        ];
        let numbers = numbers.map(|number| format!("\t{number}")).concat();
        format!("{}\t{}{numbers}", self.key, self.name)
    }

    /// The row of a line; `None` if it is none.
    pub fn of_line(line: &str) -> Option<Row> {
        let mut parts = line.split('\t');
        let (key, name) = (parts.next()?.to_owned(), parts.next()?.to_owned());
        let mut number = || parts.next()?.parse::<f64>().ok();
        let mut spread = || {
            Some(Spread {
                median: number()?,
                low: number()?,
                high: number()?,
            })
        };
        let (total, added) = (spread()?, spread()?);
        Some(Row {
            key,
            name,
            total,
            added,
            instructions: number()?,
            allocations: Allocations {
                count: number()?,
                bytes: number()?,
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_comes_back_from_its_line() {
        let spread = |median| Spread {
            median,
            low: 0.5,
            high: f64::NAN,
        };
        let row = Row {
            key: "none".to_owned(),
            name: "no layer".to_owned(),
            total: spread(570.25),
            added: spread(0.0),
            instructions: -3.0,
            allocations: Allocations {
                count: 17.0,
                bytes: 392.0,
            },
        };
        let back = Row::of_line(&row.line()).expect("it was just written");
        assert_eq!(format!("{row:?}"), format!("{back:?}"));
        assert!(Row::of_line("none\tno layer\t1").is_none());
    }
}
