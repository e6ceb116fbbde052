//! States of their own: what was never measured, what stopped, what ended uncleanly, what nobody spends.

use crate::{
    status::sandbox,
    status_store::{AT, Answers, NOW, SLOS, WINDOW, body, events, sample, serve, store, windows},
};
use serde_json::{Value, json};
use std::process::{Command, Stdio};

/// The first SLO as JSON, and what people are told, and pull requests.
fn told(answers: impl Fn() -> Answers, facts: &str) -> (Value, String, String) {
    let sandbox = sandbox();
    sandbox.write("slo.toml", facts);
    let ask = |format: &str| {
        let url = store(answers());
        let asked = format!("status --prometheus {url} --at {AT} --bin orders --format {format}");
        sandbox.slo(&asked)
    };
    let run = ask("json");
    let report: Value = serde_json::from_str(&run.out).unwrap_or_else(|_| panic!("{run:?}"));
    let mut slos = report["slos"].as_array().unwrap().iter();
    let found = slos
        .find(|status| status["slo"] == SLOS[0])
        .unwrap()
        .clone();
    (found, ask("human").out, ask("markdown").out)
}

/// All but the first SLO are as they should be.
fn others() -> Vec<Value> {
    SLOS[1..]
        .iter()
        .flat_map(|slo| events(slo, "1000", "0"))
        .collect()
}

#[test]
fn a_moment_to_come_is_told() {
    let sandbox = sandbox();
    for (at, is_to_come) in [
        ("2999-01-01T00:00:00Z", true),
        ("2020-01-01T00:00:00Z", false),
    ] {
        let (url, _) = serve(|_| Some(body(&[]).to_string().into()));
        let asked = format!("status --prometheus {url} --at {at} --bin orders --format json");
        let run = sandbox.slo(&asked);
        assert_eq!(run.code, 2, "{run:?}");
        assert_eq!(run.out.contains("is still to come"), is_to_come, "{run:?}");
        assert_eq!(
            run.out.contains("check the address"),
            !is_to_come,
            "{run:?}"
        );
    }
}

#[test]
fn what_was_never_measured_is_not_what_stopped() {
    let never = || vec![(WINDOW, others())];
    let (status, human, markdown) = told(never, "");
    assert_eq!(status["state"], "not-measured", "{status:#}");
    for text in [&human, &markdown] {
        assert!(text.contains("not measured"), "{text}");
        assert!(
            text.contains("counted none of its hours in the last 30 days"),
            "{text}"
        );
    }
    let stopped = || {
        let hours = json!({
            "metric": {"slo": SLOS[0], "slo_outcome": "good", "job": "orders"},
            "values": [[NOW - 90_000, "7"], [NOW - 86_400 - 1780, "7"]],
        });
        vec![
            (WINDOW, others()),
            ("query=slo:events:count1h{", vec![hours]),
        ]
    };
    let (status, human, markdown) = told(stopped, "");
    assert_eq!(status["state"], "no-data", "{status:#}");
    assert_eq!(status["last-counted"], NOW - 86_400 - 1800, "{status:#}");
    for text in [&human, &markdown] {
        assert!(text.contains("no data"), "{text}");
        assert!(
            text.contains("counted last until Sat 2026-11-28 14:00 UTC"),
            "{text}"
        );
    }
}

#[test]
fn processes_that_ended_with_events_in_flight_are_told() {
    let in_flight = |instance: &str, events: &str| {
        json!({
            "metric": {"slo_endpoint": "place-order", "job": "orders", "instance": instance},
            "value": [NOW, events],
        })
    };
    let answers = || {
        let others = json!({
            "metric": {"slo_endpoint": "place-order", "job": "invoices"}, "value": [NOW, "99"],
        });
        vec![
            (WINDOW, windows("1000", "0")),
            (
                "slo[._]in_flight",
                vec![in_flight("a", "4"), in_flight("b", "3"), others],
            ),
        ]
    };
    let (status, human, markdown) = told(answers, "");
    assert_eq!(
        status["unclean-ends"],
        json!({"processes": 2, "events": 7}),
        "{status:#}"
    );
    for text in [human, markdown] {
        assert!(
            text.contains(
                "unclean ends: 2 processes ended in the last 24 h with 7 events in flight"
            ),
            "{text}"
        );
    }
}

