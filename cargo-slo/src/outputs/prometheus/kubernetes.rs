//! Rules as objects that an operator of Prometheus or VictoriaMetrics puts into its rulers.

use super::file::Group;
use crate::outputs::{
    Store,
    tree::{Node, document_with_list, written_items},
};

/// The keys that lead to the groups of an object.
const KEYS: [&str; 2] = ["spec", "groups"];

/// An object of this name, with groups that are [`written`]: a `PrometheusRule`, or a `VMRule` where
/// groups say what only vmalert knows.
pub(super) fn write(name: &str, head: &[String], groups: &[&str], store: Store) -> String {
    let (version, kind) = match store.shows_results_late() {
        true => ("operator.victoriametrics.com/v1beta1", "VMRule"),
        false => ("monitoring.coreos.com/v1", "PrometheusRule"),
    };
    let labels = Node::map([("app.kubernetes.io/managed-by", Node::word("cargo-slo"))]);
    let metadata = [("name", name.into()), ("labels", labels)];
    let object = Node::map([
        ("apiVersion", Node::word(version)),
        ("kind", Node::word(kind)),
        ("metadata", Node::map(metadata)),
    ]);
    document_with_list(head, object, &KEYS, groups)
}

/// Groups, as they stand in an object.
pub(super) fn written(groups: Vec<Group>) -> String {
    written_items(groups.into_iter().map(Node::from), KEYS.len())
}
