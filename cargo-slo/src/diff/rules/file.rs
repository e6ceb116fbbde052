//! Rule files: plain, as objects of Kubernetes, as a ruler gives them back, in YAML or JSON.
//!
//! A file may be from anybody. An alias is not a copy of what it names, and what is copied of a file
//! is bounded by its length, however often aliases name it.

use super::{
    document::{Document, document, may_be_ours, may_be_rules},
    expression::milliseconds,
    rule::{Rule, Rules},
};
use crate::{
    diff::SourceError,
    input::yaml::{At, Lines, Tree, Wrong, without_pairs},
};
use std::collections::BTreeMap;

/// More rules and objects than these are not read: a file of the largest size has fewer, but for
/// aliases.
const MAX_RULES: usize = 1_000_000;

/// More labels or annotations no rule has.
const MAX_LABELS: usize = 250;

/// What aliases may stand for where the file is short, in bytes.
const SLACK_BYTES: usize = 1 << 20;

/// Reads a rule file: documents with groups, objects of Kubernetes that hold rules
/// (`PrometheusRule`, `VMRule`, `ConfigMap`, lists of these), or what a ruler gives back. Other
/// objects among them are passed over.
///
/// # Errors
/// If nothing in it holds rules.
pub fn read_rules(source: &str, text: &str) -> Result<Rules, SourceError> {
    read(source, text, false)
}

/// Reads what a ruler answers, which has no rules where nobody has set any.
///
/// # Errors
/// If these are not rules.
pub fn read_ruler(source: &str, text: &str) -> Result<Rules, SourceError> {
    read(source, text, true)
}

fn read(source: &str, text: &str, may_be_empty: bool) -> Result<Rules, SourceError> {
    let read = || {
        let mut reader = Reader {
            rules: Rules::default(),
            seen: 0,
            bytes_left: text.len().saturating_add(SLACK_BYTES),
        };
        match reader.text(source, text, Within::File)? || may_be_empty {
            true => Ok(reader.rules),
            false => Err(Wrong::at(
                crate::diagnostics::Location::file(source),
                "there are no groups of rules",
            )),
        }
    };
    read().map_err(|wrong: Wrong| SourceError::Rules {
        location: wrong.location,
        what: wrong.message,
    })
}

/// Where a text stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    File,
    ConfigMap,
}

struct Reader {
    rules: Rules,
    seen: usize,
    /// How much more may be copied.
    bytes_left: usize,
}

impl Reader {
    /// Reads a text; true if anything in it holds rules.
    fn text(&mut self, source: &str, text: &str, within: Within) -> Result<bool, Wrong> {
        let text = without_pairs(text);
        let tree = Tree::parse(Lines::new(source, &text), &text)?;
        let mut is_any = false;
        for document in tree.documents() {
            is_any |= self.document(document, source, within)?;
        }
        Ok(is_any)
    }

    fn document(&mut self, at: At<'_>, source: &str, within: Within) -> Result<bool, Wrong> {
        self.count(at)?;
        let mut is_any = false;
        match document(at)? {
            Document::Groups(groups) => {
                self.groups(groups)?;
                is_any = true;
            }
            Document::Namespaces => {
                for (_, groups) in at.entries() {
                    self.groups(groups)?;
                }
                is_any = true;
            }
            Document::List(items) => {
                for item in items.items() {
                    is_any |= self.document(item, source, within)?;
                }
            }
            Document::ConfigMap(data) if within == Within::File => {
                for (name, text) in data.entries() {
                    let (Some(name), Some(text)) = (name.text(), text.text()) else {
                        continue;
                    };
                    self.count(at)?;
                    is_any |= may_be_rules(text);
                    // Files of others may be anything.
                    if may_be_rules(text) && may_be_ours(text) {
                        // Read as often as it is named, so that counts, too.
                        let text = self.copied(text, at)?;
                        let place = format!("{source} ({name})");
                        self.text(&place, &text, Within::ConfigMap)?;
                    }
                }
            }
            Document::ConfigMap(_) | Document::Other => {}
        }
        Ok(is_any)
    }

