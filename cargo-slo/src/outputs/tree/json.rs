//! Trees as JSON.

use super::Node;
use crate::text::json::compact;

/// The tree as a JSON text, indented by two spaces, with a line break at its end.
pub(in crate::outputs) fn json(node: &Node) -> String {
    let mut out = String::new();
    write(&mut out, node, 0);
    out.push('\n');
    out
}

fn write(out: &mut String, node: &Node, depth: usize) {
    match node {
        Node::Text(text) | Node::Code(text) => out.push_str(&compact(text)),
        Node::Number(number) => out.push_str(number),
        Node::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
        Node::List(items) if items.is_empty() => out.push_str("[]"),
        Node::Map(entries) if entries.is_empty() => out.push_str("{}"),
        Node::List(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                start_line(out, i, depth + 1);
                write(out, item, depth + 1);
            }
            end(out, depth, ']');
        }
        Node::Map(entries) => {
            out.push('{');
            for (i, (key, value)) in entries.iter().enumerate() {
                start_line(out, i, depth + 1);
                out.push_str(&compact(key));
                out.push_str(": ");
                write(out, value, depth + 1);
            }
            end(out, depth, '}');
        }
    }
}

fn start_line(out: &mut String, position: usize, depth: usize) {
    out.push_str(if position == 0 { "\n" } else { ",\n" });
    out.push_str(&"  ".repeat(depth));
}

fn end(out: &mut String, depth: usize, bracket: char) {
    out.push('\n');
    out.push_str(&"  ".repeat(depth));
    out.push(bracket);
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
