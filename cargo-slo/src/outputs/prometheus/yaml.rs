//! Writes rule files as YAML.
//!
//! The structure is fixed, so only texts need care. Each is written in double quotes with
//! JSON's escapes, which YAML reads alike; expressions are literal blocks, so that a reviewer
//! reads them as they are (texts inside them have PromQL's escapes). No text is ever written
//! plain: none can turn into a number, a date, a truth value or a comment.

use super::file::{Group, Kind, Rule, RuleFile};
use std::fmt::Write;

/// The text of a rule file.
pub(super) fn write(file: &RuleFile) -> String {
    let mut out = String::new();
    write_head(&mut out, &file.head);
    write_groups(&mut out, &file.groups);
    out
}

/// Comments.
pub(super) fn write_head(out: &mut String, head: &[String]) {
    for line in head {
        // A control character could end the comment and begin something else.
        let line = line.replace(|c: char| !is_printable(c), " ");
        *out += format!("# {line}").trim_end();
        out.push('\n');
    }
}

/// The key `groups` and all below it.
pub(super) fn write_groups(out: &mut String, groups: &[Group]) {
    if groups.is_empty() {
        *out += "groups: []\n";
        return;
    }
    *out += "groups:\n";
    for group in groups {
        write_group(out, group);
    }
}

fn write_group(out: &mut String, group: &Group) {
    push(out, format_args!("  - name: {}\n", quoted(&group.name)));
    push(out, format_args!("    interval: {}\n", group.interval));
    push(out, format_args!("    rules:\n"));
    for rule in &group.rules {
        write_rule(out, rule);
    }
}

fn write_rule(out: &mut String, rule: &Rule) {
    let kind = match rule.kind {
        Kind::Record => "record",
        Kind::Alert { .. } => "alert",
    };
    push(
        out,
        format_args!("      - {kind}: {}\n", quoted(&rule.name)),
    );
    out.push_str("        expr: |-\n");
    for line in rule.expr.lines() {
        push(out, format_args!("          {line}\n"));
    }
    if let Kind::Alert {
        held_for: Some(held_for),
    } = rule.kind
    {
        push(out, format_args!("        for: {held_for}\n"));
    }
    write_map(out, "labels", &rule.labels);
    write_map(out, "annotations", &rule.annotations);
}

fn write_map(out: &mut String, key: &str, map: &[(&'static str, String)]) {
    if map.is_empty() {
        return;
    }
    push(out, format_args!("        {key}:\n"));
    for (key, value) in map {
        push(
            out,
            format_args!("          {}: {}\n", written_key(key), quoted(value)),
        );
    }
}

/// Label names are plain words, but for those of UTF-8.
fn written_key(key: &str) -> String {
    if key.contains('.') {
        quoted(key)
    } else {
        key.to_owned()
    }
}

fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    out.write_fmt(text)
        .expect("writing into a text does not fail");
}

/// A text in double quotes that YAML 1.1, YAML 1.2 and JSON read alike.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            c if is_printable(c) => out.push(c),
            // Beyond the basic plane everything is printable, so four digits are enough.
            c => push(&mut out, format_args!("\\u{:04x}", u32::from(c))),
        }
    }
    out.push('"');
    out
}

/// True for what may stand in YAML as it is, line ends of YAML 1.1 and the byte order mark
/// left out.
pub(super) fn is_printable(c: char) -> bool {
    !(c.is_control()
        || matches!(
            c,
            '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
        ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: [&str; 14] = [
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
    ];

    #[test]
    fn any_text_survives() {
        for text in HOSTILE {
            let yaml: serde_norway::Value = serde_norway::from_str(&quoted(text)).unwrap();
            assert_eq!(yaml.as_str(), Some(text));
            assert_eq!(serde_json::from_str::<String>(&quoted(text)).unwrap(), text);
        }
    }

    proptest::proptest! {
        #[test]
        fn every_text_survives(text: String) {
            let yaml: serde_norway::Value = serde_norway::from_str(&quoted(&text)).unwrap();
            proptest::prop_assert_eq!(yaml.as_str(), Some(&*text));
        }
    }

    #[test]
    fn the_head_stays_a_comment() {
        let file = RuleFile {
            head: vec!["service a\ngroups: [evil]".into(), String::new()],
            groups: Vec::new(),
        };
        assert_eq!(write(&file), "# service a groups: [evil]\n#\ngroups: []\n");
    }

    #[test]
    fn expressions_are_blocks() {
        let rule = Rule::record(
            "a:b:c",
            "sum(x)\n/\nsum(y)".into(),
            &[("slo", "a#b".into())],
        );
        let mut out = String::new();
        write_rule(&mut out, &rule);
        let expected = "      - record: \"a:b:c\"
        expr: |-
          sum(x)
          /
          sum(y)
        labels:
          slo: \"a#b\"
";
        assert_eq!(out, expected);
    }
}
