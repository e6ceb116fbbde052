//! A rule file, as Prometheus reads it.

use crate::outputs::tree::{Node, document_of_list};
use std::borrow::Cow;

/// A rule file with the comments at its head.
#[derive(Debug)]
pub(super) struct RuleFile {
    pub(super) head: Vec<String>,
    pub(super) groups: Vec<Group>,
}

/// Rules that are evaluated one after the other at the same moment: a rule sees what those
/// before it recorded.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) name: String,
    pub(super) interval: &'static str,
    /// How long after the minute begins they are evaluated, in seconds, where that matters; only
    /// vmalert can be told.
    pub(super) after_seconds: Option<u32>,
    pub(super) rules: Vec<Rule>,
}

/// One rule.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) kind: Kind,
    /// Name of the recorded metric or of the alert.
    pub(super) name: String,
    pub(super) expr: String,
    pub(super) labels: Vec<(&'static str, String)>,
    pub(super) annotations: Vec<(&'static str, String)>,
}

/// What a rule does with its result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// It is stored under the rule's name.
    Record,
    /// People are told.
    Alert {
        /// How long there has to be a result before they are.
        held_for: Option<Cow<'static, str>>,
    },
}

/// How often rules are evaluated: minute counts are what their name says only then.
const INTERVAL: &str = "1m";

impl RuleFile {
    /// Its text, in YAML.
    pub(super) fn into_yaml(self) -> String {
        document_of_list(
            &self.head,
            "groups",
            self.groups.into_iter().map(Node::from),
        )
    }
}

impl Group {
    /// A group that is evaluated every minute.
    pub(super) fn new(name: String, rules: Vec<Rule>) -> Group {
        Group {
            name,
            interval: INTERVAL,
            after_seconds: None,
            rules,
        }
    }
}

impl Rule {
    /// A rule that records a metric with these labels.
    pub(super) fn record(
        name: impl Into<String>,
        expr: String,
        labels: &[(&'static str, String)],
    ) -> Rule {
        Rule {
            kind: Kind::Record,
            name: name.into(),
            expr,
            labels: labels.to_vec(),
            annotations: Vec::new(),
        }
    }
}

impl From<Group> for Node {
    fn from(group: Group) -> Node {
        let start = Node::map([
            ("name", Node::from(group.name)),
            ("interval", Node::word(group.interval)),
        ]);
        let offset = group
            .after_seconds
            .map(|n| Node::Word(format!("{n}s").into()));
        // Without it, a query of now is answered as of half a minute ago.
        let params = offset
            .is_some()
            .then(|| Node::map([("nocache", Node::list(["1"]))]));
        start
            .and("eval_offset", offset)
            .and("params", params)
            .and("rules", Some(Node::list(group.rules)))
    }
}

impl From<Rule> for Node {
    fn from(rule: Rule) -> Node {
        let (kind, held_for) = match rule.kind {
            Kind::Record => ("record", None),
            Kind::Alert { held_for } => ("alert", held_for),
        };
        let texts = |texts: Vec<(&'static str, String)>| {
            let texts = texts.into_iter().map(|(key, text)| (key, text.into()));
            Some(Node::map(texts)).filter(|map| !map.is_empty())
        };
        let entries = [
            Some((kind, rule.name.into())),
            Some(("expr", Node::Code(rule.expr))),
            held_for.map(|time| ("for", Node::Word(time))),
            texts(rule.labels).map(|labels| ("labels", labels)),
            texts(rule.annotations).map(|annotations| ("annotations", annotations)),
        ];
        Node::map(entries.into_iter().flatten())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_stays_a_comment() {
        let file = RuleFile {
            head: vec!["service a\ngroups: [evil]".into(), String::new()],
            groups: Vec::new(),
        };
        assert_eq!(
            file.into_yaml(),
            "# service a\\ngroups: [evil]\n#\ngroups: []\n"
        );
    }

    #[test]
    fn expressions_are_blocks_and_times_are_plain() {
        let record = Rule::record(
            "a:b:c",
            "sum(x)\n/\nsum(y)".into(),
            &[("slo", "a#b".into())],
        );
        let alert = Rule {
            kind: Kind::Alert {
                held_for: Some("5m".into()),
            },
            ..Rule::record("SloX", "up".into(), &[])
        };
        let file = RuleFile {
            head: Vec::new(),
            groups: vec![Group::new("g".into(), vec![record, alert])],
        };
        let expected = r#"groups:
  - name: "g"
    interval: 1m
    rules:
      - record: "a:b:c"
        expr: |-
          sum(x)
          /
          sum(y)
        labels:
          slo: "a#b"
      - alert: "SloX"
        expr: |-
          up
        for: 5m
"#;
        assert_eq!(file.into_yaml(), expected);
    }
}
