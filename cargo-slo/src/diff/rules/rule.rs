//! Rules, and what they say about SLOs.

use super::expression::canonical;
use crate::diff::{Side, State};
use slo_model::{PPB, Target};
use std::collections::BTreeMap;

/// The rule that holds the objective of an SLO.
const OBJECTIVE: &str = "slo:objective:ratio";

/// A rule, wherever it stands.
pub(in crate::diff) struct Rule {
    /// The name of what it records, or of the alert.
    pub(in crate::diff) name: String,
    pub(in crate::diff) expr: String,
    /// How long it holds before it fires, in milliseconds; `None` if that is unreadable.
    pub(in crate::diff) held_for: Option<u64>,
    pub(in crate::diff) labels: BTreeMap<String, String>,
    pub(in crate::diff) annotations: BTreeMap<String, String>,
}

/// Rules by name and labels, with what they do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules(pub(super) BTreeMap<RuleKey, Body>);

/// What tells a rule from every other.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct RuleKey {
    /// The SLO it is about; nothing for rules about a service or about all.
    pub(super) slo: Option<String>,
    pub(super) name: String,
    pub(super) labels: BTreeMap<String, String>,
}

/// What a rule does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Body {
    /// The expression, in its canonical spelling.
    pub(super) expr: String,
    pub(super) held_for: Option<u64>,
    /// By name, in the order of the names: many rules are kept, and a map takes several times its
    /// texts.
    pub(super) annotations: Box<[(String, String)]>,
}

impl Rules {
    pub(in crate::diff) fn add(&mut self, rule: Rule) {
        let key = RuleKey {
            slo: rule.labels.get("slo").cloned(),
            name: rule.name,
            labels: rule.labels,
        };
        let body = Body {
            expr: canonical(&rule.expr),
            held_for: rule.held_for,
            annotations: rule.annotations.into_iter().collect(),
        };
        self.0.insert(key, body);
    }

    /// Adds others.
    pub fn merge(&mut self, other: Rules) {
        self.0.extend(other.0);
    }
}

impl Rule {
    /// True where it is one of ours: they are told by their names.
    pub(in crate::diff) fn is_ours(name: &str) -> bool {
        name.starts_with("slo:") || name.starts_with("Slo")
    }
}

/// Returns the side of a source that has rules: what its SLOs are stands in them, but for
/// thresholds.
pub fn from_rules(rules: Rules) -> Side {
    let mut slos: BTreeMap<String, State> = BTreeMap::new();
    for (key, body) in &rules.0 {
        let Some(slo) = &key.slo else { continue };
        // What only counts is of an SLO that had this name: others promise something.
        if key.name != OBJECTIVE && !key.labels.contains_key("slo_window") {
            continue;
        }
        let state = slos.entry(slo.clone()).or_default();
        if key.name == OBJECTIVE {
            state.target = body
                .expr
                .strip_prefix("vector(")
                .and_then(|rest| rest.split(')').next())
                .and_then(target);
        }
        if let Some(window) = key.labels.get("slo_window") {
            state.window = window.parse().ok();
        }
        if let Some(owner) = key.labels.get("slo_owner") {
            // Labels of alerts are templates, in which a brace is spelled out.
            state.owner = Some(owner.replace("{{ \"{\" }}", "{"));
        }
    }
    // Rules for all SLOs name none.
    let slos = (!slos.is_empty()).then_some(slos);
    Side {
        slos,
        rules: Some(rules),
        ..Side::default()
    }
}

/// A target from its ratio, `0.999`.
pub(in crate::diff) fn target(ratio: &str) -> Option<Target> {
    let ratio: f64 = ratio.parse().ok()?;
    if !(0.0..1.0).contains(&ratio) {
        return None;
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is between 0 and 1"
    )]
    let ppb = (ratio * f64::from(PPB)).round() as u32;
    Target::try_from_ppb(ppb)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::read_rules;

    const FILE: &str = r#"
groups:
- name: a
  rules:
  - record: slo:objective:ratio
    expr: vector(0.999)
    labels: {slo: "orders/checkout.availability"}
  - alert: SloErrorBudgetBurn
    expr: |-
      a
      and
      b
    for: 10m
    labels: {slo: "orders/checkout.availability", slo_window: 30d, slo_owner: team}
  - record: job:of_others
    expr: up
"#;

    #[test]
    fn rules_say_what_their_slos_are() {
        let side = from_rules(read_rules("a.yaml", FILE).unwrap());
        let state = &side.slos.unwrap()["orders/checkout.availability"];
        assert_eq!(state.target, Some(Target::from_percent(99.9)));
        assert_eq!(state.window, Some(slo_model::Window::DEFAULT));
        assert_eq!(state.owner.as_deref(), Some("team"));
        assert_eq!(state.threshold, None);
        assert_eq!(side.rules.unwrap().0.len(), 2);
    }

    #[test]
    fn objects_for_kubernetes_hold_the_same_rules() {
        let indented = FILE.trim().replace('\n', "\n  ");
        let object = format!("kind: PrometheusRule\nspec:\n  {indented}\n---\ngroups: []\n");
        assert_eq!(
            read_rules("a.yaml", &object).unwrap(),
            read_rules("b.yaml", FILE).unwrap()
        );
    }

    #[test]
    fn what_is_no_rule_file_is_told() {
        for text in ["a: b", "[]", "{", "groups: 7"] {
            let error = read_rules("a.yaml", text).unwrap_err();
            assert!(
                error.to_string().starts_with("a.yaml: these are not rules"),
                "{error}"
            );
        }
    }
}
