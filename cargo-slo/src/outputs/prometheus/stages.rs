//! Rules for a ruler that shows what it recorded only some seconds later, as vmalert does: it sends
//! results to the store and reads them back.
//!
//! Rules that use each other's results stand in groups of their own, a stage each, which are evaluated
//! one after the other within the same minute. The formulas stay what they are: a window is as long
//! as before, to half a minute, and all stages of an evaluation are in one minute of the hour.

use super::file::{Group, Kind, Rule};

/// How long after the first stage the second is evaluated, in seconds: by then a result has been
/// sent away (every 2 s) and can be found (2 s more). The marks up to which events are counted are
/// of this stage, and what is counted from the mark before would be lost.
const FIRST_SECONDS: u32 = 10;

/// How long each stage comes after the one before, in seconds. What is late here is in the next
/// minute's sum.
const NEXT_SECONDS: u32 = 5;

/// How far back a rule looks for what an earlier evaluation recorded, beyond every delay of a stage
/// and within a minute.
pub(super) const BEFORE: &str = "30s";

/// The rules of these groups, in stages. `name` is what their groups are called, with a number.
pub(super) fn staged(groups: Vec<Group>, name: &str) -> Vec<Group> {
    let rules: Vec<_> = groups.into_iter().flat_map(|group| group.rules).collect();
    let mut stages: Vec<usize> = Vec::with_capacity(rules.len());
    for (place, rule) in rules.iter().enumerate() {
        let used = rules[..place].iter().zip(&stages);
        let used = used.filter(|(earlier, _)| uses(rule, earlier));
        stages.push(used.map(|(_, stage)| stage + 1).max().unwrap_or(0));
    }
    let mut staged: Vec<Vec<Rule>> = Vec::new();
    for (rule, stage) in rules.into_iter().zip(stages) {
        staged.resize_with(staged.len().max(stage + 1), Vec::new);
        staged[stage].push(rule);
    }
    let staged = staged.into_iter().zip(0..);
    let groups = staged.map(|(rules, stage)| Group {
        after_seconds: Some(seconds(stage)),
        ..Group::new(format!("{name} {}", stage + 1), rules)
    });
    groups.collect()
}

/// When a stage is evaluated, after the minute begins.
fn seconds(stage: u32) -> u32 {
    match stage {
        0 => 0,
        stage => FIRST_SECONDS + NEXT_SECONDS * (stage - 1),
    }
}

/// True where a rule reads what an earlier one records.
fn uses(rule: &Rule, earlier: &Rule) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | ':');
    earlier.kind == Kind::Record
        && rule.expr.match_indices(&*earlier.name).any(|(at, name)| {
            let before = rule.expr[..at].chars().next_back();
            let after = rule.expr[at + name.len()..].chars().next();
            !before.is_some_and(is_part) && !after.is_some_and(is_part)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_comes_after_what_it_uses() {
        let rule = |name: &str, expr: &str| Rule::record(name, expr.to_owned(), &[]);
        let group = |name: &str, rules| Group::new(name.to_owned(), rules);
        let groups = vec![
            group(
                "g counts",
                vec![
                    rule("a", "x"),
                    rule("a:b", "a + 1"),
                    rule("c", "ba + a:b[1h]"),
                ],
            ),
            group("g", vec![rule("d", "vector(1)"), rule("e", "d > a")]),
        ];
        let staged = staged(groups, "g");
        let names: Vec<_> = staged
            .iter()
            .map(|group| {
                let rules: Vec<_> = group.rules.iter().map(|rule| &*rule.name).collect();
                (&*group.name, group.after_seconds, rules)
            })
            .collect();
        assert_eq!(
            names,
            [
                ("g 1", Some(0), vec!["a", "d"]),
                ("g 2", Some(10), vec!["a:b", "e"]),
                ("g 3", Some(15), vec!["c"]),
            ]
        );
    }
}