/// The first SLO in this window and the two before it.
fn three(bad: [&'static str; 3]) -> Answers {
    let mut earlier = Vec::new();
    for (ago, bad) in bad.iter().enumerate().skip(1) {
        for mut series in events(SLOS[0], "100000", bad) {
            series["metric"]["ago"] = json!(ago.to_string());
            earlier.push(series);
        }
    }
    let now = [events(SLOS[0], "100000", bad[0]), others()].concat();
    vec![
        (WINDOW, now),
        ("query=label_replace(slo:events:sum_window", earlier),
    ]
}

#[test]
fn a_budget_that_nobody_spends_is_over_achieved() {
    let (status, human, markdown) = told(|| three(["9", "10", "0"]), "");
    assert_eq!(status["state"], "over-achieved", "{status:#}");
    assert_eq!(
        status["over-achieved"],
        json!({"left": "90%", "windows": 3})
    );
    for text in [human, markdown] {
        let told = "over-achieved: 90% or more of its budget was left in each of its last 3 windows; room to move";
        assert!(text.contains(told), "{text}");
    }
    // One of the windows was spent by more than a tenth, or is not known.
    for spent in [
        ["11", "0", "0"],
        ["0", "11", "0"],
        ["0", "0", "11"],
        ["0", "NaN", "0"],
    ] {
        let (status, ..) = told(|| three(spent), "");
        assert_eq!(status["state"], "ok", "{spent:?} {status:#}");
    }
    let two = |bad: [&'static str; 3]| {
        let facts = "[unspent-budget]\nleft = \"95%\"\nwindows = 2\nthen = \"loosen\"\n";
        told(|| three(bad), facts)
    };
    let (status, human, _) = two(["5", "5", "99"]);
    assert_eq!(status["state"], "over-achieved", "{status:#}");
    let told = "the policy says: loosen: agree on a looser target with those who use it";
    assert!(human.contains(told), "{human}");
    assert_eq!(two(["6", "5", "0"]).0["state"], "ok");
}

/// More good events than all, or a budget that is overspent many times, are shown as they are.
#[test]
fn nothing_is_clamped() {
    let (status, human, markdown) = told(|| vec![(WINDOW, windows("100", "900"))], "");
    assert_eq!(status["budget"]["left"], -899, "{status:#}");
    for text in [human, markdown] {
        assert!(text.contains("-899 of 1"), "{text}");
        assert!(text.contains("900× spent"), "{text}");
    }
    // An estimate above all events makes the other side negative: which is not a count.
    let negative = || vec![(WINDOW, [events(SLOS[0], "1001", "-1"), others()].concat())];
    let (status, human, _) = told(negative, "");
    assert_eq!(status["state"], "unknown", "{status:#}");
    assert!(human.contains("-1 bad events are not a count"), "{human}");
    let lone = || {
        vec![(
            WINDOW,
            [vec![sample(SLOS[0], "good", "1")], others()].concat(),
        )]
    };
    assert_eq!(told(lone, "").0["state"], "unknown");
}

#[test]
fn what_is_the_same_of_many_is_told_once() {
    let sandbox = sandbox();
    let url = store(Vec::new());
    let asked = format!("status --prometheus {url} --at {AT} --bin orders");
    let run = sandbox.slo_in(&asked, &[("COLUMNS", "80")]);
    let told = "the store has no series";
    assert_eq!(run.out.matches(told).count(), 1, "{}", run.out);
    let names = SLOS.join("\n");
    assert!(
        run.out
            .contains(&format!("\n\n{names}\n  the store has no series")),
        "{}",
        run.out
    );
    assert!(
        run.out.lines().all(|line| line.chars().count() <= 80),
        "{}",
        run.out
    );
}

/// What rules counted five minutes ago is what is left now; a second later nobody knows.
#[test]
fn what_was_counted_five_minutes_ago_is_the_last_that_is_believed() {
    for (age, state, told) in [
        (180, "ok", ""),
        (181, "ok", "rules counted it last 181 s ago"),
        (300, "ok", "rules counted it last 300 s ago"),
        (301, "unknown", "rules counted it last 301 s ago"),
        (-1, "unknown", "rules counted it last 1 s from now"),
    ] {
        let counted = sample(SLOS[0], "good", &(NOW - age).to_string());
        let answers = || {
            vec![
                ("query=timestamp(", vec![counted.clone()]),
                (WINDOW, windows("1000", "0")),
            ]
        };
        let (status, human, markdown) = self::told(answers, "");
        assert_eq!(status["state"], state, "{age}: {status:#}");
        assert_eq!(
            status["budget"].is_null(),
            state == "unknown",
            "{age}: {status:#}"
        );
        for text in [human, markdown] {
            match told {
                "" => assert!(!text.contains("rules counted"), "{age}: {text}"),
                told => assert!(text.contains(told), "{age}: {text}"),
            }
        }
    }
}

/// `… | head -1` in a pipeline that fails where one of its commands does.
#[test]
fn it_ends_as_it_should_though_nobody_reads_it() {
    let sandbox = sandbox();
    sandbox.write(
        "slo.toml",
        "[[budget-policy]]\nleft = \"0%\"\nthen = \"freeze\"\n",
    );
    sandbox.slo("export --bin orders -o exports").ok();
    for command in ["status", "gate"] {
        for format in ["human", "json"] {
            let url = store(vec![(WINDOW, windows("40000", "1000"))]);
            let asked = format!(
                "slo {command} --format {format} --prometheus {url} --at {AT} exports/orders.slo.json"
            );
            let mut child = Command::new(env!("CARGO_BIN_EXE_cargo-slo"))
                .args(asked.split(' '))
                .current_dir(sandbox.path(""))
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            drop(child.stdout.take());
            assert_eq!(child.wait().unwrap().code(), Some(1), "{command} {format}");
        }
    }
}
