//! What every object has.

use crate::outputs::{facts, tree::Node};

/// The longest `displayName`, and the longest description, in characters.
const DISPLAY_NAME: usize = 63;
const DESCRIPTION: usize = 1050;

/// An object of this kind.
pub(super) fn object(kind: &str, metadata: Node, spec: Node) -> Node {
    Node::map([
        ("apiVersion", "openslo/v1".into()),
        ("kind", kind.into()),
        ("metadata", metadata),
        ("spec", spec),
    ])
}

/// Its metadata, with these facts as annotations.
pub(super) fn metadata<K: AsRef<str>>(name: String, display: &str, notes: &[(K, String)]) -> Node {
    let annotations = notes
        .iter()
        .map(|(key, text)| (format!("{}{}", facts::PREFIX, key.as_ref()), text.clone()));
    Node::map([
        ("name", name.into()),
        ("displayName", display_name(display)),
        ("annotations", Node::texts(annotations)),
    ])
}

/// A name for people.
pub(super) fn display_name(text: &str) -> Node {
    facts::shortened(text, DISPLAY_NAME).into()
}

/// A description.
pub(super) fn description(text: &str) -> Node {
    facts::shortened(text, DESCRIPTION).into()
}
