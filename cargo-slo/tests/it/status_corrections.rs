//! Load tests and broken monitoring are shown beside the budget, and change nothing else.

use crate::{
    fixtures::Sandbox,
    status::sandbox,
    status_store::{AT, NOW, SLOS, WINDOW, answer, events, serve, windows},
};
use serde_json::{Value, json};
use std::sync::Arc;

const LOAD_TEST: &str = "[[correction]]\non = \"checkout.availability\"\n\
    from = 2026-11-28T18:00:00+09:00\nto = 2026-11-28T10:00:00Z\n\
    reason = \"a load test\"\nby = \"Mori\"\nlink = \"https://wiki.example/7\"\n";

/// When the load test ended.
const END: i64 = NOW - 28 * 3600 - 1800;

/// A store with these events in the window, and 4,000 good and 30 bad ones in any stretch.
fn with_stretch(good: &str, bad: &str) -> (String, crate::status_store::Asked) {
    let window = windows(good, bad);
    let stretch = events(SLOS[0], "4000", "30");
    serve(move |asked| {
        let series = match () {
            () if asked.contains(WINDOW) => &window[..],
            () if asked.contains("query=sum_over_time(slo:events:count1m") => &stretch,
            () => &[],
        };
        Some(Arc::from(answer(asked, series).to_string()))
    })
}

fn first(sandbox: &Sandbox, url: &str) -> Value {
    let asked = format!("status --prometheus {url} --at {AT} --bin orders --format json");
    let run = sandbox.slo(&asked);
    let report: Value = serde_json::from_str(&run.out).unwrap_or_else(|_| panic!("{run:?}"));
    let mut slos = report["slos"].as_array().unwrap().iter();
    slos.find(|status| status["slo"] == SLOS[0])
        .unwrap()
        .clone()
}

#[test]
fn both_numbers_are_shown() {
    let sandbox = sandbox();
    sandbox.write("slo.toml", LOAD_TEST);
    let (url, asked) = with_stretch("40962", "38");
    let status = first(&sandbox, &url);
    assert_eq!(status["budget"]["left"], 3, "{status:#}");
    let corrected = &status["corrected"];
    // 8 of 36,970 are left over, of which 36 may be bad.
    assert_eq!(corrected["budget"]["left"], 28, "{status:#}");
    let stretch = json!({
        "from": END - 3600, "to": END, "good": 4000, "bad": 30,
        "reason": "a load test", "by": "Mori", "link": "https://wiki.example/7",
    });
    assert_eq!(corrected["stretches"], json!([stretch]), "{status:#}");
    let asked = asked.lock().unwrap().clone();
    let of_stretch: Vec<_> = asked
        .iter()
        .filter(|asked| asked.contains("sum_over_time"))
        .collect();
    assert_eq!(of_stretch.len(), 1, "{asked:#?}");
    assert!(of_stretch[0].contains("[3600s]"), "{of_stretch:?}");
    assert!(
        of_stretch[0].contains(&format!("time={END}.000")),
        "{of_stretch:?}"
    );
    for format in ["human", "markdown"] {
        let asked = format!("status --prometheus {url} --at {AT} --bin orders --format {format}");
        let out = sandbox.slo(&asked).out;
        for told in [
            "3 of 41",
            "corrected: 28 of 36 left (78%); alerts and the gate don't look at it",
            "Sat 2026-11-28 10:00 UTC: 30 bad of 4,030 events: a load test, says Mori",
        ] {
            assert!(out.contains(told), "{told}\n{out}");
        }
    }
}

#[test]
fn what_can_not_be_taken_out_is_told() {
    let sandbox = sandbox();
    let told = |facts: &str, bad: &str| {
        sandbox.write("slo.toml", facts);
        let status = first(&sandbox, &with_stretch("40962", bad).0);
        (status["corrected"].clone(), status["remarks"].to_string())
    };
    let (corrected, remarks) = told(&LOAD_TEST.repeat(2), "38");
    assert!(
        corrected.is_null() && remarks.contains("some of them overlap"),
        "{remarks}"
    );
    let (corrected, remarks) = told(LOAD_TEST, "29");
    assert!(
        corrected.is_null() && remarks.contains("more events than the window"),
        "{remarks}"
    );
    // Before the window, or of something else.
    for other in [
        LOAD_TEST.replace("2026-11-28", "2026-09-28"),
        LOAD_TEST.replace("checkout.availability", "checkout.latency"),
    ] {
        let (corrected, remarks) = told(&other, "38");
        assert!(
            corrected.is_null() && !remarks.contains("corrections"),
            "{remarks}"
        );
    }
    // In part before it.
    let (corrected, _) = told(
        &LOAD_TEST.replace("from = 2026-11-28", "from = 2026-09-28"),
        "38",
    );
    assert_eq!(corrected["stretches"][0]["from"], NOW - 30 * 86_400);
}

#[test]
fn the_gate_does_not_look_at_it() {
    let sandbox = sandbox();
    let policy = "[[budget-policy]]\nleft = \"0%\"\nthen = \"freeze\"\n";
    sandbox.write("slo.toml", format!("{policy}{LOAD_TEST}"));
    sandbox.slo("export --bin orders -o exports").ok();
    let (url, _) = with_stretch("409620", "600");
    let asked = format!("--prometheus {url} --at {AT} exports/orders.slo.json");
    let out = sandbox.slo(&format!("status {asked}")).out;
    assert!(out.contains("corrected: "), "{out}");
    let run = sandbox.slo(&format!("gate {asked}"));
    assert_eq!(run.code, 1, "{run:?}");
}

#[test]
fn doubtful_corrections_are_found() {
    let sandbox = sandbox();
    let found = |facts: &str| {
        sandbox.write("slo.toml", facts);
        sandbox.slo("check --bin orders --today 2026-11-29").out
    };
    for (facts, told) in [
        (
            LOAD_TEST.replace("a load test", " "),
            "is corrected without a reason",
        ),
        (
            LOAD_TEST.replace("2026-11-28", "2026-12-28"),
            "is about the future",
        ),
        (
            LOAD_TEST.replace("to = 2026-11-28T10", "to = 2026-11-28T08"),
            "ends before it begins",
        ),
        (
            LOAD_TEST.replace("from = 2026-11-28", "from = 2026-11-18"),
            "is longer than a week",
        ),
        (
            format!(
                "{LOAD_TEST}{}",
                LOAD_TEST.replace("checkout.availability", "checkout")
            ),
            "two corrections of `checkout` overlap",
        ),
        (
            LOAD_TEST.replace("checkout.availability", "chekout"),
            "there is no journey, endpoint or SLO called `chekout`",
        ),
    ] {
        let out = found(&facts);
        assert!(out.contains(told), "{told}\n{out}");
    }
    let other = LOAD_TEST.replace("checkout.availability", "checkout.latency");
    let out = found(&format!("{LOAD_TEST}{other}"));
    assert!(!out.contains("doubtful-correction"), "{out}");
}
