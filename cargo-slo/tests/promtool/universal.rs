//! What only the rules for all SLOs have to cope with.

use crate::shop::{Play, definition, endpoint, mode, rules};
use cargo_slo::{definition::Definition, outputs::Mode};
use serde_json::json;

fn universal(definition: &Definition) -> Play {
    Play::through(vec![rules(definition, &mode(Mode::Universal))])
}

fn objective(more: &str) -> String {
    format!(
        r#"slo_objective_ratio{{job="orders",slo_journey="checkout",slo_sli="availability",{more}}}"#
    )
}

const COUNT: &str = r#"count(slo:objective:ratio{slo="orders/checkout.availability"})"#;
const VALUE: &str = r#"sum(slo:objective:ratio{slo="orders/checkout.availability"})"#;

#[test]
fn a_deployment_doubles_no_objective() {
    let mut play = universal(&definition("orders", &[endpoint("cart", "30d")]));
    let series = [
        objective(r#"pod="1",slo_window="30d",slo_owner="a""#),
        objective(r#"pod="2",slo_window="30d",slo_owner="a""#),
        objective(r#"pod="3",slo_window="30d",slo_owner="b""#),
        objective(r#"pod="4",slo_window="30d",slo_owner="b""#),
        objective(r#"pod="5",slo_window="30d",slo_owner="b""#),
    ];
    play.series(&[
        (&series[0], "0.99x40"),
        (&series[1], "0.99x10"),
        (&series[2], "_x5 0.995x40"),
        (&series[3], "_x10 0.995x40"),
        (&series[4], "_x15 0.99x40"),
    ]);
    let owner = |owner| {
        format!(
            r#"count(slo:objective:ratio{{slo="orders/checkout.availability",slo_owner="{owner}"}})"#
        )
    };
    let (a, b) = (owner("a"), owner("b"));
    play.expected(&[
        (COUNT, 10, Some(1.0)),
        (&a, 30, Some(1.0)),
        (VALUE, 30, Some(0.99)),
        (COUNT, 60, Some(1.0)),
        // Three of five pods belong to the new owner; their strictest target counts.
        (&b, 90, Some(1.0)),
        (COUNT, 90, Some(1.0)),
        (VALUE, 90, Some(0.995)),
    ]);
    play.run();
}

#[test]
fn a_new_endpoint_alerts_without_new_rules() {
    // The rules know nothing but the window.
    let mut play = universal(&definition("orders", &[endpoint("cart", "30d")]));
    play.series(&[
        (
            r#"slo_objective_ratio{job="billing",slo_journey="pay",slo_endpoint="charge",slo_sli="latency",slo_window="30d",slo_owner="c"}"#,
            "0.999x40",
        ),
        (
            r#"slo_events_total{job="billing",slo_journey="pay",slo_endpoint="charge",slo_sli="latency",slo_threshold="0.3",slo_outcome="good"}"#,
            "0+90x40",
        ),
        (
            r#"slo_events_total{job="billing",slo_journey="pay",slo_endpoint="charge",slo_sli="latency",slo_threshold="0.3",slo_outcome="bad"}"#,
            "0+10x40",
        ),
    ]);
    play.expected(&[(
        r#"count(ALERTS{alertname="SloErrorBudgetBurn",slo="billing/pay/charge.latency",slo_service="billing",slo_owner="c",severity="page",slo_window_tier="1h"})"#,
        60,
        Some(1.0),
    )]);
    play.run();
}

#[test]
fn an_objective_over_another_window_is_told() {
    let mut play = universal(&definition("orders", &[endpoint("cart", "30d")]));
    let (known, unknown) = (
        objective(r#"slo_window="30d",slo_owner="a""#),
        objective(r#"slo_endpoint="pay",slo_window="14d",slo_owner="a""#),
    );
    play.series(&[(&known, "0.99x40"), (&unknown, "0.99x40")]);
    play.expected(&[
        (
            r#"count(ALERTS{alertname="SloWindowUnknown",alertstate="firing",slo_window="14d"})"#,
            60,
            Some(1.0),
        ),
        (
            r#"count(ALERTS{alertname="SloWindowUnknown",slo_window="30d"})"#,
            60,
            None,
        ),
    ]);
    play.run();
}

#[test]
fn the_size_does_not_depend_on_the_number_of_slos() {
    let rules_of = |endpoints: u32| {
        let mut all: Vec<_> = (0..endpoints)
            .map(|n| endpoint(&format!("e{n}"), "30d"))
            .collect();
        for endpoint in &mut all {
            endpoint["objectives"] = json!({"availability_ppb": 999_000_000, "window": "30d"});
        }
        rules(&definition("orders", &all), &mode(Mode::Universal))
    };
    assert_eq!(rules_of(1), rules_of(200));
}
