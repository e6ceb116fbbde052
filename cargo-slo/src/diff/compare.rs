//! From one side to the other.

use super::{Change, Field, Removed, Side, State, amounts, lost, rules, side::service};
use crate::text::numbers::grouped;
use slo_model::{Target, Window, budget};
use std::collections::{BTreeMap, BTreeSet};

/// What is known besides the two sides.
#[derive(Clone, Copy, Debug, Default)]
pub struct Basis<'a> {
    /// Valid events that are expected each day, for budgets in events.
    pub events_per_day: Option<u64>,
    /// True where the side before also holds SLOs of services that the other does not know,
    /// as a folder does: they are none of its business.
    pub is_shared: bool,
    /// What was removed on purpose; `None` if nobody asked.
    pub removed: Option<&'a Removed>,
}

/// Returns what changed from the side before to the one after, SLO by SLO. What either of them does
/// not know is not compared.
pub fn compare(before: &Side, after: &Side, basis: Basis<'_>) -> Vec<Change> {
    let services = after.services();
    let is_shared = basis.is_shared || before.is_shared;
    let is_ours = |about: &str| !is_shared || services.contains(service(about));
    let mut changes = slos(before, after, basis, is_ours);
    definitions(before, after, is_ours, &mut changes);
    if let (Some(before), Some(after)) = (&before.rules, &after.rules) {
        changes.extend(rules::compare(before, after, is_ours));
    }
    changes
}

/// What changed of definitions, where nothing else says so. What endpoints inherit is said at their
/// journey.
fn definitions(
    before: &Side,
    after: &Side,
    is_ours: impl Fn(&str) -> bool,
    changes: &mut Vec<Change>,
) {
    let (Some(old), Some(new)) = (&before.hashes, &after.hashes) else {
        return;
    };
    let one = |hashes: &BTreeSet<String>| {
        let hashes: Vec<_> = hashes.iter().map(String::as_str).collect();
        hashes.join(" and ")
    };
    let continued = continued(old, new, after);
    let mut inherited: BTreeMap<usize, usize> = BTreeMap::new();
    for of in union(old, new).filter(|of| is_ours(of)) {
        // What changed of its SLOs is in its hash, too, and has been said.
        let of_slo = |about: &str, of: &str| {
            let rest = about.strip_prefix(of);
            rest.is_some_and(|rest| rest.starts_with('.'))
        };
        let is_said = changes.iter().any(|change| of_slo(&change.about, of));
        // Its name is in its hash.
        let is_renamed = match (old.get(of), new.get(of)) {
            (Some(_), None) => after.renamed.contains_key(of),
            (None, Some(_)) => continued.contains(of),
            _ => false,
        };
        let (was, is) = (old.get(of), new.get(of));
        if was == is || is_said || is_renamed {
            continue;
        }
        if let (Some(journey), Some(_), Some(_)) = (journey(of), was, is)
            && inherits(of, before, after)
            && let Some(at) = changes
                .iter()
                .position(|change| change.about == journey || of_slo(&change.about, journey))
        {
            *inherited.entry(at).or_default() += 1;
            continue;
        }
        changes.push(Change {
            before: was.map(one),
            after: is.map(one),
            ..Change::of(of, Field::Definition)
        });
    }
    for (at, count) in inherited {
        changes[at].details.push(match count {
            1 => "1 endpoint inherits it".to_owned(),
            count => format!("{count} endpoints inherit it"),
        });
    }
}

/// The journey of an endpoint: `service/journey` of `service/journey/endpoint`.
fn journey(of: &str) -> Option<&str> {
    let (journey, _) = of.rsplit_once('/')?;
    journey.contains('/').then_some(journey)
}

/// True unless both sides know what the endpoint itself declares, and it is not the same.
fn inherits(endpoint: &str, before: &Side, after: &Side) -> bool {
    match (before.declared.get(endpoint), after.declared.get(endpoint)) {
        (Some(before), Some(after)) => before == after,
        _ => true,
    }
}

/// What changed of SLOs.
fn slos(
    before: &Side,
    after: &Side,
    basis: Basis<'_>,
    is_ours: impl Fn(&str) -> bool,
) -> Vec<Change> {
    let mut changes = Vec::new();
    let (Some(old), Some(new)) = (&before.slos, &after.slos) else {
        return changes;
    };
    let continued = continued(old, new, after);
    for slo in union(old, new).filter(|slo| is_ours(slo)) {
        match (old.get(slo), new.get(slo)) {
            (Some(old), Some(new)) => states(slo, old, new, basis, &mut changes),
            (Some(state), None) => match after.renamed.get(slo) {
                None => changes.push(lost::change(slo, state, before, after, basis.removed)),
                Some(present) => {
                    changes.push(Change {
                        before: Some(slo.clone()),
                        after: Some(present.clone()),
                        details: vec!["its error budget goes on".to_owned()],
                        ..Change::of(present, Field::Name)
                    });
                    if let (None, Some(new)) = (old.get(present), new.get(present)) {
                        states(present, state, new, basis, &mut changes);
                    }
                }
            },
            (None, Some(_)) if continued.contains(slo) => {}
            (None, state) => changes.push(Change {
                after: state.map(promise),
                ..Change::of(slo, Field::Slo)
            }),
        }
    }
    changes
}

