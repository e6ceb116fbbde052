//! What was spent since the last deployment, and by which version.

use crate::{
    status::sandbox,
    status_store::{AT, NOW, SLOS, WINDOW, answer, events, serve, windows},
};
use serde_json::{Value, json};
use std::sync::Arc;

/// A counter of an instance.
fn counter(instance: &str, outcome: &str, values: [[i64; 2]; 2]) -> Value {
    json!({
        "metric": {
            "job": "orders", "instance": instance, "slo_outcome": outcome, "slo_sli": "availability",
            "slo_journey": "checkout", "slo_endpoint": "place-order",
        },
        "values": values.map(|[moment, value]| json!([moment, value.to_string()])),
    })
}

fn explained(versions: [&str; 2], format: &str) -> String {
    let minute = NOW - 3600;
    let of = |instance: &str, more: Value, value: i64| {
        let mut metric = json!({"job": "orders", "instance": instance});
        for (key, label) in more.as_object().unwrap() {
            metric[key] = label.clone();
        }
        json!({"metric": metric, "value": [NOW, value.to_string()]})
    };
    let infos: Vec<_> = ["a", "b"]
        .into_iter()
        .zip(versions)
        .map(|(instance, version)| of(instance, json!({"service_version": version}), 1))
        .collect();
    let starts = vec![
        of("a", json!({}), NOW - 500_000),
        of("b", json!({}), NOW - 7200),
    ];
    let minutes = vec![json!({
        "metric": {"slo": SLOS[0], "slo_outcome": "bad", "job": "orders"}, "values": [[minute, "20"]],
    })];
    let counters = vec![
        counter("a", "good", [[minute - 60, 100], [minute, 600]]),
        counter("b", "good", [[minute - 60, 100], [minute, 580]]),
        counter("b", "bad", [[minute - 60, 0], [minute, 20]]),
    ];
    let since = events(SLOS[0], "980", "20");
    let window = windows("40980", "20");
    let (url, _) = serve(move |asked| {
        let series = match () {
            () if asked.contains(WINDOW) => &window[..],
            () if asked.contains("target[._]info") => &infos,
            () if asked.contains("start_time") => &starts,
            () if asked.contains("query=sum_over_time(slo:events:count1m") => {
                assert!(
                    asked.contains("[7200s]") && asked.contains(&format!("time={NOW}")),
                    "{asked}"
                );
                &since
            }
            () if asked.contains("query=slo:events:count1m") => &minutes,
            () if asked.contains("slo[._]events(") => &counters,
            () => &[],
        };
        Some(Arc::from(answer(asked, series).to_string()))
    });
    let slo = SLOS[0];
    sandbox()
        .slo(&format!(
            "status --prometheus {url} --at {AT} --bin orders --explain {slo} --format {format}"
        ))
        .out
}

#[test]
fn the_newest_version_spent_it() {
    let report: Value = serde_json::from_str(&explained(["1.2", "1.3"], "json")).unwrap();
    let status = &report["slos"][0];
    let deploy = &status["since-deploy"];
    assert_eq!(deploy["version"], "1.3", "{status:#}");
    assert_eq!(deploy["since"], NOW - 7200);
    assert_eq!([&deploy["good"], &deploy["bad"]], [980, 20]);
    let rate = deploy["burn-rate"].as_f64().unwrap();
    assert!((rate - 20.0).abs() < 1e-9, "{deploy:#}");
    let splits = status["spent"][0]["by"].as_array().unwrap();
    let versions = splits.iter().find(|split| split["kind"] == "version");
    let versions = versions.unwrap_or_else(|| panic!("{status:#}"));
    assert_eq!(versions["parts"][0]["name"], "1.3");
    assert_eq!(versions["parts"][0]["bad"], 20);
    assert_eq!(versions["unattributed"], 0);
    let human = explained(["1.2", "1.3"], "human");
    let told =
        "since 1.3 was deployed at Sun 2026-11-29 12:30 UTC: 20 bad of 1,000 events, burn rate 20";
    assert!(human.contains(told), "{human}");
    assert!(
        human.contains("version 1.3: 20 bad, 50% of the traffic"),
        "{human}"
    );
}

#[test]
fn without_a_version_nothing_is_made_up() {
    let human = explained(["", ""], "human");
    assert!(
        human.contains("no process exports `service.version`"),
        "{human}"
    );
    assert!(!human.contains("was deployed"), "{human}");
}
