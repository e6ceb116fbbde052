//! What is left of budgets, by stores that answer as they like: what can't be a count is never made
//! one.

use crate::{
    fixtures::{Run, Sandbox, elf, record, sentinel, strict_endpoint},
    recorded_stores::beside,
    status_store::{
        AT, Answers, NOW, PACES, SLOS, WINDOW, events, paces, sample, store, store_that_says,
        windows,
    },
};
use serde_json::{Value, json};

/// The same series as a second Prometheus of a pair sends it.
fn of_a_replica(mut series: Value) -> Value {
    series["metric"]["replica"] = json!("b");
    series
}

pub(crate) fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    let program = elf(&[&sentinel(), &record(&strict_endpoint("place-order"))]);
    sandbox.write("orders", program);
    sandbox.write(
        "slo.toml",
        "[[budget-policy]]\nleft = \"10%\"\nthen = \"freeze\"\n",
    );
    sandbox
}

fn asked(sandbox: &Sandbox, answers: Answers, more: &str) -> Run {
    let url = store(answers);
    sandbox.slo(&format!(
        "status --prometheus {url} --at {AT} --bin orders {more}"
    ))
}

/// The status of one SLO, and the exit code.
fn told(answers: Answers, slo: &str) -> (Value, i32) {
    let run = asked(&sandbox(), answers, "--format json");
    let report: Value = serde_json::from_str(&run.out).unwrap_or_else(|_| panic!("{run:?}"));
    let mut slos = report["slos"].as_array().unwrap().iter();
    let found = slos.find(|status| status["slo"] == slo);
    (
        found.unwrap_or_else(|| panic!("{report:#}")).clone(),
        run.code,
    )
}

#[test]
fn budgets_are_events_that_are_left() {
    let (status, code) = told(vec![(WINDOW, windows("40962", "38"))], SLOS[0]);
    // The endpoint promises 99.95% and has spent its budget; the journey promises 99.9%.
    assert_eq!((status["state"].as_str(), code), (Some("ok"), 1));
    let budget = &status["budget"];
    assert_eq!([&budget["allowed"], &budget["left"]], [41, 3]);
    assert_eq!(status["policy"]["then"], "freeze");
}

#[test]
fn what_is_no_count_is_unknown_with_its_reason() {
    let wrong: [(Vec<Value>, &str, &str); 8] = [
        (vec![], "not-measured", "no series `slo:events:sum_window`"),
        (
            vec![sample(SLOS[0], "good", "10")],
            "unknown",
            "nothing is recorded of its bad events",
        ),
        (
            vec![sample(SLOS[0], "bad", "10")],
            "unknown",
            "nothing is recorded of its good events",
        ),
        (
            events(SLOS[0], "10", "NaN"),
            "unknown",
            "NaN bad events are not a count",
        ),
        (
            events(SLOS[0], "10.5", "1"),
            "unknown",
            "10.5 good events are not a count",
        ),
        (
            events(SLOS[0], "10", "-1"),
            "unknown",
            "-1 bad events are not a count",
        ),
        (
            events(SLOS[0], "+Inf", "1"),
            "unknown",
            "inf good events are not a count",
        ),
        (
            [
                events(SLOS[0], "10", "1"),
                events(SLOS[0], "20", "2")
                    .into_iter()
                    .map(of_a_replica)
                    .collect(),
            ]
            .concat(),
            "unknown",
            "several series",
        ),
    ];
    for (series, state, why) in wrong {
        // The others are as they should be.
        let others = SLOS[1..].iter().flat_map(|slo| events(slo, "1000", "0"));
        let all = series.iter().cloned().chain(others).collect();
        let (status, code) = told(vec![(WINDOW, all)], SLOS[0]);
        assert_eq!(
            (status["state"].as_str(), code),
            (Some(state), 2),
            "{status:#}"
        );
        assert!(status["why"].as_str().unwrap().contains(why), "{status:#}");
        assert!(status["budget"].is_null(), "{status:#}");
    }
}

