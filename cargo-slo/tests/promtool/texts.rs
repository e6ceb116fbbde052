//! What people are told, as Prometheus expands it.

use crate::{
    judge::promtool,
    shop::{BAD, GOOD, OWNER, definition, endpoint, mode, rules},
};
use cargo_slo::outputs::Mode;
use serde_json::{Value, json};

/// Plays series and compares one alert, its labels and annotations, to the letter.
fn told(mode_of: Mode, series: &[(&str, &str)], alert: &str, expected: &[Value]) {
    let folder = tempfile::tempdir().unwrap();
    let definition = definition("orders", &[endpoint("cart", "30d")]);
    let rules = rules(&definition, &mode(mode_of));
    std::fs::write(folder.path().join("rules.yaml"), &rules).unwrap();
    let rules: Value = serde_norway::from_str(&rules).unwrap();
    let groups = rules["groups"].as_array().unwrap().iter();
    let order: Vec<_> = groups.map(|group| group["name"].clone()).collect();
    let series: Vec<_> = series
        .iter()
        .map(|(series, values)| json!({"series": series, "values": values}))
        .collect();
    let test = json!({
        "rule_files": ["rules.yaml"],
        "evaluation_interval": "5m",
        "group_eval_order": order,
        "tests": [{
            "interval": "5m",
            "input_series": series,
            "alert_rule_test": [{"eval_time": "70m", "alertname": alert, "exp_alerts": expected}],
        }],
    });
    let path = folder.path().join("test.yaml");
    // JSON is YAML, and keeps the line end in the owner.
    std::fs::write(&path, test.to_string()).unwrap();
    promtool(&["test", "rules"], &path);
}

const SERIES: [(&str, &str); 2] = [(GOOD, "0x80"), (BAD, "0+50x80")];

const TIERS: [(&str, &str, &str, &str, &str, &str, u32); 4] = [
    ("1h", "5m", "page", "Far too many", "50 hours", "14.4", 600),
    ("6h", "30m", "page", "Far too many", "5 days", "6", 700),
    ("1d", "2h", "ticket", "Too many", "10 days", "3", 700),
    ("3d", "6h", "ticket", "Too many", "30 days", "1", 700),
];

#[test]
fn texts_of_alerts_are_expanded_as_they_were_written() {
    let alerts = TIERS.map(|(long, short, severity, amount, lifetime, factor, bad)| {
        json!({
            "exp_labels": {
                "job": "orders", "severity": severity, "slo_window": "30d", "slo_window_tier": long,
                "slo": "orders/checkout.availability", "slo_service": "orders",
                "slo_journey": "checkout", "slo_sli": "availability", "slo_owner": OWNER,
            },
            "exp_annotations": {
                "summary": format!(
                    "{amount} events of journey checkout in orders fail: at this rate a whole error budget is spent in {lifetime}"
                ),
                "description": format!(
                    "orders/checkout.availability: the objective of 99% over 30d allows for 7 bad events at the \
                     traffic there was; {bad} were bad in the last {long}. The error budget burns more than {factor} \
                     times as fast as it may, over {long} and still over {short}."
                ),
                "owner": OWNER,
                "runbook_url": "https://runbooks.example/{{ .x }}?{",
            },
        })
    });
    told(Mode::PerSlo, &SERIES, "SloErrorBudgetBurn", &alerts);
}

