//! What an approval is bound to.

use super::Slo;
use crate::text::hash::fnv1a;

/// Returns the hash of what an SLO promises, as 16 hexadecimal digits: FNV-1a (64 bits) of its SLI,
/// its target in parts per billion, its threshold in nanoseconds and its window, with a space
/// between them.
///
/// Owner, title and place in the source are not in it: who approved a value approved the value.
pub fn value_hash(slo: &Slo) -> String {
    let threshold = slo.sli.threshold();
    let value = format!(
        "{} {} {} {}",
        slo.identity.sli,
        slo.target.ppb(),
        threshold.map_or(0, |threshold| threshold.as_nanos()),
        slo.window,
    );
    format!("{:016x}", fnv1a(value.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::definition::{Identity, Sli};
    use slo_model::{Target, Window};

    #[test]
    fn a_value_has_one_hash_and_another_value_another() {
        let slo = |percent, days, owner: &str| Slo {
            identity: Identity {
                service: "orders".into(),
                journey: "checkout".into(),
                endpoint: None,
                sli: "availability".into(),
            },
            sli: Sli::Availability,
            target: Target::from_percent(percent),
            window: Window::days(days),
            owner: owner.into(),
            runbook: String::new(),
            formerly: Vec::new(),
            sources: Vec::new(),
        };
        let approved = value_hash(&slo(99.9, 30, "a"));
        assert_eq!(approved, value_hash(&slo(99.9, 30, "b")));
        assert_ne!(approved, value_hash(&slo(99.8, 30, "a")));
        assert_ne!(approved, value_hash(&slo(99.9, 28, "a")));
        assert_eq!(approved.len(), 16);
    }
}