/// A store that says that its answer is not whole is not believed: neither a budget nor a gate is made
/// of what it has.
#[test]
fn a_partial_answer_is_no_answer() {
    let sandbox = sandbox();
    sandbox.slo("export --bin orders -o exports").ok();
    for more in [
        json!({"warnings": beside("thanos", "partial-true", "warnings")}),
        json!({"isPartial": true}),
        json!({"infos": ["PromQL info: ignored histograms"]}),
    ] {
        let url = store_that_says(vec![(WINDOW, windows("999999", "1"))], more.clone());
        let asked = format!("--prometheus {url} --at {AT} --format json exports/orders.slo.json");
        let run = sandbox.slo(&format!("status {asked}"));
        let report: Value = serde_json::from_str(&run.out).unwrap_or_else(|_| panic!("{run:?}"));
        assert_eq!(run.code, 2, "{more}: {report:#}");
        for status in report["slos"].as_array().unwrap() {
            assert_eq!(status["state"], "unknown", "{status:#}");
            assert!(status["budget"].is_null(), "{status:#}");
            assert!(
                status["why"].as_str().unwrap().contains("a partial answer"),
                "{status:#}"
            );
        }
        assert_eq!(sandbox.slo(&format!("gate {asked}")).code, 2, "{more}");
        assert_eq!(
            sandbox.slo(&format!("gate {asked} --change rollback")).code,
            0
        );
    }
    // A remark on a name is not a reason.
    let url = store_that_says(
        vec![(WINDOW, windows("999999", "1"))],
        json!({"infos": beside("mimir", "events", "infos")}),
    );
    let run = sandbox.slo(&format!(
        "status --prometheus {url} --at {AT} exports/orders.slo.json"
    ));
    run.ok();
}

/// What somebody else's services counted is nothing of ours.
#[test]
fn another_tenants_answer_is_none_of_ours() {
    let others = SLOS
        .iter()
        .flat_map(|slo| events(&slo.replace("orders", "invoices"), "9", "9"));
    let (status, code) = told(vec![(WINDOW, others.collect())], SLOS[0]);
    assert_eq!((status["state"].as_str(), code), (Some("not-measured"), 2));
}

#[test]
fn jobs_of_one_name_have_budgets_of_their_own() {
    let mut both = windows("1000", "0");
    for mut series in windows("1000", "9") {
        series["metric"]["job"] = json!("eu/orders");
        both.push(series);
    }
    let run = asked(&sandbox(), vec![(WINDOW, both)], "--format json");
    let report: Value = serde_json::from_str(&run.out).unwrap();
    let slos = report["slos"].as_array().unwrap();
    let of_journey: Vec<_> = slos
        .iter()
        .filter(|status| status["slo"] == SLOS[0])
        .map(|status| (status["job"].as_str(), status["state"].as_str()))
        .collect();
    let expected = [
        (Some("eu/orders"), Some("spent")),
        (Some("orders"), Some("ok")),
    ];
    assert_eq!(of_journey, expected);
}

#[test]
fn what_is_late_or_counts_for_another_target_is_said() {
    let counted = |seconds: i64| {
        let at = (NOW - seconds).to_string();
        SLOS.iter()
            .map(|slo| sample(slo, "good", &at))
            .collect::<Vec<_>>()
    };
    let targets = vec![json!({
        "metric": {"slo": SLOS[0], "job": "orders"}, "value": [NOW, "0.99"],
    })];
    let (status, _) = told(
        vec![
            ("query=timestamp(", counted(240)),
            (WINDOW, windows("1000", "0")),
            ("query=slo:objective:ratio", targets),
        ],
        SLOS[0],
    );
    let remarks = status["remarks"].to_string();
    assert!(
        remarks.contains("rules counted it last 240 s ago"),
        "{remarks}"
    );
    assert!(
        remarks.contains("the rules there count for a target of 0.99"),
        "{remarks}"
    );
    assert_eq!(status["budget"]["left"], 1, "{status:#}");
}

