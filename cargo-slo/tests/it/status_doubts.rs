//! Counts that are right, of something else than what is asked: of another window, or without the hours
//! in which nobody counted. A number does not show that, so it is said.

use crate::{
    status::sandbox,
    status_store::{AT, Answers, NOW, PACES, SLOS, WINDOW, events, paces, store, windows},
};
use serde_json::{Value, json};

/// The first SLO as JSON with the exit code, and what the gate says of it.
fn told(answers: impl Fn() -> Answers) -> (Value, i32, Value) {
    let sandbox = sandbox();
    sandbox.slo("export --bin orders -o exports").ok();
    let ask = |command: &str| {
        let url = store(answers());
        let run = sandbox.slo(&format!(
            "{command} --prometheus {url} --at {AT} --format json exports/orders.slo.json"
        ));
        let told: Value = serde_json::from_str(&run.out).unwrap_or_else(|_| panic!("{run:?}"));
        let mut slos = told["slos"].as_array().unwrap().iter();
        let slo = slos.find(|slo| slo["slo"] == SLOS[0]).unwrap().clone();
        (slo, run.code)
    };
    let (status, code) = ask("status");
    (status, code, ask("gate").0)
}

/// Series of the windows, which say how long these are.
fn over(window: &str, good: &str, bad: &str) -> Vec<Value> {
    let mut series = windows(good, bad);
    for series in &mut series {
        series["metric"]["slo_window"] = json!(window);
    }
    series
}

#[test]
fn events_of_another_window_are_no_budget() {
    for window in ["28d", "31d", "calendar-month"] {
        let (status, code, gate) = told(|| vec![(WINDOW, over(window, "100000", "1"))]);
        assert_eq!(
            (status["state"].as_str(), code),
            (Some("unknown"), 2),
            "{status:#}"
        );
        assert!(status["budget"].is_null(), "{status:#}");
        let why = format!("its rules count over a window of {window}, its definition says 30d");
        assert!(status["why"].as_str().unwrap().contains(&why), "{status:#}");
        assert_eq!(gate["answer"], "unknown", "{gate:#}");
        // While rules are exchanged both are there.
        let both = || [over(window, "100000", "1"), over("30d", "99990", "10")].concat();
        let (status, code, _) = told(|| vec![(WINDOW, both())]);
        assert_eq!(code, 0, "{status:#}");
        assert_eq!(status["budget"]["bad"], 10, "{status:#}");
    }
}

/// Each alert that says that counts are wrong, with labels, and whether it is about the first SLO.
#[test]
fn alerts_about_the_service_are_those_of_its_slos() {
    for (labels, is_told) in [
        (json!({"alertname": "SloDataGap", "job": "orders"}), true),
        (
            json!({"alertname": "SloDataGap", "job": "orders", "slo_service": "orders"}),
            true,
        ),
        (
            json!({"alertname": "SloDataMissing", "slo_service": "orders"}),
            true,
        ),
        (
            json!({"alertname": "SloStuck", "job": "orders", "slo_endpoint": "place-order"}),
            true,
        ),
        (
            json!({"alertname": "SloStuck", "job": "orders", "slo_endpoint": "cart"}),
            false,
        ),
        (
            json!({"alertname": "SloDataGap", "job": "eu/orders"}),
            false,
        ),
        (
            json!({"alertname": "SloDataMissing", "slo_service": "mail"}),
            false,
        ),
        (json!({"alertname": "SlowQueries"}), false),
    ] {
        let (status, code, gate) = told(|| {
            let mut alert = labels.clone();
            alert["severity"] = json!("ticket");
            let alert = json!({"metric": alert, "value": [NOW, "1"]});
            vec![
                ("query=ALERTS", vec![alert]),
                (WINDOW, windows("100000", "1")),
            ]
        });
        let name = format!("ticket: {}", labels["alertname"].as_str().unwrap());
        let firing = match is_told {
            true => json!([name]),
            false => json!([]),
        };
        assert_eq!(status["firing"], firing, "{labels}: {status:#}");
        assert_eq!(code, 0, "{labels}: {status:#}");
        let is_gap = is_told && labels["alertname"] == "SloDataGap";
        let reason = gate["reason"].as_str().unwrap();
        assert_eq!(reason.contains("SloDataGap"), is_gap, "{labels}: {gate:#}");
    }
}

/// Then each count is a difference of a value with itself.
#[test]
fn where_rules_count_nothing_nothing_is_known() {
    for labels in [json!({}), json!({"slo_service": "orders"})] {
        let (status, code, gate) = told(|| {
            let mut alert = labels.clone();
            alert["alertname"] = json!("SloCountsDelayed");
            let alert = json!({"metric": alert, "value": [NOW, "1"]});
            vec![
                ("query=ALERTS", vec![alert]),
                (WINDOW, windows("100000", "1")),
            ]
        });
        assert_eq!(
            (status["state"].as_str(), code),
            (Some("unknown"), 2),
            "{status:#}"
        );
        assert!(
            status["why"].as_str().unwrap().contains("SloCountsDelayed"),
            "{status:#}"
        );
        assert_eq!(gate["answer"], "unknown", "{gate:#}");
    }
}

#[test]
fn hours_of_which_nothing_is_recorded_are_told() {
    for (hours, remark) in [
        ("721", None),
        ("720", None),
        ("719", Some("nothing is recorded of 1 hour of its window: ")),
        (
            "718",
            Some("nothing is recorded of 2 hours of its window: "),
        ),
        (
            "12",
            Some("nothing is recorded of 708 hours of its window: "),
        ),
    ] {
        let (status, code, _) = told(|| {
            let counted = SLOS.map(|slo| events(slo, hours, hours).swap_remove(0));
            vec![
                ("query=count_over_time(slo:events:count1h{", counted.into()),
                (WINDOW, windows("100000", "1")),
            ]
        });
        assert_eq!(code, 0, "{status:#}");
        let remarks = status["remarks"].to_string();
        match remark {
            Some(remark) => assert!(remarks.contains(remark), "{hours}: {remarks}"),
            None => assert_eq!(remarks, "[]", "{hours}"),
        }
    }
}

/// A pace that is left out without a word looks like one without an event.
#[test]
fn paces_that_are_no_counts_are_told() {
    let (status, code, _) = told(|| {
        let [hour, six] =
            [("1h", "1"), ("6h", "-45")].map(|(over, bad)| paces(over, &SLOS, "1000", bad));
        vec![
            (WINDOW, windows("100000", "1")),
            (PACES, [hour, six].concat()),
        ]
    });
    assert_eq!(code, 0, "{status:#}");
    assert_eq!(status["paces"].as_array().unwrap().len(), 1, "{status:#}");
    let remarks = status["remarks"].to_string();
    let told = "the burn rate of the last 6h is not known: -45 bad events are not a count";
    assert!(remarks.contains(told), "{remarks}");
}
