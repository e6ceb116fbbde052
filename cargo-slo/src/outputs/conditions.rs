//! The burn-rate conditions of an SLO, as outputs other than our own rules write them down.

use super::Settings;
use slo_model::{Target, Window, burn_rate::Condition};

/// The conditions of an objective over a window; those that could never fire are left out,
/// because an error ratio is never above 1.
pub(super) fn of(target: Target, window: Window, settings: &Settings) -> Vec<Condition> {
    let conditions = settings.scaling.conditions(window).into_iter();
    conditions
        .filter(|condition| condition.can_fire(target))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn factors(percent: f64, window: Window) -> Vec<String> {
        let conditions = of(Target::percent(percent), window, &Settings::default());
        conditions.iter().map(|c| c.factor.to_string()).collect()
    }

    #[test]
    fn only_what_can_fire_and_means_something() {
        assert_eq!(factors(99.9, Window::days(30)), ["14.4", "6", "3", "1"]);
        assert_eq!(factors(90.0, Window::days(30)), ["6", "3", "1"]);
        assert_eq!(factors(99.9, Window::days(7)), ["3.36", "1.4", "1", "1"]);
    }
}
