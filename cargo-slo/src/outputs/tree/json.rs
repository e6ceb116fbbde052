//! Trees as JSON.

use super::Node;
use crate::text::json::pretty;
use serde::{Serialize, Serializer, ser::Error};
use serde_json::value::RawValue;

/// The tree as a JSON text, indented by two spaces, with a line break at its end.
pub(in crate::outputs) fn json(node: &Node) -> String {
    let mut text = pretty(node);
    text.push('\n');
    text
}

impl Serialize for Node {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Node::Text(text) | Node::Code(text) => serializer.serialize_str(text),
            Node::Word(word) => serializer.serialize_str(word),
            // As it is written: a binary fraction would be another number.
            Node::Number(number) => serde_json::from_str::<&RawValue>(number)
                .map_err(S::Error::custom)?
                .serialize(serializer),
            Node::Bool(truth) => serializer.serialize_bool(*truth),
            Node::List(items) => serializer.collect_seq(items),
            Node::Map(entries) => {
                serializer.collect_map(entries.iter().map(|(key, value)| (key, value)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use slo_model::Decimal;

    #[test]
    fn indented_and_exact() {
        let node = Node::map([
            ("b", Decimal::new(1, 3).into()),
            (
                "a",
                Node::list([Node::Text("x".into()), true.into(), 7.into()]),
            ),
            ("none", Node::List(Vec::new())),
        ]);
        let expected = "{\n  \"b\": 0.333333333333,\n  \"a\": [\n    \"x\",\n    true,\n    7\n  ],\n  \"none\": []\n}\n";
        assert_eq!(json(&node), expected);
    }

    proptest::proptest! {
        #[test]
        fn every_text_survives(key: String, text: String) {
            let node = Node::map([(key.clone(), Node::Code(text.clone()))]);
            let read: serde_json::Value = serde_json::from_str(&json(&node)).unwrap();
            proptest::prop_assert_eq!(read, serde_json::json!({key: text}));
        }
    }
}
