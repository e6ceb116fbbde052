//! In what two rules differ.

use super::{
    expression::{Tokens, milliseconds},
    rule::{Body, RuleKey},
};
use std::collections::{BTreeMap, BTreeSet};

/// Longest part of an expression, or text of a label, that is shown, in characters.
const MAX_SHOWN: usize = 60;

/// Words that are shown on both sides of what differs.
const CONTEXT: usize = 2;

/// A part of a rule that differs.
pub(super) struct Part {
    /// Which one: `expr`, `for`, `label NAME`, `annotation NAME`.
    pub(super) name: String,
    /// What it was, and what it is.
    values: [String; 2],
}

impl Part {
    /// The part with both values.
    pub(super) fn whole(&self) -> String {
        let [before, after] = &self.values;
        format!("{} {before} → {after}", self.name)
    }
}

/// Returns what differs: labels, expression, `for`, annotations.
pub(super) fn differences(before: (&RuleKey, &Body), after: (&RuleKey, &Body)) -> Vec<Part> {
    let mut parts = maps("label", &before.0.labels, &after.0.labels);
    let (before, after) = (before.1, after.1);
    if before.expr != after.expr {
        let words = [&before.expr, &after.expr].map(|expr| Tokens(expr).collect());
        parts.push(Part {
            name: "expr".to_owned(),
            values: around(words, spelt).map(|text| format!("`{text}`")),
        });
    }
    if before.held_for != after.held_for {
        parts.push(Part {
            name: "for".to_owned(),
            values: [before, after].map(|body| duration(body.held_for)),
        });
    }
    let [before, after] = [before, after].map(|body| body.annotations.iter().cloned().collect());
    parts.extend(maps("annotation", &before, &after));
    parts
}

/// How many labels differ.
pub(super) fn distance(before: &RuleKey, after: &RuleKey) -> usize {
    changed(&before.labels, &after.labels).count()
}

fn changed<'a>(
    before: &'a BTreeMap<String, String>,
    after: &'a BTreeMap<String, String>,
) -> impl Iterator<Item = &'a String> {
    let names: BTreeSet<_> = before.keys().chain(after.keys()).collect();
    names
        .into_iter()
        .filter(|name| before.get(*name) != after.get(*name))
}

fn maps(
    what: &str,
    before: &BTreeMap<String, String>,
    after: &BTreeMap<String, String>,
) -> Vec<Part> {
    let values = |before: Option<&String>, after: Option<&String>| match (before, after) {
        (Some(before), Some(after)) => {
            let words = [before, after].map(|text| text.split(' ').collect());
            around(words, |words| words.join(" ")).map(|text| format!("\"{text}\""))
        }
        one_of_them => {
            let shown = |text: Option<&String>| {
                text.map_or("none".to_owned(), |text| format!("\"{}\"", shortened(text)))
            };
            [shown(one_of_them.0), shown(one_of_them.1)]
        }
    };
    changed(before, after)
        .map(|name| Part {
            name: format!("{what} {name}"),
            values: values(before.get(name), after.get(name)),
        })
        .collect()
}

/// The words that differ, with a few of those around them.
fn around(words: [Vec<&str>; 2], join: impl Fn(&[&str]) -> String) -> [String; 2] {
    let [before, after] = &words;
    let start = before.iter().zip(after).take_while(|(a, b)| a == b).count();
    let rests = before[start..]
        .iter()
        .rev()
        .zip(after[start..].iter().rev());
    let end = rests.take_while(|(a, b)| a == b).count();
    let from = start.saturating_sub(CONTEXT);
    words.map(|words| {
        let to = words.len() - end.saturating_sub(CONTEXT);
        let middle = shortened(&join(&words[from..to]));
        let before = if from > 0 { "… " } else { "" };
        let after = if to < words.len() { " …" } else { "" };
        format!("{before}{middle}{after}")
    })
}