/// The present names of what is gone under a former one.
fn continued<'a, V>(
    old: &BTreeMap<String, V>,
    new: &BTreeMap<String, V>,
    after: &'a Side,
) -> BTreeSet<&'a String> {
    let gone = old.keys().filter(|name| !new.contains_key(*name));
    gone.filter_map(|name| after.renamed.get(name)).collect()
}

fn union<'a, V>(
    before: &'a BTreeMap<String, V>,
    after: &'a BTreeMap<String, V>,
) -> impl Iterator<Item = &'a String> {
    let all: BTreeSet<_> = before.keys().chain(after.keys()).collect();
    all.into_iter()
}

/// An SLO in a few words.
pub(super) fn promise(state: &State) -> String {
    let parts = [
        state.target.map(|target| target.to_string()),
        state
            .threshold
            .map(|threshold| format!("within {threshold:?}")),
        state.window.map(|window| format!("over {window}")),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn states(slo: &str, before: &State, after: &State, basis: Basis<'_>, changes: &mut Vec<Change>) {
    let mut compared = |field, before: Option<String>, after: Option<String>, details| {
        // Unknown on one side is not a difference.
        if let (Some(before), Some(after)) = (before, after)
            && before != after
        {
            let said = |text: String| {
                if text.is_empty() {
                    "nobody".to_owned()
                } else {
                    text
                }
            };
            changes.push(Change {
                before: Some(said(before)),
                after: Some(said(after)),
                details,
                ..Change::of(slo, field)
            });
        }
    };
    let budgets = budgets(before, after, basis);
    let [one, other] = [before, after].map(|state| state.target.map(|target| target.to_string()));
    compared(Field::Target, one, other, budgets);
    let [one, other] = [before, after].map(|state| state.window.map(|window| window.to_string()));
    compared(Field::Window, one, other, Vec::new());
    let [one, other] = [before, after].map(|state| state.threshold.map(|t| format!("{t:?}")));
    compared(Field::Threshold, one, other, Vec::new());
    compared(
        Field::Owner,
        before.owner.clone(),
        after.owner.clone(),
        Vec::new(),
    );
    compared(
        Field::Runbook,
        before.runbook.clone(),
        after.runbook.clone(),
        Vec::new(),
    );
}

/// What a changed target means: time, and events where their number is known.
fn budgets(before: &State, after: &State, basis: Basis<'_>) -> Vec<String> {
    let window = |state: &State, other: &State| state.window.or(other.window);
    let (Some(target), Some(other)) = (before.target, after.target) else {
        return Vec::new();
    };
    let (Some(window), Some(other_window)) = (window(before, after), window(after, before)) else {
        return Vec::new();
    };
    let time = match window == other_window {
        true => format!(
            "budget {} → {} {}",
            amounts::time(target, window),
            amounts::time(other, window),
            amounts::period(window)
        ),
        false => format!(
            "budget {} {} → {} {}",
            amounts::time(target, window),
            amounts::period(window),
            amounts::time(other, other_window),
            amounts::period(other_window)
        ),
    };
    let events = basis.events_per_day.map(|per_day| {
        let held = |target: Target, window: Window| {
            let events = per_day.saturating_mul(window.length_days().into());
            grouped(budget::events(events, target))
        };
        format!(
            "events {} → {}",
            held(target, window),
            held(other, other_window)
        )
    });
    [Some(time), events].into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::{from_rules, read_rules};

    fn side(slos: &[(&str, f64)]) -> Side {
        let slos = slos.iter().map(|&(slo, percent)| {
            let state = State {
                target: Some(Target::from_percent(percent)),
                window: Some(Window::DEFAULT),
                owner: Some("team-orders".into()),
                ..State::default()
            };
            (slo.to_owned(), state)
        });
        Side {
            slos: Some(slos.collect()),
            ..Side::default()
        }
    }

    fn words(before: &Side, after: &Side, basis: Basis<'_>) -> Vec<String> {
        compare(before, after, basis)
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    const AVAILABILITY: &str = "orders/checkout.availability";

    #[test]
    fn a_target_is_told_as_a_budget() {
        let (before, after) = (side(&[(AVAILABILITY, 99.9)]), side(&[(AVAILABILITY, 99.5)]));
        let told = "target of orders/checkout.availability 99.9% → 99.5%: budget 43 min → 3 h 36 min a month";
        assert_eq!(words(&before, &after, Basis::default()), [told]);
        let basis = Basis {
            events_per_day: Some(33_334),
            ..Basis::default()
        };
        let with_events = format!("{told}, events 1,000 → 5,000");
        assert_eq!(words(&before, &after, basis), [with_events]);
        assert!(compare(&before, &before, basis).is_empty());
    }

    #[test]
    fn slos_come_and_go_but_those_of_others_are_no_drift() {
        let before = side(&[
            ("orders/old.availability", 99.0),
            ("other/a.availability", 99.0),
        ]);
        let after = side(&[(AVAILABILITY, 99.9)]);
        let gone = "error: orders/old.availability is gone: it was 99% over 30d: 30 days of its history are lost";
        let new = "orders/checkout.availability is new: 99.9% over 30d";
        let other = "error: other/a.availability is gone: it was 99% over 30d: 30 days of its history are lost";
        assert_eq!(words(&before, &after, Basis::default()), [new, gone, other]);
        let shared = Basis {
            is_shared: true,
            ..Basis::default()
        };
        assert_eq!(words(&before, &after, shared), [new, gone]);
    }

    #[test]
    fn what_a_side_does_not_know_is_no_difference() {
        let before = from_rules(
            read_rules("a", "groups: [{rules: [{record: 'slo:objective:ratio', expr: 'vector(0.999)', labels: {slo: orders/checkout.availability}}]}]").unwrap(),
        );
        assert_eq!(
            words(&before, &side(&[(AVAILABILITY, 99.9)]), Basis::default()),
            [""; 0]
        );
        let told = words(&before, &side(&[(AVAILABILITY, 99.0)]), Basis::default());
        assert!(
            told[0].ends_with("99.9% → 99%: budget 43 min → 7 h 12 min a month"),
            "{told:?}"
        );
    }

    #[test]
    fn a_definition_is_told_only_where_nothing_else_says_why_it_changed() {
        let with_hash = |hash: &str, percent| Side {
            hashes: Some(
                [(
                    "orders/checkout".to_owned(),
                    BTreeSet::from([hash.to_owned()]),
                )]
                .into(),
            ),
            ..side(&[(AVAILABILITY, percent)])
        };
        let before = with_hash("1", 99.9);
        let told = words(&before, &with_hash("2", 99.9), Basis::default());
        assert_eq!(told, ["definition of orders/checkout 1 → 2"]);
        let told = words(&before, &with_hash("2", 99.0), Basis::default());
        assert_eq!(told.len(), 1);
    }

    #[test]
    fn what_endpoints_inherit_is_said_at_their_journey() {
        let with = |journey: &str, endpoints: [(&str, &str, &str); 3]| {
            let mut side = side(&[]);
            let mut hashes = BTreeMap::new();
            hashes.insert("orders/checkout".to_owned(), journey.to_owned());
            for (name, hash, declared) in endpoints {
                let about = format!("orders/checkout/{name}");
                side.declared.insert(about.clone(), declared.to_owned());
                hashes.insert(about, hash.to_owned());
            }
            let hashes = hashes.into_iter();
            side.hashes = Some(hashes.map(|(of, hash)| (of, [hash].into())).collect());
            side
        };
        let before = with("1", [("a", "1", "x"), ("b", "1", "x"), ("c", "1", "x")]);
        let after = with("2", [("a", "2", "x"), ("b", "2", "y"), ("c", "2", "x")]);
        assert_eq!(
            words(&before, &after, Basis::default()),
            [
                "definition of orders/checkout 1 → 2: 2 endpoints inherit it",
                "definition of orders/checkout/b 1 → 2"
            ]
        );
        let alone = with("1", [("a", "2", "x"), ("b", "1", "x"), ("c", "1", "x")]);
        assert_eq!(
            words(&before, &alone, Basis::default()),
            ["definition of orders/checkout/a 1 → 2"]
        );
        let mut before = before;
        before.slos = side(&[(AVAILABILITY, 99.9)]).slos;
        let mut after = after;
        after.slos = side(&[(AVAILABILITY, 99.5)]).slos;
        // What a Prometheus exports says no more than that the journey's definition is another.
        after.declared.clear();
        assert_eq!(
            words(&before, &after, Basis::default()),
            [
                "target of orders/checkout.availability 99.9% → 99.5%: budget 43 min → 3 h 36 min a month, 3 endpoints inherit it"
            ]
        );
    }
}
