//! A rule file, as Prometheus reads it.

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

impl Group {
    /// A group that is evaluated every minute.
    pub(super) fn new(name: String, rules: Vec<Rule>) -> Group {
        Group {
            name,
            interval: INTERVAL,
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
