//! Every state of a budget × every state of a journey of others × every change × every override ×
//! who is delivered: a row each.

use super::{
    fleet,
    store::{NOW, at, sample, store},
};
use serde_json::Value;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum State {
    Left,
    Unknown,
    Spent,
}

const STATES: [State; 3] = [State::Left, State::Unknown, State::Spent];

/// Good and bad events of an SLO that promises 99.9%.
fn events(state: State) -> [&'static str; 2] {
    match state {
        State::Left => ["99950", "50"],
        State::Unknown => ["99950", "NaN"],
        State::Spent => ["99900", "100"],
    }
}

const OVERRIDES: [(&str, &str); 3] = [
    ("none", ""),
    ("own", "orders/checkout.availability"),
    ("journey", "gateway/checkout.availability"),
];

/// What is said of one SLO, by nothing but the rules in the manual.
fn expected(state: State, change: &str, is_overridden: bool) -> State {
    match (change, is_overridden) {
        ("feature", false) => state,
        _ => State::Left,
    }
}

#[test]
fn every_row() {
    let sandbox = fleet();
    for (name, slo) in OVERRIDES {
        let text = format!(
            "[[override]]\nslo = \"{slo}\"\nuntil = \"2026-12-05\"\nbecause = \"the sale\"\nby = \"Sato\"\n"
        );
        let text = if slo.is_empty() { String::new() } else { text };
        sandbox.write(&format!("{name}.toml"), text);
    }
    let mut rows = 0;
    for own in STATES {
        for journey in STATES {
            let url = store(move |query, time| {
                if !query.starts_with("slo:events:sum_window") {
                    return Vec::new();
                }
                let slos = [
                    ("orders/checkout.availability", own),
                    ("gateway/checkout.availability", journey),
                    // What mail delivers is held back by nothing of others.
                    ("mail/checkout.availability", State::Left),
                ];
                let latency = ["orders", "gateway", "mail"]
                    .map(|service| format!("{service}/checkout.latency"));
                let slos = slos.map(|(slo, state)| (slo.to_owned(), state));
                let all = slos
                    .into_iter()
                    .chain(latency.map(|slo| (slo, State::Left)));
                all.flat_map(|(slo, state)| {
                    let [good, bad] = events(state);
                    [
                        sample(&slo, "good", time, good),
                        sample(&slo, "bad", time, bad),
                    ]
                })
                .collect()
            });
            for change in ["feature", "fix", "rollback"] {
                for (overrides, slo) in OVERRIDES {
                    for deliver in ["orders", "mail"] {
                        let run = sandbox.slo(&format!(
                            "gate --prometheus {url} --at {} --change {change} --overrides {overrides}.toml \
                             --deliver {deliver} --format json exports",
                            at(NOW)
                        ));
                        let of = |name: &str, state| expected(state, change, slo == name);
                        let expected = match deliver {
                            "orders" => of(OVERRIDES[1].1, own).max(of(OVERRIDES[2].1, journey)),
                            _ => State::Left,
                        };
                        let (code, answer) = match expected {
                            State::Left => (0, "open"),
                            State::Spent => (1, "closed"),
                            State::Unknown => (2, "unknown"),
                        };
                        let row = format!("{own:?} {journey:?} {change} {overrides} {deliver}");
                        let told: Value = serde_json::from_str(&run.out)
                            .unwrap_or_else(|_| panic!("{row}: {run:?}"));
                        assert_eq!(
                            (run.code, told["answer"].as_str()),
                            (code, Some(answer)),
                            "{row}: {run:?}"
                        );
                        rows += 1;
                    }
                }
            }
        }
    }
    assert_eq!(rows, 3 * 3 * 3 * 3 * 2);
}
