//! The burn-rate conditions of an SLO, as outputs other than our own rules write them down.

use super::Settings;
use crate::definition::Slo;
use slo_model::burn_rate::Condition;

/// The conditions of an SLO; those that could never fire are left out, because an error ratio is
/// never above 1.
pub(super) fn of(slo: &Slo, settings: &Settings) -> Vec<Condition> {
    let mut conditions = settings.conditions(slo);
    conditions.retain(|condition| condition.can_fire(slo.target));
    conditions
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::definition::{Identity, Sli};
    use slo_model::{Target, Window};

    fn factors(percent: f64, window: Window) -> Vec<String> {
        let slo = Slo {
            identity: Identity {
                service: "orders".into(),
                journey: "checkout".into(),
                endpoint: None,
                sli: "availability".into(),
            },
            sli: Sli::Availability,
            target: Target::percent(percent),
            window,
            owner: String::new(),
            runbook: String::new(),
            sources: Vec::new(),
        };
        let conditions = of(&slo, &Settings::default());
        conditions.iter().map(|c| c.factor.to_string()).collect()
    }

    #[test]
    fn only_what_can_fire_and_means_something() {
        assert_eq!(factors(99.9, Window::days(30)), ["14.4", "6", "3", "1"]);
        assert_eq!(factors(90.0, Window::days(30)), ["6", "3", "1"]);
        assert_eq!(factors(99.9, Window::days(7)), ["3.36", "1.4", "1", "1"]);
    }
}
