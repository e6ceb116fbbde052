//! In what two rules differ.

use super::{
    expression::{Tokens, milliseconds},
    rule::{Body, RuleKey},
};
use std::collections::{BTreeMap, BTreeSet};

/// Longest part of an expression, or text of a label, that is shown, in characters.
const MAX_SHOWN: usize = 60;

/// Words of an expression that are shown on both sides of what differs.
const CONTEXT: usize = 2;

/// Returns what differs, a phrase for each part: labels, expression, `for`, annotations.
pub(super) fn differences(before: (&RuleKey, &Body), after: (&RuleKey, &Body)) -> Vec<String> {
    let mut parts = maps("label", &before.0.labels, &after.0.labels);
    let (before, after) = (before.1, after.1);
    if before.expr != after.expr {
        let [one, other] = expressions(&before.expr, &after.expr);
        parts.push(format!("expr `{one}` → `{other}`"));
    }
    if before.held_for != after.held_for {
        let [one, other] = [before, after].map(|body| duration(body.held_for));
        parts.push(format!("for {one} → {other}"));
    }
    parts.extend(maps("annotation", &before.annotations, &after.annotations));
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
) -> Vec<String> {
    let shown = |text: Option<&String>| {
        text.map_or("none".to_owned(), |text| format!("\"{}\"", shortened(text)))
    };
    changed(before, after)
        .map(|name| {
            let (one, other) = (before.get(name), after.get(name));
            format!("{what} {name} {} → {}", shown(one), shown(other))
        })
        .collect()
}

/// The parts of two expressions that differ, with a little of what is around them.
fn expressions(before: &str, after: &str) -> [String; 2] {
    let [before, after]: [Vec<_>; 2] = [before, after].map(|expr| Tokens(expr).collect());
    let alike = before.iter().zip(&after).take_while(|(a, b)| a == b);
    let start = alike.count();
    let rests = before[start..]
        .iter()
        .rev()
        .zip(after[start..].iter().rev());
    let end = rests.take_while(|(a, b)| a == b).count();
    let from = start.saturating_sub(CONTEXT);
    [before, after].map(|tokens| {
        let to = tokens.len().saturating_sub(end.saturating_sub(CONTEXT));
        let middle = shortened(&spelt(&tokens[from..to]));
        let before = if from > 0 { "… " } else { "" };
        let after = if to < tokens.len() { " …" } else { "" };
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
        differences((&before.0, &before.1), (&after.0, &after.1))
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
        let [one, other] = expressions("a + b + c + d + e", "a + b + x + y + d + e");
        assert_eq!((&*one, &*other), ("… b + c + d …", "… b + x + y + d …"));
        let [one, other] = expressions("", "up");
        assert_eq!((&*one, &*other), ("", "up"));
        let [one, other] = expressions("up", "up up");
        assert_eq!((&*one, &*other), ("up", "up up"));
        let canonical = canonical(&format!("\"{}\"", "é".repeat(100)));
        assert_eq!(
            expressions(&canonical, "1")[0].chars().count(),
            MAX_SHOWN + 1
        );
    }
}
