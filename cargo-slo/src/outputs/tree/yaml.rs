//! Trees as YAML, in the part of it that YAML 1.1 and 1.2 read alike.
//!
//! A text stands in double quotes; only words of a format are written plain, so no text can turn
//! into a number, a date, a truth value or a comment. Code is a literal block, so that a reviewer
//! reads it as it is, wherever a block can hold it.

use super::Node;
use crate::text::yaml::{comment, fits_block, push_quoted};

/// The trees as documents of one stream, below these lines of comment.
pub(in crate::outputs) fn documents(head: &[String], nodes: &[Node]) -> String {
    let mut out = comment(head);
    for (i, node) in nodes.iter().enumerate() {
        if i > 0 {
            out.push_str("---\n");
        }
        match node {
            Node::Map(_) | Node::List(_) if !node.is_empty() => block(&mut out, node, 0, false),
            _ => {
                inline(&mut out, node);
                out.push('\n');
            }
        }
    }
    out
}

/// A document of one list under a key, below these lines of comment. Each item is written as soon as
/// it is made, so a large document is never held as a tree.
pub(in crate::outputs) fn document_of_list(
    head: &[String],
    key: &'static str,
    items: impl IntoIterator<Item = Node>,
) -> String {
    let mut items = items.into_iter().peekable();
    let mut out = comment(head);
    out.push_str(key);
    out.push_str(match items.peek() {
        Some(_) => ":\n",
        None => ": []\n",
    });
    push_items(&mut out, items, 1);
    out
}

/// A map that ends in a list, below these lines of comment: first these entries, then the keys that
/// lead to the list, then its items, as [`written_items`] gives them for as many keys.
pub(in crate::outputs) fn document_with_list(
    head: &[String],
    entries: Node,
    keys: &[&'static str],
    items: &[&str],
) -> String {
    let mut out = documents(head, &[entries]);
    for (depth, key) in keys.iter().enumerate() {
        indent(&mut out, depth);
        out.push_str(key);
        out.push_str(":\n");
    }
    if items.iter().all(|items| items.is_empty()) {
        out.pop();
        out.push_str(" []\n");
    }
    out.extend(items.iter().copied());
    out
}

/// The items of a list that stands under as many keys, as YAML; nothing for no items.
pub(in crate::outputs) fn written_items(
    items: impl IntoIterator<Item = Node>,
    keys: usize,
) -> String {
    let mut out = String::new();
    push_items(&mut out, items, keys);
    out
}

fn push_items(out: &mut String, items: impl IntoIterator<Item = Node>, depth: usize) {
    for node in items {
        indent(out, depth);
        item(out, &node, depth);
    }
}

/// Writes a list or a map with entries; the first line is already indented where the block
/// is an item of a list.
fn block(out: &mut String, node: &Node, depth: usize, started: bool) {
    let mut started = started;
    let mut start = |out: &mut String| {
        if !std::mem::take(&mut started) {
            indent(out, depth);
        }
    };
    match node {
        Node::List(items) => {
            for node in items {
                start(out);
                item(out, node, depth);
            }
        }
        Node::Map(entries) => {
            for (key, item) in entries {
                start(out);
                if is_plain_key(key) {
                    out.push_str(key);
                } else {
                    push_quoted(out, key);
                }
                out.push(':');
                match item {
                    Node::Map(_) | Node::List(_) if !item.is_empty() => {
                        out.push('\n');
                        block(out, item, depth + 1, false);
                    }
                    _ => {
                        out.push(' ');
                        value(out, item, depth + 1);
                    }
                }
            }
        }
        _ => {}
    }
}

/// Writes an item of a list, whose line is already indented.
fn item(out: &mut String, node: &Node, depth: usize) {
    out.push_str("- ");
    match node {
        Node::Map(_) | Node::List(_) if !node.is_empty() => block(out, node, depth + 1, true),
        _ => value(out, node, depth + 1),
    }
}

fn indent(out: &mut String, depth: usize) {
    (0..depth).for_each(|_| out.push_str("  "));
}

/// Writes what follows a key or a dash, with the end of its line.
fn value(out: &mut String, node: &Node, depth: usize) {
    match node {
        Node::Code(code) if fits_block(code) => {
            out.push_str("|-\n");
            for line in code.split('\n') {
                // No spaces at the end of a line, not even of an empty one.
                if !line.is_empty() {
                    indent(out, depth);
                    out.push_str(line);
                }
                out.push('\n');
            }
        }
        _ => {
            inline(out, node);
            out.push('\n');
        }
    }
}

fn inline(out: &mut String, node: &Node) {
    match node {
        Node::Text(text) | Node::Code(text) => push_quoted(out, text),
        Node::Word(word) => out.push_str(word),
        Node::Number(number) => out.push_str(number),
        Node::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
        Node::List(_) => out.push_str("[]"),
        Node::Map(_) => out.push_str("{}"),
    }
}

/// Keys that no reader takes for anything but a text.
fn is_plain_key(key: &str) -> bool {
    let is_word = key.starts_with(|c: char| c.is_ascii_alphabetic())
        && key
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_-./".contains(&byte));
    let values = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];
    let is_long = key.len() > "false".len();
    is_word && (is_long || !values.iter().any(|value| value.eq_ignore_ascii_case(key)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn read(text: &str) -> Value {
        serde_norway::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
    }

    #[test]
    fn nested() {
        let inner = Node::map([("x", 1.into()), ("y", Node::list(["a", "b"]))]);
        let node = Node::map([
            ("off", Node::from(true)),
            ("cargo-slo/id", "1e3".into()),
            ("interval", Node::word("1m")),
            (
                "list",
                Node::List(vec![inner.clone(), Node::List(vec![inner])]),
            ),
            ("none", Node::List(Vec::new())),
            ("code", Node::Code("sum(x)\n\n  / sum(y)".into())),
        ]);
        let text = documents(
            &["first".into(), String::new()],
            std::slice::from_ref(&node),
        );
        let expected = r#"# first
#
"off": true
cargo-slo/id: "1e3"
interval: 1m
list:
  - x: 1
    "y":
      - "a"
      - "b"
  - - x: 1
      "y":
        - "a"
        - "b"
none: []
code: |-
  sum(x)

    / sum(y)
"#;
        assert_eq!(text, expected);
        let list = [node.clone(), Node::Text("a".into()), Node::Map(Vec::new())];
        for items in [&list[..], &[]] {
            let whole = Node::map([("groups", Node::List(items.to_vec()))]);
            assert_eq!(
                document_of_list(&["head".into()], "groups", items.to_vec()),
                documents(&["head".into()], &[whole])
            );
            let spec = Node::map([("groups", Node::List(items.to_vec()))]);
            let whole = Node::map([("kind", Node::word("x")), ("spec", spec)]);
            let (first, rest) = items.split_at(items.len() / 2);
            let parts = [first, rest].map(|items| written_items(items.to_vec(), 2));
            assert_eq!(
                document_with_list(
                    &["head".into()],
                    Node::map([("kind", Node::word("x"))]),
                    &["spec", "groups"],
                    &[&parts[0], &parts[1]]
                ),
                documents(&["head".into()], &[whole])
            );
        }
        assert_eq!(read(&text)["code"], json!("sum(x)\n\n  / sum(y)"));
        let two = documents(&[], &[node, Node::Text("---".into())]);
        assert_eq!(two.matches("\n---\n").count(), 1);
    }
}