    fn groups(&mut self, groups: At<'_>) -> Result<(), Wrong> {
        for group in list(groups, "groups")? {
            self.count(group)?;
            if let Some(rules) = group.get("rules") {
                for rule in list(rules, "rules")? {
                    self.rule(rule)?;
                }
            } else if !group.is_map() {
                return Err(group.wrong("a group has a name and rules"));
            }
        }
        Ok(())
    }

    fn count(&mut self, at: At<'_>) -> Result<(), Wrong> {
        self.seen += 1;
        match self.seen > MAX_RULES {
            true => Err(at.wrong(format!("there are more than {MAX_RULES} rules"))),
            false => Ok(()),
        }
    }

    fn rule(&mut self, rule: At<'_>) -> Result<(), Wrong> {
        self.count(rule)?;
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
            held_for: rule.text_of("for").map_or(Some(0), milliseconds),
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

    fn in_config_map(text: &str) -> String {
        let text = text.replace('\n', "\n    ");
        format!("kind: ConfigMap\ndata:\n  rules.yaml: |\n    {text}\n")
    }

    #[test]
    fn lists_hold_rules_among_other_objects() {
        let rules = "groups: [{rules: [{record: 'slo:x', expr: y}]}]";
        let object = format!("kind: PrometheusRule\n  spec: {{{rules}}}");
        let files = in_config_map(rules).replace('\n', "\n  ");
        let list = format!(
            "kind: List\nitems:\n- {object}\n- {files}\n- kind: Service\n  spec: {{ports: []}}\n"
        );
        let plain = read_rules("a.yaml", rules).unwrap();
        for text in [
            &*list,
            &format!("{list}---\nkind: Service\n"),
            &in_config_map(rules),
            &format!("shop: {}\n", rules.replace("groups: [{", "[{name: a, ")),
            &format!("kind: VMRule\nspec: {{{rules}}}\nstatus: {{groups: 7}}\n"),
            r#"{"kind": "List", "items": [{"kind": "PrometheusRule", "spec": {"groups":
                [{"rules": [{"record": "slo:x", "expr": "y"}]}]}}]}"#,
        ] {
            assert_eq!(read_rules("a.yaml", text).unwrap(), plain, "{text}");
        }
        assert_eq!(read_ruler("a", "{}").unwrap(), Rules::default());
        assert!(read_ruler("a", "a: b").is_err());
        for text in ["kind: Service", "kind: List\nitems: []", "{}"] {
            assert!(wrong(text).contains("no groups of rules"), "{text}");
        }
    }

    #[test]
    fn files_of_others_in_a_config_map_are_passed_over() {
        let others = in_config_map("groups: {{ not yaml }} [");
        assert_eq!(read_rules("a.yaml", &others).unwrap(), Rules::default());
        let broken = in_config_map("groups: [{rules: [{record: 'slo:x'}]}]");
        let told = wrong(&broken);
        assert!(
            told.starts_with("a.yaml (rules.yaml): these are not rules"),
            "{told}"
        );
        // One within another is only a text.
        let within = in_config_map(&in_config_map("groups: 'slo:'"));
        assert_eq!(read_rules("a.yaml", &within).unwrap(), Rules::default());
    }

    #[test]
    fn lists_within_lists_have_an_end() {
        let mut text = "a0: &a0 {kind: List, items: []}\n".to_owned();
        for n in 1..60 {
            let item = format!("*a{}", n - 1);
            text += &format!("a{n}: &a{n} {{kind: List, items: [{item}, {item}]}}\n");
        }
        text += "kind: List\nitems: [*a59]\n";
        assert!(wrong(&text).contains("more than 1000000 rules"));
        let file = "x".repeat(50_000);
        let text = format!(
            "a: &a \"groups: []  # slo: {file}\"\nkind: ConfigMap\ndata: {{{}}}",
            (0..100).map(|n| format!("f{n}: *a, ")).collect::<String>()
        );
        assert!(wrong(&text).contains("stand for more"));
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
