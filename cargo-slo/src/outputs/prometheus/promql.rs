//! Pieces of PromQL: selectors, durations, names.

use super::yaml;
use crate::definition::{Identity, Slo};

/// The counter that the SDK exports, as Prometheus calls it: `slo.events`, its dots turned
/// into underscores, with the ending of a counter.
const EVENTS: &str = "slo_events_total";

/// Selects the counted events of an SLO, all of them or those with one outcome.
pub(super) fn events(slo: &Slo, outcome: Option<&str>) -> String {
    let Identity {
        service,
        journey,
        endpoint,
        sli,
    } = &slo.identity;
    let mut matchers = vec![("job", &**service), ("slo_journey", journey)];
    matchers.extend(
        endpoint
            .as_deref()
            .map(|endpoint| ("slo_endpoint", endpoint)),
    );
    matchers.push(("slo_sli", sli));
    matchers.extend(outcome.map(|outcome| ("slo_outcome", outcome)));
    selector(EVENTS, &matchers)
}

/// Selects a recorded metric of an SLO by its identity, whatever its other labels are.
pub(super) fn recorded(metric: &str, slo: &Slo) -> String {
    selector(metric, &[("slo", &slo.identity.to_string())])
}

fn selector(metric: &str, matchers: &[(&str, &str)]) -> String {
    let matchers: Vec<_> = matchers
        .iter()
        .map(|(label, value)| format!("{label}={}", quoted(value)))
        .collect();
    format!("{metric}{{{}}}", matchers.join(","))
}

/// A text in double quotes; escapes are those of Go.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            c if yaml::is_printable(c) => out.push(c),
            // An expression stands in YAML as it is; see there for the four digits.
            c => out += &format!("\\u{:04x}", u32::from(c)),
        }
    }
    out.push('"');
    out
}

/// A duration in the largest unit that holds it without rest.
pub(super) fn duration(minutes: u32) -> String {
    match minutes {
        m if m.is_multiple_of(1440) => format!("{}d", m / 1440),
        m if m.is_multiple_of(60) => format!("{}h", m / 60),
        m => format!("{m}m"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_one_unit() {
        let all = [5, 30, 60, 120, 360, 1440, 4320, 90].map(duration);
        assert_eq!(all, ["5m", "30m", "1h", "2h", "6h", "1d", "3d", "90m"]);
    }

    #[test]
    fn texts_stay_inside_their_quotes() {
        let selector = selector("m", &[("job", "a\"} or up{b=\"\\\n\u{1}\u{2028}")]);
        assert_eq!(selector, r#"m{job="a\"} or up{b=\"\\\n\u0001\u2028"}"#);
    }
}
