//! One value of a document.

use slo_model::Decimal;
use std::borrow::Cow;

/// A value of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::outputs) enum Node {
    /// Any text.
    Text(String),
    /// A text that people read as code, over several lines where the format lets it.
    Code(String),
    /// A word of the format itself, such as a kind or a length of time: nothing that is read from
    /// anywhere.
    Word(Cow<'static, str>),
    /// A number, as it is written.
    Number(String),
    /// A truth value.
    Bool(bool),
    /// Values in their order.
    List(Vec<Node>),
    /// Values under keys, in the order they are written.
    Map(Vec<(Cow<'static, str>, Node)>),
}

impl Node {
    /// Values under keys.
    pub(in crate::outputs) fn map<K: Into<Cow<'static, str>>>(
        entries: impl IntoIterator<Item = (K, Node)>,
    ) -> Node {
        Node::Map(
            entries
                .into_iter()
                .map(|(key, node)| (key.into(), node))
                .collect(),
        )
    }

    /// Texts under keys, the empty ones left out: an empty text says nothing.
    pub(in crate::outputs) fn texts<K: Into<Cow<'static, str>>, T: Into<String>>(
        entries: impl IntoIterator<Item = (K, T)>,
    ) -> Node {
        let entries = entries.into_iter().map(|(key, text)| (key, text.into()));
        Node::map(
            entries
                .filter(|(_, text)| !text.is_empty())
                .map(|(key, text)| (key, Node::Text(text))),
        )
    }

    /// Values in their order.
    pub(in crate::outputs) fn list<T: Into<Node>>(items: impl IntoIterator<Item = T>) -> Node {
        Node::List(items.into_iter().map(Into::into).collect())
    }

    /// A map with one more entry, where there is something to enter.
    #[must_use]
    pub(in crate::outputs) fn and(mut self, key: &'static str, node: Option<Node>) -> Node {
        if let (Node::Map(entries), Some(node)) = (&mut self, node) {
            entries.push((key.into(), node));
        }
        self
    }

    /// A word of the format itself.
    pub(in crate::outputs) fn word(word: &'static str) -> Node {
        Node::Word(word.into())
    }

    /// True for a list or a map without entries.
    pub(in crate::outputs) fn is_empty(&self) -> bool {
        match self {
            Node::List(items) => items.is_empty(),
            Node::Map(entries) => entries.is_empty(),
            _ => false,
        }
    }
}

impl From<&str> for Node {
    fn from(text: &str) -> Node {
        Node::Text(text.to_owned())
    }
}

impl From<String> for Node {
    fn from(text: String) -> Node {
        Node::Text(text)
    }
}

impl From<Decimal> for Node {
    fn from(number: Decimal) -> Node {
        Node::Number(number.to_string())
    }
}

impl From<u32> for Node {
    fn from(number: u32) -> Node {
        Node::Number(number.to_string())
    }
}

impl From<bool> for Node {
    fn from(truth: bool) -> Node {
        Node::Bool(truth)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_says_nothing_is_left_out() {
        let node = Node::texts([("owner", "team"), ("runbook", "")]).and("more", None);
        assert_eq!(node, Node::map([("owner", "team".into())]));
        assert!(!node.is_empty() && Node::texts([("a", "")]).is_empty());
    }
}