#[test]
fn paces_say_how_long_it_lasts() {
    let pace = |over: &str, good: &str, bad: &str| paces(over, &SLOS, good, bad);
    let (status, code) = told(
        vec![
            (WINDOW, windows("999900", "100")),
            (
                PACES,
                [pace("1h", "980", "20"), pace("6h", "9999", "1")].concat(),
            ),
        ],
        SLOS[0],
    );
    assert_eq!(code, 0, "{status:#}");
    let paces = status["paces"].as_array().unwrap();
    assert_eq!(paces.len(), 2, "{paces:?}");
    // 2% is bad where 0.1% may be: 20 times too fast; 90% of 30 days ÷ 20.
    assert_eq!(paces[0]["exhausted-in-minutes"], 1944, "{paces:?}");
    assert!(paces[1]["exhausted-in-minutes"].is_null(), "{paces:?}");
}

/// Hours that don't make up the window say nothing of when the budget is back.
#[test]
fn hours_that_are_missing_are_no_reason_to_guess() {
    let hour = NOW / 3600;
    let hours = |hours: std::ops::Range<i64>, bad_hour: i64| {
        let values = |outcome: &str| {
            let value = |hour: i64| match (outcome, hour == bad_hour) {
                ("bad", true) => "90",
                ("bad", false) => "0",
                _ => "100",
            };
            let samples = hours.clone();
            samples
                .map(|hour| json!([(hour + 1) * 3600 + 20, value(hour)]))
                .collect::<Vec<_>>()
        };
        ["good", "bad"].map(|outcome| {
            json!({
                "metric": {"slo": SLOS[0], "slo_outcome": outcome, "job": "orders"},
                "values": values(outcome),
            })
        })
    };
    let this = events(SLOS[0], "40", "0");
    // 719 full hours, half of the oldest, and this one.
    let window = events(SLOS[0], &(719 * 100 + 50 + 40).to_string(), "90");
    let told = |hours: [Value; 2]| {
        told(
            vec![
                (WINDOW, window.clone()),
                ("query=slo:events:count1h{", hours.to_vec()),
                ("query=slo:events:count_this_hour", this.clone()),
            ],
            SLOS[0],
        )
        .0
    };
    let incident = hour - 100;
    let whole = told(hours(hour - 720..hour, incident));
    let leaves = (incident + 1 + 720) * 3600;
    assert_eq!(whole["back"]["usual"], leaves, "{whole:#}");
    let missing = told(hours(hour - 720..hour - 50, incident));
    assert!(missing["back"].is_null(), "{missing:#}");
    let remarks = missing["remarks"].to_string();
    assert!(
        remarks.contains("when it is back is not known"),
        "{remarks}"
    );
}

#[test]
fn the_table_is_for_people() {
    let mut window = windows("40962", "38");
    window.retain(|series| series["metric"]["slo"] != SLOS[1]);
    let alerts = vec![json!({
        "metric": {"slo": SLOS[0], "job": "orders", "severity": "page", "alertname": "SloErrorBudgetBurn"},
        "value": [NOW, "1"],
    })];
    let answers = || {
        vec![
            (WINDOW, window.clone()),
            (PACES, paces("1h", &SLOS, "980", "20")),
            ("query=ALERTS", alerts.clone()),
        ]
    };
    let run = asked(&sandbox(), answers(), "");
    assert_eq!(run.code, 2);
    for line in [
        "Sun 2026-11-29 14:30 UTC\n",
        "orders/checkout.availability               99.9%  30d          3 of 41",
        "2.6 h at 1h pace",
        "orders/checkout.latency                      99%  30d     not measured",
        "-18 of 20",
        "  firing: page: SloErrorBudgetBurn\n",
        "  policy at 10% left: freeze\n",
    ] {
        assert!(run.out.contains(line), "{line}\n{}", run.out);
    }
    let summary = "1 of 3 SLOs spent the budget: orders/checkout/place-order.availability; 1 not measured; \
                   alerts fire for 1\n";
    assert!(run.err.ends_with(summary), "{}", run.err);
    let run = asked(&sandbox(), answers(), "--format markdown");
    assert!(
        run.out
            .contains("| orders/checkout.availability | 99.9% | 30d | 3 of 41 (7%) |"),
        "{}",
        run.out
    );
    let run = asked(
        &sandbox(),
        answers(),
        "--explain orders/checkout.availability",
    );
    for line in [
        "events of the window: slo:events:sum_window{}",
        "  window 30d: Fri 2026-10-30 14:30 UTC to Sun 2026-11-29 14:30 UTC\n",
        "allowed = floor(valid × (1 − target)) = floor(41000 × (100% − 99.9%)) = 41\n",
    ] {
        assert!(run.out.contains(line), "{line}\n{}", run.out);
    }
    let run = asked(
        &sandbox(),
        answers(),
        "--explain orders/chekout.availability",
    );
    run.failed(&[
        "no SLO `orders/chekout.availability`",
        "did you mean `orders/checkout.availability`?",
    ]);
}