/// The endpoint and the result that had most of the bad events are looked up, in both modes.
#[test]
fn descriptions_name_the_endpoint_and_the_result_that_fail_most() {
    let results = [
        ("cart", "server_error", "0+40x80"),
        ("cart", "ok", "0+900x80"),
        ("checkout.v2", "timed_out", "0+2x80"),
        ("cart", "client_error", "0+700x80"),
    ];
    let mut series: Vec<(String, &str)> = SERIES.map(|(s, v)| (s.to_owned(), v)).into();
    for (endpoint, result, values) in results {
        let name = format!(
            r#"slo_results_total{{job="orders",slo_journey="checkout",slo_endpoint="{endpoint}",slo_result="{result}"}}"#
        );
        series.push((name, values));
    }
    series.push((
        r#"slo_objective_ratio{job="orders",slo_journey="checkout",slo_sli="availability",slo_window="30d",slo_owner="o"}"#.to_owned(),
        "0.99x80",
    ));
    for mode_of in [Mode::PerSlo, Mode::Universal] {
        let folder = tempfile::tempdir().unwrap();
        let definition = definition("orders", &[endpoint("cart", "30d")]);
        let rules = rules(&definition, &mode(mode_of));
        // The template of the description, as a label that a query can show.
        let read: Value = serde_norway::from_str(&rules).unwrap();
        let groups = read["groups"].as_array().unwrap();
        let order: Vec<_> = groups.iter().map(|group| group["name"].clone()).collect();
        let all = groups
            .iter()
            .flat_map(|group| group["rules"].as_array().unwrap());
        let mut pages = all.filter(|rule| rule["labels"]["slo_window_tier"] == "1h");
        let page = pages.next().unwrap();
        let description = page["annotations"]["description"].as_str().unwrap();
        let at = description.rfind("over 5m.").unwrap() + "over 5m.".len();
        let sentence = json!([{
            "alert": "Told", "expr": page["expr"],
            "annotations": {"description": &description[at..]},
        }]);
        let mut with_sentence = read.clone();
        with_sentence["groups"].as_array_mut().unwrap().push(json!({
            "name": "told", "rules": sentence,
        }));
        std::fs::write(folder.path().join("rules.yaml"), with_sentence.to_string()).unwrap();
        let mut labels = json!({
            "job": "orders", "slo": "orders/checkout.availability", "slo_service": "orders",
            "slo_journey": "checkout", "slo_sli": "availability",
        });
        if mode_of == Mode::Universal {
            labels["slo_owner"] = "o".into();
        }
        let series: Vec<_> = series
            .iter()
            .map(|(series, values)| json!({"series": series, "values": values}))
            .collect();
        let order: Vec<_> = order.into_iter().chain(["told".into()]).collect();
        let test = json!({
            "rule_files": ["rules.yaml"],
            "evaluation_interval": "5m",
            "group_eval_order": order,
            "tests": [{
                "interval": "5m",
                "input_series": series,
                "alert_rule_test": [{"eval_time": "70m", "alertname": "Told", "exp_alerts": [{
                    "exp_labels": labels,
                    "exp_annotations": {"description": " Most of them: cart, server_error."},
                }]}],
            }],
        });
        let path = folder.path().join("test.yaml");
        std::fs::write(&path, test.to_string()).unwrap();
        promtool(&["test", "rules"], &path);
    }
}

#[test]
fn texts_for_all_slos_say_the_same() {
    let alerts = TIERS.map(|(long, short, severity, amount, lifetime, factor, bad)| {
        json!({
            "exp_labels": {
                "job": "orders", "severity": severity, "slo_window": "30d", "slo_window_tier": long,
                "slo": "orders/checkout.availability", "slo_service": "orders",
                "slo_journey": "checkout", "slo_sli": "availability", "slo_owner": "team-orders",
            },
            "exp_annotations": {
                "summary": format!(
                    "{amount} events of orders/checkout.availability are bad: at this rate a whole error budget is spent in {lifetime}"
                ),
                "description": format!(
                    "orders/checkout.availability: the objective over 30d allows for 7 bad events at the \
                     traffic there was; {bad} were bad in the last {long}. The error budget burns more than {factor} \
                     times as fast as it may, over {long} and still over {short}."
                ),
                "owner": "team-orders",
                "runbook_url": "https://runbooks.example/checkout",
            },
        })
    });
    let series = [
        SERIES[0],
        SERIES[1],
        (
            r#"slo_objective_ratio{job="orders",slo_journey="checkout",slo_sli="availability",slo_window="30d",slo_owner="team-orders"}"#,
            "0.99x80",
        ),
        (
            r#"slo_info{job="orders",slo_journey="checkout",slo_hash="1",slo_runbook="https://runbooks.example/checkout"}"#,
            "1x80",
        ),
    ];
    told(Mode::Universal, &series, "SloErrorBudgetBurn", &alerts);
}

#[test]
fn the_text_of_missing_data_says_what_to_check() {
    let expected = json!({
        "exp_labels": {"severity": "ticket", "slo_service": "orders", "slo_owner": OWNER},
        "exp_annotations": {
            "summary": "No SLO data of orders: its error budgets are unknown and its other SLO alerts can't fire",
            "description":
                "Not one sample of slo_events_total{job=~\"(.+/)?orders\"} in 15m; without traffic there \
                 would still be some. Check that the service runs and keeps the guard of slo-sdk; that its \
                 exporter reaches the collector (OTEL_EXPORTER_OTLP_ENDPOINT, warnings in its log); that \
                 the collector sends to this Prometheus; and that the service has this name: `count by (job) \
                 (slo_events_total)` lists those there are, and `cargo slo generate prometheus` takes \
                 `--service` and `--namespace`.",
            "owner": OWNER,
        },
    });
    told(Mode::PerSlo, &[], "SloDataMissing", &[expected]);
}
