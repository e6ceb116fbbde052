//! Rules of one side and those of the other.

use super::{
    parts::{Part, differences, distance},
    rule::{Body, RuleKey, Rules},
};
use crate::diff::{Change, Field};
use std::collections::{BTreeMap, BTreeSet};

/// What rules that name no SLO and no service are about.
const ALL: &str = "all services";

/// Rules with the same name are compared with each other where there are few of them.
const MAX_PAIRS: usize = 4096;

/// Where the rules of one SLO differ in more ways, only the parts are named: most of its rules follow
/// from one number.
const MAX_WHOLE: usize = 3;

type Rule<'a> = (&'a RuleKey, &'a Body);

/// What is known of the rules of one SLO, of one service, or of all.
#[derive(Default)]
struct About<'a> {
    missing: BTreeSet<&'a str>,
    /// By what differs.
    different: BTreeMap<String, BTreeSet<&'a str>>,
    /// The same by the names of the parts only.
    different_parts: BTreeMap<String, BTreeSet<&'a str>>,
    left_over: BTreeSet<&'a str>,
}

/// Returns a change for each SLO and each service with other rules, and one for the rules of all.
/// Rules with one name and other labels are the same rule where there is one on either side.
pub(in crate::diff) fn compare(
    before: &Rules,
    after: &Rules,
    is_ours: impl Fn(&str) -> bool,
) -> Vec<Change> {
    let names_of_all = after.0.keys().any(|key| subject(key) == ALL);
    let is_wanted = |subject: &str| match subject {
        ALL => names_of_all,
        slo => is_ours(slo),
    };
    let mut about: BTreeMap<&str, About<'_>> = BTreeMap::new();
    // Those without a counterpart of the same labels, by what they are about and their name.
    let mut single: BTreeMap<(&str, &str), [Vec<Rule<'_>>; 2]> = BTreeMap::new();
    for (key, body) in &after.0 {
        match before.0.get(key) {
            None => single.entry(place(key)).or_default()[1].push((key, body)),
            Some(other) if other != body => about
                .entry(subject(key))
                .or_default()
                .differ((key, other), (key, body)),
            Some(_) => {}
        }
    }
    for (key, body) in &before.0 {
        if !after.0.contains_key(key) && is_wanted(subject(key)) {
            single.entry(place(key)).or_default()[0].push((key, body));
        }
    }
    for ((subject, name), [before, after]) in single {
        let about = about.entry(subject).or_default();
        let (pairs, [before, after]) = paired(before, after);
        for (before, after) in pairs {
            about.differ(before, after);
        }
        if !after.is_empty() {
            about.missing.insert(name);
        }
        if !before.is_empty() {
            about.left_over.insert(name);
        }
    }
    let changes = about.into_iter().map(|(subject, about)| Change {
        details: about.details(),
        ..Change::of(subject, Field::Rules)
    });
    changes.collect()
}

impl<'a> About<'a> {
    fn differ(&mut self, before: Rule<'a>, after: Rule<'a>) {
        let parts = differences(before, after);
        let joined = |told: fn(&Part) -> String| {
            let told: Vec<_> = parts.iter().map(told).collect();
            told.join(" and ")
        };
        for (by, what) in [
            (&mut self.different, joined(Part::whole)),
            (&mut self.different_parts, joined(|part| part.name.clone())),
        ] {
            by.entry(what).or_default().insert(&after.0.name);
        }
    }

    fn details(self) -> Vec<String> {
        let list = |names: BTreeSet<&str>| names.into_iter().collect::<Vec<_>>().join(" ");
        let some = |word: &str, names: BTreeSet<&str>| {
            (!names.is_empty()).then(|| format!("{word} {}", list(names)))
        };
        let different = match self.different.len() > MAX_WHOLE {
            true => self.different_parts,
            false => self.different,
        };
        let different = different.into_iter();
        let different =
            different.map(|(what, names)| format!("different {} in {what}", list(names)));
        let missing = some("missing", self.missing).into_iter();
        missing
            .chain(different)
            .chain(some("left over", self.left_over))
            .collect()
    }
}

/// Pairs of rules whose labels differ least, and what has no counterpart.
fn paired<'a>(
    mut before: Vec<Rule<'a>>,
    mut after: Vec<Rule<'a>>,
) -> (Vec<(Rule<'a>, Rule<'a>)>, [Vec<Rule<'a>>; 2]) {
    let mut pairs = Vec::new();
    if before.len() * after.len() > MAX_PAIRS {
        return (pairs, [before, after]);
    }
    let all = (0..before.len()).flat_map(|b| (0..after.len()).map(move |a| (b, a)));
    let mut all: Vec<_> = all
        .map(|(b, a)| (distance(before[b].0, after[a].0), b, a))
        .collect();
    all.sort_unstable();
    let (mut used_before, mut used_after) = (BTreeSet::new(), BTreeSet::new());
    for (_, b, a) in all {
        if !used_before.contains(&b) && !used_after.contains(&a) {
            used_before.insert(b);
            used_after.insert(a);
            pairs.push((before[b], after[a]));
        }
    }
    for (rules, used) in [(&mut before, used_before), (&mut after, used_after)] {
        let mut place = 0;
        rules.retain(|_| {
            place += 1;
            !used.contains(&(place - 1))
        });
    }
    (pairs, [before, after])
}

fn place(key: &RuleKey) -> (&str, &str) {
    (subject(key), &key.name)
}

fn subject(key: &RuleKey) -> &str {
    let service = || key.labels.get("slo_service");
    key.slo.as_ref().or_else(service).map_or(ALL, |about| about)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::read_rules;

    fn rules(text: &str) -> Rules {
        read_rules("a", &format!("groups: [{{rules: [{text}]}}]")).unwrap()
    }

    fn rule(name: &str, expr: &str, labels: &str) -> String {
        format!("{{record: '{name}', expr: '{expr}', labels: {{slo: orders/a.b{labels}}}}}, ")
    }

    fn told(before: &str, after: &str) -> Vec<String> {
        let changes = compare(&rules(before), &rules(after), |_| true);
        changes.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn rules_are_told_by_what_they_are_about() {
        let before =
            rule("slo:a", "1", "") + &rule("slo:b", "x  > 1", "") + &rule("slo:c", "1", "");
        let after = rule("slo:a", "2", "") + &rule("slo:b", "x>1", "") + &rule("slo:d", "1", "");
        assert_eq!(
            told(&before, &after),
            [
                "rules of orders/a.b: missing slo:d, different slo:a in expr `1` → `2`, left over slo:c"
            ]
        );
        assert!(told(&after, &after).is_empty());
    }

    #[test]
    fn a_label_that_differs_is_named_and_the_rule_is_neither_missing_nor_left_over() {
        let before = rule("slo:a", "1", ", cluster: eu-1") + &rule("slo:b", "1", ", cluster: eu-1");
        let after = rule("slo:a", "1", "") + &rule("slo:b", "1", "");
        assert_eq!(
            told(&before, &after),
            ["rules of orders/a.b: different slo:a slo:b in label cluster \"eu-1\" → none"]
        );
    }

    #[test]
    fn the_nearest_labels_belong_together() {
        let before =
            rule("SloX", "1", ", tier: 1h, team: a") + &rule("SloX", "2", ", tier: 6h, team: a");
        let after =
            rule("SloX", "1", ", tier: 1h, team: b") + &rule("SloX", "2", ", tier: 6h, team: b");
        assert_eq!(
            told(&before, &after),
            ["rules of orders/a.b: different SloX in label team \"a\" → \"b\""]
        );
        let after = rule("SloX", "1", ", tier: 1h, team: a");
        assert_eq!(
            told(&before, &after),
            ["rules of orders/a.b: left over SloX"]
        );
    }

    #[test]
    fn many_rules_with_one_name_are_not_paired() {
        let many = |team: &str| -> String {
            let rules = (0..500).map(|n| rule("SloX", "1", &format!(", n: '{n}', team: {team}")));
            rules.collect()
        };
        let [before, after] = ["a", "b"].map(many);
        assert_eq!(
            told(&before, &after),
            ["rules of orders/a.b: missing SloX, left over SloX"]
        );
    }

    #[test]
    fn many_ways_to_differ_are_told_by_their_parts() {
        let all = |n: usize| -> String {
            let rules = (0..4).map(|at| rule(&format!("slo:{at}"), &format!("{at} + {n}"), ""));
            rules.collect()
        };
        assert_eq!(
            told(&all(1), &all(2)),
            ["rules of orders/a.b: different slo:0 slo:1 slo:2 slo:3 in expr"]
        );
    }
}
