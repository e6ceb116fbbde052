//! The counts as people read them, on a terminal of 80 columns.

use super::{EndpointCounts, SliCounts, Snapshot};
use slo_model::budget::Counts;
use std::fmt;

/// One block for each endpoint that has had an event, and a line for each that has not.
///
/// ```text
/// checkout/place-order                                        in flight 2
///   availability              1,203 good         3 bad     99.751 %
///   latency ≤ 500ms           1,190 good        13 bad     98.919 %
///   ok 1,203, client_error 17, server_error 3
/// checkout/cart               no event yet
/// without an annotation
///   /healthz                     12 good         0 bad         0 excluded
/// ```
impl fmt::Display for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for endpoint in &self.endpoints {
            endpoint.fmt(f)?;
        }
        if self.unannotated_outcomes.values().any(|o| o.total() > 0) {
            writeln!(f, "without an annotation")?;
            for (route, outcomes) in &self.unannotated_outcomes {
                writeln!(
                    f,
                    "  {} {:>9} good {:>9} bad {:>9} excluded",
                    padded(route, 25),
                    grouped(outcomes.good),
                    grouped(outcomes.bad),
                    grouped(outcomes.excluded)
                )?;
            }
        }
        if self.unclaimed > 0 {
            writeln!(f, "on the way to a handler    {}", grouped(self.unclaimed))?;
        }
        Ok(())
    }
}

/// As in the table of a [`Snapshot`].
impl fmt::Display for EndpointCounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = format!("{}/{}", self.journey(), self.name());
        if self.started == 0 {
            return writeln!(f, "{} no event yet", padded(&name, 27));
        }
        match self.in_flight() {
            0 => writeln!(f, "{name}")?,
            waiting => writeln!(f, "{} in flight {}", padded(&name, 59), grouped(waiting))?,
        }
        for sli in &self.slis {
            of_sli(f, sli, "  ", 25)?;
        }
        let results: Vec<String> = self
            .results()
            .filter(|(_, events)| *events > 0)
            .map(|(result, events)| format!("{} {}", result.as_str(), grouped(events)))
            .collect();
        if !results.is_empty() {
            writeln!(f, "  {}", results.join(", "))?;
        }
        for (consumer, slis) in &self.consumers {
            writeln!(f, "  consumer {consumer}")?;
            for sli in slis {
                of_sli(f, sli, "    ", 23)?;
            }
        }
        Ok(())
    }
}

fn of_sli(f: &mut fmt::Formatter<'_>, sli: &SliCounts, indent: &str, width: usize) -> fmt::Result {
    let name = match sli.threshold {
        Some(threshold) => format!("{} ≤ {threshold:?}", sli.name),
        None => sli.name.to_owned(),
    };
    writeln!(
        f,
        "{indent}{} {:>9} good {:>9} bad {:>11}",
        padded(&name, width),
        grouped(sli.counts.good),
        grouped(sli.counts.bad),
        share(sli.counts)
    )
}

/// The share of good events, rounded down: it is 100 % only where no event was bad.
fn share(counts: Counts) -> String {
    let valid = u128::from(counts.good) + u128::from(counts.bad);
    if valid == 0 {
        return "–".to_owned();
    }
    let thousandths = u128::from(counts.good) * 100_000 / valid;
    format!("{}.{:03} %", thousandths / 1000, thousandths % 1000)
}

/// A text with blanks up to a width.
fn padded(text: &str, width: usize) -> String {
    format!("{text:<width$}")
}

/// A number with its digits in threes.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_in_threes_and_shares_are_rounded_down() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1_000), "1,000");
        assert_eq!(grouped(u64::MAX), "18,446,744,073,709,551,615");
        let share = |good, bad| share(Counts { good, bad });
        assert_eq!(share(0, 0), "–");
        assert_eq!(share(1, 0), "100.000 %");
        assert_eq!(share(0, 1), "0.000 %");
        assert_eq!(share(u64::MAX, 1), "99.999 %");
        assert_eq!(share(1_203, 3), "99.751 %");
    }
}
