//! Trees as YAML, in the part of it that YAML 1.1 and 1.2 read alike.
//!
//! A text stands in double quotes with JSON's escapes, which YAML reads alike; none is ever
//! written plain, so none can turn into a number, a date, a truth value or a comment. Code is
//! a literal block, so that a reviewer reads it as it is, wherever a block can hold it.

use super::Node;
use std::fmt::Write;

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

/// Lines of comment. A control character in one, which could end the comment and begin
/// something else, becomes a space.
pub(in crate::outputs) fn comment(lines: &[String]) -> String {
    let mut out = String::new();
    for line in lines {
        let line = line.replace(|c: char| !is_printable(c), " ");
        out += format!("# {line}").trim_end();
        out.push('\n');
    }
    out
}

/// Writes a list or a map with entries; the first line is already indented where the block
/// is an item of a list.
fn block(out: &mut String, node: &Node, depth: usize, started: bool) {
    let indent = "  ".repeat(depth);
    let mut started = started;
    let mut start = |out: &mut String| {
        if !std::mem::take(&mut started) {
            out.push_str(&indent);
        }
    };
    match node {
        Node::List(items) => {
            for item in items {
                start(out);
                out.push_str("- ");
                match item {
                    Node::Map(_) | Node::List(_) if !item.is_empty() => {
                        block(out, item, depth + 1, true);
                    }
                    _ => value(out, item, depth + 1),
                }
            }
        }
        Node::Map(entries) => {
            for (key, item) in entries {
                start(out);
                if is_plain_key(key) {
                    out.push_str(key);
                } else {
                    out.push_str(&quoted(key));
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

/// Writes what follows a key or a dash, with the end of its line.
fn value(out: &mut String, node: &Node, depth: usize) {
    match node {
        Node::Code(code) if fits_block(code) => {
            out.push_str("|-\n");
            let indent = "  ".repeat(depth);
            for line in code.split('\n') {
                // No spaces at the end of a line, not even of an empty one.
                if !line.is_empty() {
                    out.push_str(&indent);
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
        Node::Text(text) | Node::Code(text) => out.push_str(&quoted(text)),
        Node::Number(number) => out.push_str(number),
        Node::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
        Node::List(_) => out.push_str("[]"),
        Node::Map(_) => out.push_str("{}"),
    }
}

/// A literal block keeps these texts as they are: one that starts with a space would change
/// its indentation, one that ends with a line break would lose it.
fn fits_block(code: &str) -> bool {
    !code.is_empty()
        && !code.starts_with([' ', '\n'])
        && !code.ends_with('\n')
        && code.chars().all(|c| c == '\n' || is_printable(c))
}

/// Keys that no reader takes for anything but a text.
fn is_plain_key(key: &str) -> bool {
    let is_word = key.starts_with(|c: char| c.is_ascii_alphabetic())
        && key
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/'));
    let values = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];
    is_word && !values.contains(&&*key.to_ascii_lowercase())
}

/// A text in double quotes that YAML 1.1, YAML 1.2 and JSON read alike.
pub(in crate::outputs) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    push_quoted(&mut out, text);
    out
}

/// The same at the end of another text.
pub(in crate::outputs) fn push_quoted(out: &mut String, text: &str) {
    out.push('"');
    let mut rest = text;
    // Almost all of a text needs no escape, so it is copied piece by piece.
    let is_plain = |byte: u8| matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\';
    while let Some(at) = rest.bytes().position(|byte| !is_plain(byte)) {
        let (plain, from) = rest.split_at(at);
        out.push_str(plain);
        let mut chars = from.chars();
        match chars.next() {
            Some('"') => out.push_str("\\\""),
            Some('\\') => out.push_str("\\\\"),
            Some('\n') => out.push_str("\\n"),
            Some(c) if is_printable(c) => out.push(c),
            // Beyond the basic plane everything is printable, so four digits are enough.
            Some(c) => {
                write!(out, "\\u{:04x}", u32::from(c)).expect("writing into a text does not fail");
            }
            None => {}
        }
        rest = chars.as_str();
    }
    out.push_str(rest);
    out.push('"');
}

/// True for what may stand in YAML as it is, line ends of YAML 1.1 and the byte order mark
/// left out, and what turns the text around it: who reviews a generated file should see what
/// Prometheus will read.
pub(in crate::outputs) fn is_printable(c: char) -> bool {
    !(c.is_control()
        || matches!(
            c,
            '\u{61c}'
                | '\u{200b}'
                | '\u{200e}'
                | '\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fffe}'
                | '\u{ffff}'
        ))
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
        assert_eq!(read(&text)["code"], json!("sum(x)\n\n  / sum(y)"));
        let two = documents(&[], &[node, Node::Text("---".into())]);
        assert_eq!(two.matches("\n---\n").count(), 1);
    }

    #[test]
    fn the_head_stays_a_comment() {
        let head = ["service a\nevil: true".to_owned(), "b\u{2028}c".to_owned()];
        assert_eq!(comment(&head), "# service a evil: true\n# b c\n");
    }

    #[test]
    fn any_text_survives() {
        for text in [
            "",
            "yes",
            "1e3",
            "2026-01-01",
            "a: b # c",
            "- x",
            "\"quoted\" 'both' \\ back",
            "line\nbreak\r\ttab",
            "{{ $value }} }}",
            "日本語 \u{1f980} é",
            "\u{0}\u{1b}\u{7f}\u{85}\u{9f}\u{2028}\u{feff}\u{ffff}",
            "&anchor *alias !tag %dir @at `tick`",
            " leading and trailing ",
            "...\n---\n",
        ] {
            let yaml: serde_norway::Value = serde_norway::from_str(&quoted(text)).unwrap();
            assert_eq!(yaml.as_str(), Some(text));
            assert_eq!(serde_json::from_str::<String>(&quoted(text)).unwrap(), text);
        }
    }

    proptest::proptest! {
        #[test]
        fn every_text_survives(key: String, text: String) {
            for value in [Node::Text(text.clone()), Node::Code(text.clone())] {
                let node = Node::map([(key.clone(), Node::list([value]))]);
                let read = read(&documents(&[], &[node]));
                proptest::prop_assert_eq!(read, json!({&*key: [&*text]}));
            }
        }
    }
}
