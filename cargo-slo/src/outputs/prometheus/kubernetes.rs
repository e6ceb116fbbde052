//! Rule files as objects that the Prometheus operator puts into its Prometheus.

use super::{file::RuleFile, yaml};
use crate::text::yaml::comment;
use std::fmt::Write;

/// A `PrometheusRule` of this name.
pub(super) fn write(name: &str, rules: &RuleFile) -> String {
    let mut out = comment(&rules.head);
    let name = object_name(name);
    write!(
        out,
        "apiVersion: monitoring.coreos.com/v1\n\
         kind: PrometheusRule\n\
         metadata:\n  name: \"{name}\"\n  labels:\n    app.kubernetes.io/managed-by: cargo-slo\n\
         spec:\n"
    )
    .expect("writing into a text does not fail");
    let mut groups = String::new();
    yaml::write_groups(&mut groups, &rules.groups);
    for line in groups.lines() {
        out += &format!("  {line}\n");
    }
    out
}

/// A name that Kubernetes takes for an object: lower-case letters, digits, `-` and `.` between
/// letters and digits, at most 253.
fn object_name(name: &str) -> String {
    let mut out = String::from("slo");
    let words = name
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty());
    for word in words {
        out.push('-');
        out += &word.to_ascii_lowercase();
    }
    out.truncate(253);
    out.truncate(out.trim_end_matches('-').len());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_objects() {
        for (name, expected) in [
            ("orders", "slo-orders"),
            ("Orders_v2.1@shop", "slo-orders-v2-1-shop"),
            ("日本", "slo"),
            ("slo-universal", "slo-slo-universal"),
        ] {
            assert_eq!(object_name(name), expected);
        }
        let long = object_name(&"a-".repeat(200));
        assert!(long.len() <= 253 && !long.ends_with('-'), "{long}");
    }
}