/// Words of an expression as people write them.
fn spelt(tokens: &[&str]) -> String {
    let mut text = String::new();
    for token in tokens {
        let is_operator = matches!(*token, "+" | "-" | "*" | "/" | "<" | ">");
        let is_word = token.starts_with(|c: char| c.is_alphanumeric());
        let is_apart = match text.chars().next_back() {
            None | Some(' ' | '(' | '[' | '{') => false,
            Some(',' | '+' | '-' | '*' | '/' | '<' | '>') => *token != "=",
            Some(')' | ']' | '}') => is_operator || is_word,
            Some(last) => is_operator || is_word && last.is_alphanumeric(),
        };
        if is_apart {
            text.push(' ');
        }
        match milliseconds(token) {
            Some(length) if token.ends_with("ms") => text += &duration(Some(length)),
            _ => text += token,
        }
    }
    text
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(MAX_SHOWN) {
        None => text.to_owned(),
        Some((at, _)) => format!("{}…", &text[..at]),
    }
}

/// As Prometheus writes it, in its largest whole unit.
fn duration(milliseconds: Option<u64>) -> String {
    let Some(milliseconds) = milliseconds else {
        return "unreadable".to_owned();
    };
    let units = [(3_600_000, "h"), (60_000, "m"), (1000, "s"), (1, "ms")];
    let whole = units
        .iter()
        .find(|(unit, _)| milliseconds > 0 && milliseconds.is_multiple_of(*unit));
    match whole {
        Some((unit, name)) => format!("{}{name}", milliseconds / unit),
        None => "0".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::rules::{expression::canonical, rule::Rule, rule::Rules};

    fn told(before: (&str, u64, &str), after: (&str, u64, &str)) -> Vec<String> {
        let [before, after] = [before, after].map(|(expr, held_for, note)| {
            let mut rules = Rules::default();
            rules.add(Rule {
                name: "SloX".to_owned(),
                expr: expr.to_owned(),
                held_for: Some(held_for),
                labels: BTreeMap::new(),
                annotations: [("note".to_owned(), note.to_owned())].into(),
            });
            rules.0.into_iter().next().unwrap()
        });
        let parts = differences((&before.0, &before.1), (&after.0, &after.1));
        parts.iter().map(Part::whole).collect()
    }

    #[test]
    fn each_part_is_named() {
        let told = told(
            ("x[1h] > 1", 0, "a"),
            ("x[2h] > 1", 90_000, &"b".repeat(99)),
        );
        assert_eq!(told.len(), 3, "{told:?}");
        assert_eq!(told[0], "expr `x[1h] > …` → `x[2h] > …`");
        assert_eq!(told[1], "for 0 → 90s");
        assert_eq!(
            told[2],
            format!("annotation note \"a\" → \"{}…\"", "b".repeat(60))
        );
    }

    #[test]
    fn what_is_around_is_left_out() {
        let parts = |one: &str, other: &str| {
            let words = [one, other].map(|expr| Tokens(expr).collect());
            around(words, spelt)
        };
        let [one, other] = parts("a + b + c + d + e", "a + b + x + y + d + e");
        assert_eq!((&*one, &*other), ("… b + c + d …", "… b + x + y + d …"));
        assert_eq!(parts("", "up"), ["", "up"]);
        assert_eq!(parts("up", "up up"), ["up", "up up"]);
        assert_eq!(
            parts("a{b=\"c\"}", "a{b=\"d\"}"),
            ["… b=\"c\"}", "… b=\"d\"}"]
        );
        let long = canonical(&format!("\"{}\"", "é".repeat(100)));
        assert_eq!(parts(&long, "1")[0].chars().count(), MAX_SHOWN + 1);
        let texts = [
            [("a".to_owned(), "the objective of 99.9% over 30d".to_owned())].into(),
            [("a".to_owned(), "the objective of 99.5% over 30d".to_owned())].into(),
        ];
        assert_eq!(
            maps("annotation", &texts[0], &texts[1])[0].whole(),
            "annotation a \"… objective of 99.9% over 30d\" → \"… objective of 99.5% over 30d\""
        );
    }
}
