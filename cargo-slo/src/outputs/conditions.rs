//! The burn-rate conditions of an SLO, as outputs other than our own rules write them down.

use slo_model::{
    Decimal, Target, Window,
    burn_rate::{BurnRate, DEFAULT, Severity},
};

/// A condition that can fire.
#[derive(Clone, Copy, Debug)]
pub(super) struct Condition {
    /// How urgent it is.
    pub(super) severity: Severity,
    /// The window that shows it matters, in minutes.
    pub(super) long_minutes: u32,
    /// The window that shows it still goes on, in minutes.
    pub(super) short_minutes: u32,
    /// How many times the sustainable rate fires it, at least 1: below that the objective is
    /// kept.
    pub(super) factor: Decimal,
}

/// The conditions of an objective over a window; those that could never fire are left out,
/// because an error ratio is never above 1.
pub(super) fn of(target: Target, window: Window) -> Vec<Condition> {
    let conditions = DEFAULT.iter().map(|condition| Condition {
        severity: condition.severity,
        long_minutes: condition.long_minutes,
        short_minutes: condition.short_minutes,
        factor: factor(condition, window),
    });
    conditions
        .filter(|condition| condition.factor.times(target.budget()).is_below(1))
        .collect()
}

fn factor(condition: &BurnRate, window: Window) -> Decimal {
    if condition.fires_within_budget(window) {
        Decimal::new(1, 1)
    } else {
        condition.factor(window)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn factors(percent: f64, window: Window) -> Vec<String> {
        let conditions = of(Target::percent(percent), window);
        conditions.iter().map(|c| c.factor.to_string()).collect()
    }

    #[test]
    fn only_what_can_fire_and_means_something() {
        assert_eq!(factors(99.9, Window::days(30)), ["14.4", "6", "3", "1"]);
        assert_eq!(factors(90.0, Window::days(30)), ["6", "3", "1"]);
        assert_eq!(factors(99.9, Window::days(7)), ["3.36", "1.4", "1", "1"]);
    }
}
