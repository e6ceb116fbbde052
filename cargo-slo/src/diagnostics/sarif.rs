//! Findings for code scanners: one SARIF 2.1.0 document.

use super::{Change, Diagnostic, Edit, Level, Location, Method};
use crate::text::{
    json,
    sarif::{message, uri},
};
use serde_json::{Value, json};
use std::io::{self, Write};

/// What a scanner shows about a rule.
#[derive(Clone, Copy, Debug)]
pub struct RuleText<'a> {
    /// The name of the rule, which findings carry.
    pub name: &'a str,
    /// How bad its findings are.
    pub level: Level,
    /// What it finds, in one line.
    pub summary: &'a str,
    /// The whole text about it, Markdown.
    pub text: &'a str,
}

/// Writes findings as one document, with the rules that could have found some.
///
/// # Errors
/// If the stream can't be written to.
pub fn write(
    to: &mut dyn Write,
    findings: &[Diagnostic],
    rules: &[RuleText<'_>],
) -> io::Result<()> {
    let results: Vec<_> = findings
        .iter()
        .map(|finding| result(finding, rules))
        .collect();
    let rules: Vec<_> = rules.iter().map(rule).collect();
    let document = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "cargo-slo",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    json::write_pretty(&mut *to, &document)?;
    writeln!(to)
}

fn rule(rule: &RuleText<'_>) -> Value {
    json!({
        "id": rule.name,
        "shortDescription": {"text": rule.summary},
        "help": {"text": rule.text, "markdown": rule.text},
        "defaultConfiguration": {"level": rule.level.as_str()},
    })
}

fn result(finding: &Diagnostic, rules: &[RuleText<'_>]) -> Value {
    let mut text = finding.message.clone();
    for note in &finding.notes {
        text += &format!("\n{note}");
    }
    for change in &finding.changes {
        text += &format!("\nchange: {change}");
    }
    for help in &finding.help {
        text += &format!("\nhelp: {help}");
    }
    let mut result = json!({
        "level": finding.level.as_str(),
        "message": {"text": message(&text)},
    });
    if let Some(name) = finding.rule {
        result["ruleId"] = name.into();
        if let Some(index) = rules.iter().position(|rule| rule.name == name) {
            result["ruleIndex"] = index.into();
        }
    }
    let fixes: Vec<_> = finding.changes.iter().filter_map(fix).collect();
    if !fixes.is_empty() {
        result["fixes"] = fixes.into();
    }
    if let Some(place) = &finding.location {
        result["locations"] = json!([{"physicalLocation": physical(place)}]);
    }
    result
}

/// A change that only puts texts into the place of others: a scanner has no way to say more.
fn fix(change: &Change) -> Option<Value> {
    let replaced = |edit: &Edit| {
        let Method::Replace(range) = &edit.method else {
            return None;
        };
        Some(json!({
            "artifactLocation": {"uri": uri(&edit.file)},
            "replacements": [{
                "deletedRegion": {"byteOffset": range.start, "byteLength": range.len()},
                "insertedContent": {"text": edit.text},
            }],
        }))
    };
    let changes: Vec<_> = change.edits.iter().map(replaced).collect::<Option<_>>()?;
    Some(json!({"description": {"text": message(&change.does)}, "artifactChanges": changes}))
}

fn physical(place: &Location) -> Value {
    let mut physical = json!({"artifactLocation": {"uri": uri(&place.file)}});
    if let Some(line) = place.line {
        let mut region = json!({"startLine": line.max(1)});
        if let Some(column) = place.column {
            region["startColumn"] = column.into();
            region["endColumn"] = column.saturating_add(place.length.unwrap_or(1)).into();
        }
        physical["region"] = region;
    }
    physical
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_points_at_its_rule_and_place() {
        let rules = ["first", "second"].map(|name| RuleText {
            name,
            level: Level::Warning,
            summary: "s",
            text: "t",
        });
        let mut finding = Diagnostic::error("m")
            .at_location(Location::of_span("slo.toml", "a = 1\n", 4..5))
            .with_help("h");
        finding.rule = Some("second");
        let mut document = Vec::new();
        write(&mut document, &[finding], &rules).unwrap();
        let document: Value = serde_json::from_slice(&document).unwrap();
        let result = &document["runs"][0]["results"][0];
        assert_eq!(
            (&result["ruleId"], &result["ruleIndex"]),
            (&"second".into(), &1.into())
        );
        assert_eq!(result["message"]["text"], "m\nhelp: h");
        let region = &result["locations"][0]["physicalLocation"]["region"];
        assert_eq!(
            *region,
            json!({"startLine": 1, "startColumn": 5, "endColumn": 6})
        );
    }
}
