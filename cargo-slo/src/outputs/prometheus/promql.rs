//! Pieces of PromQL: matchers, selectors, durations.

use crate::text::promql::quoted;

/// A label with this value.
pub(super) fn equals(label: &str, value: &str) -> String {
    format!("{label}={}", quoted(value))
}

/// A label with any other value, or without one.
pub(super) fn differs(label: &str, value: &str) -> String {
    format!("{label}!={}", quoted(value))
}

/// A label whose whole value this expression describes.
pub(super) fn matches(label: &str, regex: &str) -> String {
    format!("{label}=~{}", quoted(regex))
}

/// The matcher for a label that does not match a regular expression.
pub(super) fn matches_not(label: &str, regex: &str) -> String {
    format!("{label}!~{}", quoted(regex))
}

/// The series of a metric that all of these matchers let through.
pub(super) fn selector(metric: &str, matchers: &[String]) -> String {
    if matchers.is_empty() {
        return metric.to_owned();
    }
    let length: usize = matchers.iter().map(|matcher| matcher.len() + 1).sum();
    let mut out = String::with_capacity(metric.len() + length + 1);
    out.push_str(metric);
    for (i, matcher) in matchers.iter().enumerate() {
        out.push(if i == 0 { '{' } else { ',' });
        out.push_str(matcher);
    }
    out.push('}');
    out
}

/// A duration in the largest unit that holds it without rest.
pub(in crate::outputs) fn duration(minutes: u32) -> String {
    match minutes {
        m if m.is_multiple_of(1440) => format!("{}d", m / 1440),
        m if m.is_multiple_of(60) => format!("{}h", m / 60),
        m => format!("{m}m"),
    }
}

/// A range that holds just the samples of this many minutes, one a minute.
///
/// It is half a minute short of them, because Prometheus 2 counts the start of a range as a
/// part of it and Prometheus 3 does not: a range that starts between two samples is the same
/// in both.
pub(super) fn within(minutes: u32) -> String {
    in_units(minutes * 60 - 30)
}

fn in_units(seconds: u32) -> String {
    let parts = [
        (seconds / 86_400, 'd'),
        (seconds / 3600 % 24, 'h'),
        (seconds / 60 % 60, 'm'),
        (seconds % 60, 's'),
    ];
    let mut out = String::new();
    for (count, unit) in parts {
        if count > 0 {
            out += &format!("{count}{unit}");
        }
    }
    out
}

/// The longest range that is shorter than this many minutes: a sample from its start is in it
/// in no version of Prometheus.
pub(super) fn just_within(minutes: u32) -> String {
    format!("{}999ms", in_units(minutes * 60 - 1))
}

/// An expression with each of its lines two spaces further in.
pub(super) fn indented(expr: &str) -> String {
    let mut out = String::with_capacity(expr.len() + 32);
    for line in expr.lines() {
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str("  ");
        out.push_str(line);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::promql::regex_of;

    #[test]
    fn ranges_are_half_a_minute_short() {
        let all = [1, 5, 60, 120, 43_200].map(within);
        assert_eq!(all, ["30s", "4m30s", "59m30s", "1h59m30s", "29d23h59m30s"]);
        assert_eq!(just_within(43_200), "29d23h59m59s999ms");
    }

    #[test]
    fn durations_have_one_unit() {
        let all = [5, 30, 60, 120, 360, 1440, 4320, 90].map(duration);
        assert_eq!(all, ["5m", "30m", "1h", "2h", "6h", "1d", "3d", "90m"]);
    }

    #[test]
    fn texts_stay_inside_their_quotes() {
        let selector = selector("m", &[equals("job", "a\"} or up{b=\"\\\n\u{1}\u{2028}")]);
        assert_eq!(selector, r#"m{job="a\"} or up{b=\"\\\n\u0001\u2028"}"#);
    }

    #[test]
    fn texts_in_expressions_describe_themselves() {
        assert_eq!(matches("job", &regex_of("v2.1\"")), r#"job=~"v2\\.1\"""#);
    }
}
