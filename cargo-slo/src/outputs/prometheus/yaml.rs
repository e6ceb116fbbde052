//! Writes rule files as YAML.
//!
//! The structure is fixed, so only texts need care. Each is written in double quotes;
//! expressions are literal blocks, so that a reviewer reads them as they are (texts inside
//! them have PromQL's escapes). No text is ever written plain: none can turn into a number, a
//! date, a truth value or a comment.

use super::file::{Group, Kind, Rule, RuleFile};
use crate::text::yaml::{comment, push_quoted};
use std::fmt::Write;

/// The text of a rule file.
pub(super) fn write(file: &RuleFile) -> String {
    let rules = file.groups.iter().flat_map(|group| &group.rules);
    // A rule is about its expression, once more in labels and annotations.
    let size = rules.map(|rule| 2 * rule.expr.len() + 300).sum();
    let mut out = String::with_capacity(size);
    out += &comment(&file.head);
    write_groups(&mut out, &file.groups);
    out.shrink_to_fit();
    out
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
    out.push_str("  - name: ");
    push_quoted(out, &group.name);
    push(
        out,
        format_args!("\n    interval: {}\n    rules:\n", group.interval),
    );
    for rule in &group.rules {
        write_rule(out, rule);
    }
}

fn write_rule(out: &mut String, rule: &Rule) {
    out.push_str(match rule.kind {
        Kind::Record => "      - record: ",
        Kind::Alert { .. } => "      - alert: ",
    });
    push_quoted(out, &rule.name);
    out.push_str("\n        expr: |-\n");
    for line in rule.expr.lines() {
        out.push_str("          ");
        out.push_str(line);
        out.push('\n');
    }
    if let Kind::Alert {
        held_for: Some(held_for),
    } = &rule.kind
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
        out.push_str("          ");
        // Label names are plain words, but for those of UTF-8.
        if key.contains('.') {
            push_quoted(out, key);
        } else {
            out.push_str(key);
        }
        out.push_str(": ");
        push_quoted(out, value);
        out.push('\n');
    }
}

fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    out.write_fmt(text)
        .expect("writing into a text does not fail");
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
            write(&file),
            "# service a\\ngroups: [evil]\n#\ngroups: []\n"
        );
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
