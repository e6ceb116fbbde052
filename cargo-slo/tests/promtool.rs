//! Rules as Prometheus itself sees them: `promtool check rules` accepts them, and
//! `promtool test rules` plays series through them.
//!
//! Run with `--features promtool-tests`; `promtool` comes with Prometheus
//! (`apt-get install prometheus`).

#![expect(clippy::unwrap_used, reason = "these are tests")]

use cargo_slo::{definition, input, outputs};
use serde_json::{Value, json};
use std::{fmt::Write, path::PathBuf, process::Command};

/// An endpoint of the journey `checkout`: 99 % availability over a window.
fn endpoint(name: &str, journey_window: &str) -> Value {
    json!({
        "name": name,
        "journey": {
            "name": "checkout", "owner": "team \\ \"orders\" {{ .x }}\n", "hash": "1",
            "runbook": "https://runbooks.example/{{ .x }}?{",
            "objectives": {
                "availability_ppb": 990_000_000,
                "latency": [{"name": "latency", "target_ppb": 950_000_000, "threshold_ns": 500_000_000}],
                "window": journey_window,
            },
        },
        "hash": "2",
        "source": {
            "package": "p", "version": "1.0.0", "module": "m", "function": "f", "file": "f.rs", "line": 1,
        },
    })
}

/// A folder with the rules of a service with these endpoints.
fn rules(service: &str, endpoints: &[Value]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = write_rules(&folder, service, None, endpoints);
    (folder, path)
}

/// The same in a folder that is there, for one namespace.
fn write_rules(
    folder: &tempfile::TempDir,
    service: &str,
    namespace: Option<&str>,
    endpoints: &[Value],
) -> PathBuf {
    let export = folder.path().join("export.slo.json");
    let content = json!({"format": 1, "generator": "", "service": service, "records": endpoints});
    std::fs::write(&export, content.to_string()).unwrap();
    let reading = input::read_exports(&[export]).unwrap();
    let definition = definition::resolve(&reading).unwrap();
    let path = folder.path().join(match namespace {
        Some(namespace) => format!("rules-{namespace}.yaml"),
        None => "rules.yaml".to_owned(),
    });
    let rules = outputs::prometheus::rules(&definition.services[0], namespace);
    std::fs::write(&path, rules).unwrap();
    path
}

