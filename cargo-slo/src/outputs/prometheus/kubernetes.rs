//! Rule files as objects that the Prometheus operator puts into its Prometheus.

use super::file::RuleFile;
use crate::outputs::tree::{Node, documents};

/// A `PrometheusRule` of this name.
pub(super) fn write(name: &str, rules: RuleFile) -> String {
    let labels = Node::map([("app.kubernetes.io/managed-by", Node::word("cargo-slo"))]);
    let metadata = [("name", object_name(name).into()), ("labels", labels)];
    let object = Node::map([
        ("apiVersion", Node::word("monitoring.coreos.com/v1")),
        ("kind", Node::word("PrometheusRule")),
        ("metadata", Node::map(metadata)),
        ("spec", Node::map([("groups", Node::list(rules.groups))])),
    ]);
    documents(&rules.head, &[object])
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