#[test]
fn questions_that_can_not_be_asked_are_errors() {
    let sandbox = sandbox();
    sandbox
        .slo("status --bin orders")
        .failed(&["which store knows what was counted?", "--prometheus URL"]);
    let url = store(Vec::new());
    for (more, words) in [
        ("--at yesterday", "is not a moment"),
        ("--time-zone Mars/Olympus", "is not a time zone"),
    ] {
        let run = sandbox.slo(&format!("status --prometheus {url} --bin orders {more}"));
        assert_eq!(run.code, 2);
        assert!(run.err.contains(words), "{}", run.err);
    }
    let run = sandbox.slo("status --prometheus http://127.0.0.1:1 --bin orders");
    run.failed(&["http://127.0.0.1:1"]);
}

#[test]
fn the_gate_reads_exports_and_nothing_else() {
    let sandbox = sandbox();
    let url = store(vec![(WINDOW, windows("40962", "38"))]);
    let gate = |more: &str| sandbox.slo(&format!("gate --prometheus {url} --at {AT} {more}"));
    gate("--bin orders").failed(&["was not read from an export", "protected branch"]);
    gate("--bin orders --slo-toml slo.toml")
        .failed(&["takes no `--slo-toml`", "never of the change"]);
    sandbox.slo("export --bin orders -o exports").ok();
    // What lies beside it says nothing.
    sandbox.write(
        "slo.toml",
        "[[budget-policy]]\nleft = \"0%\"\nthen = \"nothing\"\n",
    );
    let run = gate("exports/orders.slo.json");
    assert_eq!(run.code, 1, "{run:?}");
    assert!(
        run.out.contains(
            "the gate is closed by orders/checkout.availability, orders/checkout/place-order"
        ),
        "{}",
        run.out
    );
    assert_eq!(gate("exports/orders.slo.json --change fix").code, 0);
    sandbox.write(
        "overrides.toml",
        "[[override]]\nslo = \"orders\"\nuntil = \"2026-11-29\"\nbecause = \"the sale\"\nby = \"Sato\"\n",
    );
    let run = gate("exports/orders.slo.json --overrides overrides.toml").ok();
    assert!(
        run.out
            .contains("overridden by Sato until 2026-11-29: the sale"),
        "{}",
        run.out
    );
    sandbox.write(
        "overrides.toml",
        "[[override]]\nslo = \"order\"\nuntil = \"2026-11-29\"\nbecause = \"a\"\nby = \"b\"\n",
    );
    gate("exports/orders.slo.json --overrides overrides.toml")
        .failed(&["no SLO `order` was read", "overrides.toml:2:7"]);
    // Nothing is known: a feature waits, a rollback does not.
    let url = store(Vec::new());
    let gate = |more: &str| {
        sandbox.slo(&format!(
            "gate --prometheus {url} --at {AT} exports/orders.slo.json {more}"
        ))
    };
    let run = gate("--format json");
    let told: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!((run.code, told["answer"].as_str()), (2, Some("unknown")));
    assert_eq!(gate("--change rollback").code, 0);
}