fn promtool(arguments: &[&str], file: &std::path::Path) {
    let output = Command::new("promtool").args(arguments).arg(file).output();
    let output = output.unwrap_or_else(|error| {
        panic!("promtool can't be started ({error}): install Prometheus, or leave out the feature `promtool-tests`")
    });
    assert!(
        output.status.success(),
        "{}\n{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

/// Plays series through the rules of two endpoints with 30 days each.
fn play(series: &[(&str, &str)], expected: &[(&str, u32, Option<f64>)]) {
    let (folder, _) = rules("orders", &[endpoint("cart", "30d"), endpoint("pay", "30d")]);
    play_in(&folder, series, expected);
}

/// Plays series through all rules in a folder: `series` and their values are in promtool's
/// notation, `expected` are expressions with the moment in minutes and the only value, or
/// nothing where there must be no result.
fn play_in(
    folder: &tempfile::TempDir,
    series: &[(&str, &str)],
    expected: &[(&str, u32, Option<f64>)],
) {
    play_every("1m", folder, series, expected);
}

/// The same with the rules evaluated less often: at most every five minutes, which their
/// counts span.
fn play_every(
    interval: &str,
    folder: &tempfile::TempDir,
    series: &[(&str, &str)],
    expected: &[(&str, u32, Option<f64>)],
) {
    let mut text = format!("rule_files: [rules*.yaml]\nevaluation_interval: {interval}\n");
    text += "tests:\n- interval: 1m\n  input_series:\n";
    for (series, values) in series {
        writeln!(text, "  - series: '{series}'\n    values: '{values}'").unwrap();
    }
    text += "  promql_expr_test:\n";
    for (expr, minute, value) in expected {
        writeln!(
            text,
            "  - expr: '{expr}'\n    eval_time: {minute}m\n    exp_samples:"
        )
        .unwrap();
        match value {
            Some(value) => writeln!(text, "      - {{labels: '{{}}', value: {value}}}").unwrap(),
            None => writeln!(text, "      []").unwrap(),
        }
    }
    let test = folder.path().join("test.yaml");
    std::fs::write(&test, text).unwrap();
    promtool(&["test", "rules"], &test);
}

macro_rules! events {
    ($labels:literal) => {
        concat!(
            r#"slo_events_total{job="orders",slo_journey="checkout",slo_sli="availability","#,
            $labels,
            "}"
        )
    };
    ($job:literal, $outcome:literal) => {
        concat!(
            r#"slo_events_total{slo_journey="checkout",slo_sli="availability",slo_endpoint="cart",job=""#,
            $job,
            r#"",slo_outcome=""#,
            $outcome,
            r#""}"#
        )
    };
}

const GOOD: &str = events!(r#"pod="a",slo_endpoint="cart",slo_outcome="good""#);
const BAD: &str = events!(r#"pod="a",slo_endpoint="cart",slo_outcome="bad""#);
const OTHER_GOOD: &str = events!(r#"pod="b",slo_endpoint="pay",slo_outcome="good""#);
const OTHER_BAD: &str = events!(r#"pod="b",slo_endpoint="pay",slo_outcome="bad""#);

const LEFT: &str = r#"sum(slo:error_budget_left:ratio{slo="orders/checkout.availability"})"#;
const PAGES: &str =
    r#"sum(ALERTS{alertname="SloErrorBudgetBurn",severity="page",slo_window_tier="1h"})"#;
const MISSING: &str = r#"sum(ALERTS{alertname="SloDataMissing",alertstate="firing",severity="ticket",slo_service="orders"})"#;
const ALL_ALERTS: &str = r#"sum(ALERTS{alertname="SloErrorBudgetBurn"})"#;

/// True where the budget left lies within one percent (of the whole budget) of this.
fn left_is(expected: f64) -> String {
    format!("sum(abs({LEFT} - {expected}) < bool 0.01)")
}

#[test]
fn promtool_accepts_what_is_generated() {
    for window in ["30d", "7d", "28d", "90d", "calendar-month", "calendar-year"] {
        let mut strict = endpoint("place-order", window);
        strict["objectives"] = json!({"availability_ppb": 999_999_999, "window": "1d"});
        let mut loose = endpoint("loose", window);
        loose["objectives"] = json!({"availability_ppb": 1, "window": "366d"});
        for service in ["orders", "or\"d{{s }} '#: é\u{2028}"] {
            let endpoints = [endpoint("cart", window), strict.clone(), loose.clone()];
            let (_folder, path) = rules(service, &endpoints);
            promtool(&["check", "rules", "--lint-fatal"], &path);
            let (folder, _) = rules(service, &[]);
            let path = write_rules(&folder, service, Some("sh\"o{{p\\."), &endpoints);
            promtool(&["check", "rules", "--lint-fatal"], &path);
        }
    }
    let (_folder, path) = rules("empty", &[]);
    promtool(&["check", "rules", "--lint-fatal"], &path);
}

#[test]
fn a_healthy_service_is_silent_and_keeps_its_budget() {
    play(
        &[(GOOD, "0+999x3000"), (BAD, "0+1x3000")],
        &[
            (ALL_ALERTS, 2900, None),
            // 0.1 % of 1 % is spent: nine tenths are left.
            (&left_is(0.9), 2900, Some(1.0)),
            (
                r#"sum(slo:objective:ratio{slo="orders/checkout.availability"})"#,
                2900,
                Some(0.99),
            ),
        ],
    );
}

#[test]
fn a_fast_burn_pages_and_the_page_ends_with_it() {
    play(
        // Half of all events fail from minute 600 to minute 660.
        &[
            (GOOD, "0+100x600 60050+50x60 63150+100x600"),
            (BAD, "0x600 50+50x60 3050x600"),
        ],
        &[
            (PAGES, 600, None),
            // Ten minutes are a twelfth of the hour's events: below 14.4 times the budget.
            (PAGES, 610, None),
            (PAGES, 625, Some(1.0)),
            (PAGES, 655, Some(1.0)),
            (PAGES, 675, None),
            (
                r#"sum(slo:error:ratio5m{slo="orders/checkout.availability"})"#,
                640,
                Some(0.5),
            ),
            (
                r#"round(sum(slo:burn_rate:ratio1h{slo="orders/checkout.availability"}))"#,
                500,
                Some(0.0),
            ),
        ],
    );
}

#[test]
fn a_bad_series_that_starts_late_counts_from_then_on() {
    play(
        // The series is there, at 0, only from minute 1000 on; before, the zero is ours.
        &[(GOOD, "0+100x2000"), (BAD, "_x1000 0+1x1000")],
        &[
            (
                r#"sum(slo:events_bad:increase5m{slo="orders/checkout.availability"})"#,
                900,
                Some(0.0),
            ),
            (
                r#"count(slo:events_bad:increase5m{slo="orders/checkout.availability"})"#,
                1900,
                Some(1.0),
            ),
            (&left_is(1.0), 900, Some(1.0)),
            // 1000 bad of 201000 valid events are 0.4975 %, half of the budget.
            (&left_is(1.0 - 1000.0 / 201_000.0 / 0.01), 2000, Some(1.0)),
        ],
    );
}

#[test]
fn a_budget_is_of_events_not_of_time() {
    play(
        // A busy hour without failures weighs more than a quiet day with many.
        &[
            (GOOD, "0+9x1440 13000+1000x100 113000x500"),
            (BAD, "0+1x1440 1440x600"),
        ],
        &[(
            &left_is(1.0 - 1440.0 / (1440.0 + 113_000.0) / 0.01),
            1900,
            Some(1.0),
        )],
    );
}

#[test]
fn an_idle_gap_keeps_the_budget() {
    play(
        &[(GOOD, "0+99x600 59400x900"), (BAD, "0+1x600 600x900")],
        &[
            (&left_is(0.0), 600, Some(1.0)),
            (&left_is(0.0), 1400, Some(1.0)),
            (
                r#"sum(slo:events_valid:increase5m{slo="orders/checkout.availability"})"#,
                1400,
                Some(0.0),
            ),
            (
                r#"slo:error:ratio1h{slo="orders/checkout.availability"}"#,
                1400,
                None,
            ),
            (PAGES, 1400, None),
        ],
    );
}

#[test]
fn a_service_that_was_never_used_has_its_whole_budget() {
    play(
        &[(GOOD, "0x300"), (BAD, "0x300")],
        &[(LEFT, 200, Some(1.0)), (ALL_ALERTS, 200, None)],
    );
    play(&[], &[(LEFT, 200, None)]);
}

#[test]
fn a_journey_counts_all_its_endpoints_and_pods() {
    play(
        &[
            (GOOD, "0+100x600"),
            (BAD, "0x600"),
            // Restarted at minute 300: a counter that starts anew is no loss.
            (OTHER_GOOD, "0+98x300 0+98x300"),
            (OTHER_BAD, "0+2x300 0+2x300"),
        ],
        &[(&left_is(1.0 - 2.0 / 200.0 / 0.01), 600, Some(1.0))],
    );
}

#[test]
fn history_goes_on_when_the_owner_changes() {
    let before = |metric: &str| {
        format!(
            r#"slo:events_{metric}:increase5m{{job="orders",slo="orders/checkout.availability",slo_owner="before"}}"#
        )
    };
    play(
        &[
            (&before("valid"), "500x1000 stale"),
            (&before("bad"), "5x1000 stale"),
            (GOOD, "_x1001 0+100x1000"),
            (BAD, "_x1001 0x1000"),
        ],
        // The old owner spent the whole budget on half of the events.
        &[
            (&left_is(0.5), 2000, Some(1.0)),
            (&format!("count({LEFT})"), 2000, Some(1.0)),
        ],
    );
}

/// The value of a metric of the SLO, for one job.
fn of_job(metric: &str, job: &str) -> String {
    format!(r#"sum({metric}{{slo="orders/checkout.availability",job="{job}"}})"#)
}

#[test]
fn a_service_in_a_namespace_is_found() {
    play(
        &[
            (events!("shop/orders", "good"), "0x400"),
            (events!("shop/orders", "bad"), "0+10x400"),
            // Names that only end or begin alike are other services.
            (events!("shop/preorders", "good"), "0+1000x400"),
            (events!("orders/shop", "good"), "0+1000x400"),
            (events!("orders2", "good"), "0+1000x400"),
        ],
        &[
            (PAGES, 100, Some(1.0)),
            (&of_job("slo:error:ratio1h", "shop/orders"), 100, Some(1.0)),
            ("count(count by (job) (slo:error:ratio1h))", 100, Some(1.0)),
            (MISSING, 100, None),
        ],
    );
}

#[test]
fn characters_of_a_name_are_no_expression() {
    let folder = tempfile::tempdir().unwrap();
    write_rules(&folder, "orders.v2+", None, &[endpoint("cart", "30d")]);
    play_in(
        &folder,
        &[
            (events!("shop/orders.v2+", "good"), "0+10x100"),
            (events!("shop/orders-v22", "good"), "0+10x100"),
        ],
        &[
            (
                "count(count by (job) (slo:events_valid:increase5m))",
                90,
                Some(1.0),
            ),
            (
                r#"sum(slo:events_valid:increase5m{job="shop/orders.v2+"})"#,
                90,
                Some(50.0),
            ),
        ],
    );
}

#[test]
fn services_of_one_name_in_two_namespaces_stay_apart() {
    let series = [
        (events!("shop/orders", "good"), "0x400"),
        (events!("shop/orders", "bad"), "0+1x400"),
        (events!("books/orders", "good"), "0+1000x400"),
        (events!("books/orders", "bad"), "0x400"),
    ];
    let left = "slo:error_budget_left:ratio";
    let (of_shop, of_books) = (of_job(left, "shop/orders"), of_job(left, "books/orders"));
    let page =
        |job| format!(r#"count(ALERTS{{severity="page",slo_window_tier="1h",job="{job}"}})"#);
    let (page_of_shop, page_of_books) = (page("shop/orders"), page("books/orders"));
    let expected = [
        // Mixed, the errors would be 0.1 % of 1 % allowed, and nobody would be told.
        (&*of_shop, 300, Some(-99.0)),
        (&of_books, 300, Some(1.0)),
        (&page_of_shop, 300, Some(1.0)),
        (&page_of_books, 300, None),
    ];
    play(&series, &expected);

    // With a file each, side by side in one Prometheus.
    let folder = tempfile::tempdir().unwrap();
    for namespace in ["shop", "books"] {
        write_rules(
            &folder,
            "orders",
            Some(namespace),
            &[endpoint("cart", "30d")],
        );
    }
    play_in(&folder, &series, &expected);
    let only_books = [series[2], series[3]];
    let missing =
        r#"count(ALERTS{alertname="SloDataMissing",alertstate="firing",job="shop/orders"})"#;
    play_in(
        &folder,
        &only_books,
        &[(missing, 60, Some(1.0)), (MISSING, 60, Some(1.0))],
    );
}

#[test]
fn data_that_vanishes_is_told() {
    play(
        &[(GOOD, "0+100x100"), (BAD, "0x100")],
        &[
            (MISSING, 100, None),
            // 15 minutes without a sample, 10 minutes of patience.
            (MISSING, 120, None),
            (MISSING, 130, Some(1.0)),
            (MISSING, 300, Some(1.0)),
            (PAGES, 300, None),
        ],
    );
    // A gap of ten minutes is a slow restart.
    play(
        &[
            (GOOD, "0+100x100 _x10 0+100x100"),
            (BAD, "0x100 _x10 0x100"),
        ],
        &[(MISSING, 115, None), (MISSING, 200, None)],
    );
}

#[test]
fn data_that_never_came_is_told() {
    play(&[], &[(MISSING, 5, None), (MISSING, 15, Some(1.0))]);
    // Under another name is as good as not at all.
    play(
        &[(events!("shop/order", "good"), "0+100x100")],
        &[(MISSING, 60, Some(1.0))],
    );
}

#[test]
fn a_service_without_traffic_misses_no_data() {
    play(
        &[(GOOD, "0x300"), (BAD, "0x300")],
        &[(MISSING, 60, None), (MISSING, 299, None)],
    );
    // Half of it suffices: not even a series of the other endpoint.
    play(&[(OTHER_GOOD, "0x300")], &[(MISSING, 299, None)]);
}

#[test]
fn a_slow_burn_opens_a_ticket_in_four_weeks_too() {
    let folder = tempfile::tempdir().unwrap();
    write_rules(&folder, "orders", None, &[endpoint("cart", "28d")]);
    let tier = |tier| format!(r#"count(ALERTS{{severity="ticket",slo_window_tier="{tier}"}})"#);
    let (day, three_days) = (tier("1d"), tier("3d"));
    // 2 % of all events fail where 1 % may: too few for the day's 2.8 times.
    play_every(
        "5m",
        &folder,
        &[(GOOD, "0+98x8640"), (BAD, "0+2x8640")],
        &[
            (&three_days, 8640, Some(1.0)),
            (&day, 8640, None),
            (PAGES, 8640, None),
        ],
    );
    // Just within the objective nobody is told: 0.95 times would have been above the 0.933.
    play_every(
        "5m",
        &folder,
        &[(GOOD, "0+9905x8640"), (BAD, "0+95x8640")],
        &[(ALL_ALERTS, 8640, None)],
    );
}

#[test]
fn texts_of_alerts_are_expanded_as_they_were_written() {
    let (folder, _) = rules("orders", &[endpoint("cart", "30d")]);
    let alerts = ["1h", "6h", "1d", "3d"].map(expected_alert);
    let test = json!({
        "rule_files": ["rules.yaml"],
        "evaluation_interval": "1m",
        "tests": [{
            "interval": "1m",
            "input_series": [{"series": GOOD, "values": "0x400"}, {"series": BAD, "values": "0+10x400"}],
            "alert_rule_test": [{
                "eval_time": "70m",
                "alertname": "SloErrorBudgetBurn",
                "exp_alerts": alerts,
            }],
        }],
    });
    let path = folder.path().join("test.yaml");
    // JSON is YAML, and keeps the line end in the owner.
    std::fs::write(&path, test.to_string()).unwrap();
    promtool(&["test", "rules"], &path);
}

fn expected_alert(tier: &str) -> Value {
    let (severity, amount, lifetime, factor, short, percent) = match tier {
        "1h" => ("page", "Far too many", "50 hours", "14.4", "5m", 2),
        "6h" => ("page", "Far too many", "5 days", "6", "30m", 5),
        "1d" => ("ticket", "Too many", "10 days", "3", "2h", 10),
        _ => ("ticket", "Too many", "30 days", "1", "6h", 10),
    };
    let owner = "team \\ \"orders\" {{ .x }}\n";
    json!({
        "exp_labels": {
            "job": "orders", "severity": severity, "slo_window_tier": tier, "slo": "orders/checkout.availability",
            "slo_service": "orders", "slo_journey": "checkout", "slo_sli": "availability", "slo_owner": owner,
        },
        "exp_annotations": {
            "summary": format!(
                "{amount} events of journey checkout in orders fail: at this rate a whole error budget is spent in {lifetime}"
            ),
            "description": format!(
                "orders/checkout.availability: the error budget burns more than {factor} times as fast as the \
                 objective of 99% over 30d allows, over the last {tier} and still over the last {short}. \
                 {percent} % of the budget are spent in {tier} at that rate. Error ratio over {tier}: 100%."
            ),
            "owner": owner,
            "runbook_url": "https://runbooks.example/{{ .x }}?{",
        },
    })
}

#[test]
fn the_text_of_missing_data_says_what_to_check() {
    let (folder, _) = rules("orders", &[endpoint("cart", "30d")]);
    let owner = "team \\ \"orders\" {{ .x }}\n";
    let test = json!({
        "rule_files": ["rules.yaml"],
        "evaluation_interval": "1m",
        "tests": [{
            "interval": "1m",
            "input_series": [],
            "alert_rule_test": [{
                "eval_time": "70m",
                "alertname": "SloDataMissing",
                "exp_alerts": [{
                    "exp_labels": {"severity": "ticket", "slo_service": "orders", "slo_owner": owner},
                    "exp_annotations": {
                        "summary": "No SLO data of orders: its error budgets are unknown and its other SLO alerts can't fire",
                        "description":
                            "Not one sample of slo_events_total{job=~\"(.+/)?orders\"} in 15m; without traffic there \
                             would still be some. Check that the service runs and keeps the guard of slo-sdk; that its \
                             exporter reaches the collector (OTEL_EXPORTER_OTLP_ENDPOINT, warnings in its log); that \
                             the collector sends to this Prometheus; and that the job has this name: `count by (job) \
                             (slo_events_total)` lists those there are, and `cargo slo generate prometheus` takes \
                             `--service` and `--namespace`.",
                        "owner": owner,
                    },
                }],
            }],
        }],
    });
    let path = folder.path().join("test.yaml");
    std::fs::write(&path, test.to_string()).unwrap();
    promtool(&["test", "rules"], &path);
}
