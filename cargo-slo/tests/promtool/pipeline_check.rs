//! What `cargo slo status --pipeline` sends changes no budget and fires no alert, whatever is lost of it on
//! its way.

use crate::shop::{
    BAD, GOOD, LEFT, OTHER_BAD, OTHER_GOOD, Play, definition, endpoint, left, mode, rules,
};
use cargo_slo::outputs::Mode;

/// What series are told apart by.
struct Names {
    job: &'static str,
    endpoint: &'static str,
}

const SENT: Names = Names {
    job: "slo-pipeline-check-0a1b2c3d4e5f",
    endpoint: "slo-pipeline-check-endpoint-0a1b2c3d4e5f",
};

/// Counts, each in one step, and no more: exports are a second apart.
fn series(names: &Names, without: &str) -> Vec<(String, String)> {
    let Names { job, endpoint } = names;
    let mut all = Vec::new();
    for replica in 1..=2 {
        let mut add = |metric: &str, labels: &str, values: &str| {
            if metric != without {
                let own = format!("job=\"{job}\",instance=\"{replica}\"");
                all.push((
                    format!("{metric}{{{own}{labels}}}"),
                    format!("_ _ {values}"),
                ));
            }
        };
        let of = match without {
            "slo_endpoint" => ",slo_journey=\"slo-pipeline-check-journey-0a1b2c3d4e5f\"".to_owned(),
            _ => format!(",slo_endpoint=\"{endpoint}\",slo_journey=\"checkout\""),
        };
        for (outcome, count) in [("good", "29"), ("bad", "40")] {
            for sli in ["availability", "latency"] {
                let labels = format!("{of},slo_sli=\"{sli}\",slo_outcome=\"{outcome}\"");
                add("slo_events_total", &labels, count);
            }
        }
        for result in ["ok", "server_error", "client_error"] {
            add(
                "slo_results_total",
                &format!("{of},slo_result=\"{result}\""),
                "7",
            );
        }
        add("slo_in_flight", &of, "0");
        add("slo_start_time_seconds", "", "600");
        add("slo_interval_seconds", &of, "86400");
    }
    all
}

/// Plays them beside a service that is well and goes on.
fn play(modes: &[Mode], series: &[(String, String)], expected: &[(&str, u32, Option<f64>)]) {
    let definition = definition("orders", &[endpoint("cart", "30d"), endpoint("pay", "30d")]);
    for of in modes {
        let mut play = Play::through(vec![rules(&definition, &mode(*of))]);
        play.objectives(&definition, "orders", "x320");
        play.series(&[
            (GOOD, "0+500x320"),
            (BAD, "0+1x320"),
            (OTHER_GOOD, "0+500x320"),
            (OTHER_BAD, "0+1x320"),
        ]);
        let series: Vec<_> = series.iter().map(|(a, b)| (&**a, &**b)).collect();
        play.series(&series);
        play.expected(expected);
        play.run();
    }
}

const ALERTS: &str = r#"count(ALERTS)"#;
const RECORDED: &str =
    r#"count({__name__=~"slo:(events:sum.*|objective.*|error.*|burn.*)",job=~"slo-pipeline.*"})"#;
const OBJECTIVES: &str = r#"count(slo:error_budget_left:ratio{slo=~".*pipeline.*"})"#;

#[test]
fn a_check_changes_no_budget_and_fires_nothing() {
    // Whatever is lost: rules that are older know the check by its interval alone.
    for without in [
        "",
        "slo_interval_seconds",
        "slo_start_time_seconds",
        "slo_endpoint",
    ] {
        let mut expected = Vec::new();
        for minute in [10, 15, 20, 30, 40, 60, 75, 90, 120, 600, 1440, 1560] {
            for expr in [ALERTS, RECORDED, OBJECTIVES] {
                expected.push((expr, minute, None));
            }
        }
        // Two endpoints, each with 500 good and one bad a step; the first sample is the start.
        expected.push((LEFT, 600, left(2.0 * 120.0, 2.0 * 501.0 * 120.0)));
        // Rules of single SLOs ask for none of these names.
        let modes = match without {
            "" => &[Mode::Universal, Mode::PerSlo][..],
            _ => &[Mode::Universal],
        };
        play(modes, &series(&SENT, without), &expected);
    }
}

#[test]
fn a_service_that_vanishes_as_a_check_does_is_told() {
    let other = Names {
        job: "billing",
        endpoint: "charge",
    };
    let definition = definition("orders", &[endpoint("cart", "30d")]);
    let mut play = Play::through(vec![rules(&definition, &mode(Mode::Universal))]);
    let series = series(&other, "slo_interval_seconds");
    let series: Vec<_> = series.iter().map(|(a, b)| (&**a, &**b)).collect();
    play.series(&series);
    let missing = r#"count(ALERTS{alertname="SloDataMissing",alertstate="firing",job="billing"})"#;
    play.expected(&[(missing, 60, Some(1.0))]);
    play.run();
}
