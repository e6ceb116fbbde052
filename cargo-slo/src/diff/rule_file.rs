//! Rule files: plain, or `PrometheusRule` objects for Kubernetes.
//!
//! A file may be from anybody. An alias is not a copy of what it names, and what is copied of a file
//! is bounded by its length, however often aliases name it.

use super::{SourceError, rules::Rule, side::Rules};
use crate::input::yaml::{At, Lines, Tree, Wrong, without_pairs};
use std::collections::BTreeMap;

/// More rules than these are not read: a file of the largest size has fewer, but for aliases.
const MAX_RULES: usize = 1_000_000;

/// More labels or annotations no rule has.
const MAX_LABELS: usize = 250;

/// What aliases may stand for where the file is short, in bytes.
const SLACK_BYTES: usize = 1 << 20;

/// Reads a rule file: plain, or `PrometheusRule` objects, one or several.
///
/// # Errors
/// If it is neither.
pub fn read_rules(source: &str, text: &str) -> Result<Rules, SourceError> {
    let text = without_pairs(text);
    let read = || {
        let tree = Tree::parse(Lines::new(source, &text), &text)?;
        let mut reader = Reader {
            rules: Rules::default(),
            seen: 0,
            bytes_left: text.len().saturating_add(SLACK_BYTES),
        };
        reader.file(&tree)?;
        Ok(reader.rules)
    };
    read().map_err(|wrong: Wrong| SourceError::Rules {
        location: wrong.location,
        what: wrong.message,
    })
}

struct Reader {
    rules: Rules,
    seen: usize,
    /// How much more may be copied.
    bytes_left: usize,
}

impl Reader {
    fn file(&mut self, tree: &Tree<'_>) -> Result<(), Wrong> {
        let mut is_any = false;
        for document in tree.documents() {
            // What a file ends with that separates documents.
            if document.text() == Some("") {
                continue;
            }
            is_any = true;
            let of_object = || document.get("spec")?.get("groups");
            let groups = document
                .get("groups")
                .filter(|groups| groups.text() != Some(""));
            let groups = groups
                .or_else(of_object)
                .ok_or_else(|| document.wrong("there are no groups of rules"))?;
            for group in list(groups, "groups")? {
                if let Some(rules) = group.get("rules") {
                    for rule in list(rules, "rules")? {
                        self.rule(rule)?;
                    }
                } else if !group.is_map() {
                    return Err(group.wrong("a group has a name and rules"));
                }
            }
        }
        match is_any {
            true => Ok(()),
            false => Err(Wrong::at(tree.file(), "there are no groups of rules")),
        }
    }

    fn rule(&mut self, rule: At<'_>) -> Result<(), Wrong> {
        self.seen += 1;
        if self.seen > MAX_RULES {
            return Err(rule.wrong(format!("there are more than {MAX_RULES} rules")));
        }
        let name = rule.text_of("record").or_else(|| rule.text_of("alert"));
        let (Some(name), Some(expr)) = (name, rule.text_of("expr")) else {
            return Err(rule.wrong("a rule has a name (`record`, `alert`) and an `expr`"));
        };
        if !Rule::is_ours(name) {
            return Ok(());
        }
        let rule = Rule {
            name: self.copied(name, rule)?,
            expr: self.copied(expr, rule)?,
            held_for: rule.text_of("for").map_or(0.0, seconds),
            labels: self.labels(rule, "labels")?,
            annotations: self.labels(rule, "annotations")?,
        };
        self.rules.add(rule);
        Ok(())
    }

    fn labels(&mut self, rule: At<'_>, key: &str) -> Result<BTreeMap<String, String>, Wrong> {
        let mut labels = BTreeMap::new();
        for (name, value) in rule.get(key).into_iter().flat_map(At::entries) {
            let (Some(name), Some(text)) = (name.text(), value.text()) else {
                return Err(value.wrong("labels and annotations are texts"));
            };
            if labels.len() == MAX_LABELS {
                return Err(value.wrong(format!("there are more than {MAX_LABELS} `{key}`")));
            }
            labels.insert(self.copied(name, value)?, self.copied(text, value)?);
        }
        Ok(labels)
    }

    fn copied(&mut self, text: &str, at: At<'_>) -> Result<String, Wrong> {
        self.bytes_left = self
            .bytes_left
            .checked_sub(text.len())
            .ok_or_else(|| at.wrong("aliases stand for more than the file is long"))?;
        Ok(text.to_owned())
    }
}

fn list<'a>(at: At<'a>, what: &str) -> Result<impl Iterator<Item = At<'a>>, Wrong> {
    // Nothing behind the key is none.
    match at.is_list() || at.text() == Some("") {
        true => Ok(at.items()),
        false => Err(at.wrong(format!("`{what}` is not a list"))),
    }
}

/// A duration of one unit in seconds.
fn seconds(text: &str) -> f64 {
    let unit = [("d", 86_400.0), ("h", 3600.0), ("m", 60.0), ("s", 1.0)];
    let seconds = unit
        .iter()
        .find_map(|(unit, seconds)| Some(text.strip_suffix(unit)?.parse::<f64>().ok()? * seconds));
    seconds.unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: &str = "{record: 'slo:x', expr: *a, labels: {slo: *a}, annotations: {b: *a}}";

    fn wrong(text: &str) -> String {
        read_rules("a.yaml", text).unwrap_err().to_string()
    }

    #[test]
    fn aliases_are_read_and_can_stand_for_no_more_than_the_file() {
        let text = format!("a: &a vector(1)\ngroups: [{{rules: [{RULE}]}}]");
        assert_eq!(read_rules("a.yaml", &text).unwrap().0.len(), 1);
        let long = "x".repeat(100_000);
        let many = format!("{RULE}, ").repeat(100);
        let text = format!("a: &a {long}\ngroups: [{{rules: [{many}]}}]");
        assert!(wrong(&text).contains("stand for more"));
    }

    #[test]
    fn rules_without_number_are_refused() {
        let rule = "&r {record: other, expr: x}";
        let rules = format!("&g {{rules: [{rule}{}]}}", ", *r".repeat(2000));
        let text = format!("groups: [{rules}{}]", ", *g".repeat(2000));
        assert!(wrong(&text).contains("more than 1000000 rules"));
        let labels: String = (0..300).map(|n| format!("l{n}: x, ")).collect();
        let text = format!("groups: [{{rules: [{{alert: SloX, expr: x, labels: {{{labels}}}}}]}}]");
        assert!(wrong(&text).contains("more than 250 `labels`"));
    }

    #[test]
    fn what_is_deep_is_refused() {
        for open in ["[", "{a: ", "- ", "? ", "[{", "&a [", "!!x ["] {
            let text = format!("groups: {}", open.repeat(200_000));
            assert!(wrong(&text).starts_with("a.yaml: these are not rules"));
        }
    }

    #[test]
    fn places_are_told() {
        let text = "groups:\n- rules:\n  - record: slo:x\n";
        let told = read_rules("a.yaml", text).unwrap_err().diagnostic();
        assert_eq!(told.location.unwrap().line, Some(3));
        for text in ["", "---\n", "# nothing\n"] {
            assert!(wrong(text).contains("no groups of rules"), "{text:?}");
        }
        for text in [
            "groups: []\n---\n",
            "groups:\n- name: a\n",
            "groups: [{rules: }]",
        ] {
            assert_eq!(read_rules("a.yaml", text).unwrap(), Rules::default());
        }
    }
}
