//! Counts, ratios and budgets.

use crate::shop::{
    ALL_ALERTS, BAD, GOOD, LEFT, OTHER_BAD, OTHER_GOOD, PAGES, definition, endpoint, events, left,
    play, play_both, rules,
};

#[test]
fn a_healthy_service_is_silent_and_keeps_its_budget() {
    play(
        &[(GOOD, "0+4995x300"), (BAD, "0+5x300")],
        &[
            (ALL_ALERTS, 1450, None),
            // 0.1 % of 1 % is spent: nine tenths are left, to the last event.
            (LEFT, 1450, Some(0.9e9)),
            (
                r#"sum(slo:objective:ratio{slo="orders/checkout.availability"})"#,
                1450,
                Some(0.99),
            ),
            (
                r#"sum(slo:error_budget:ratio{slo="orders/checkout.availability"})"#,
                1450,
                Some(0.01),
            ),
        ],
    );
}

/// The counts of a window are those of its events, wherever in an hour it begins.
#[test]
fn windows_hold_each_of_their_events_once() {
    let good = |window| {
        format!(
            r#"sum(slo:events:sum{window}{{slo="orders/checkout.availability",slo_outcome="good"}})"#
        )
    };
    let (hour, six, day, all) = (good("1h"), good("6h"), good("1d"), good("_window"));
    // As many events in step n as n says: 1 + 2 + … + n up to it.
    let values: Vec<_> = (0..400u64).map(|n| (n * (n + 1) / 2).to_string()).collect();
    let until = |minute: u32| f64::from(minute / 5 * (minute / 5 + 1) / 2);
    let between = |from: u32, to| Some(until(to) - until(from));
    let mut expected = Vec::new();
    for minute in [1500, 1505, 1535, 1555, 1560, 1565, 1995] {
        expected.push((&*hour, minute, between(minute - 60, minute)));
        expected.push((&*six, minute, between(minute - 360, minute)));
        expected.push((&*day, minute, between(minute - 1440, minute)));
        expected.push((&*all, minute, between(0, minute)));
    }
    let counter = (GOOD, &*values.join(" "));
    play(&[counter, (BAD, "0x400")], &expected);
}

#[test]
fn a_bad_series_that_starts_late_counts_from_then_on() {
    let bad = r#"sum(slo:events:count1m{slo="orders/checkout.availability",slo_outcome="bad"})"#;
    play(
        // The series is there, at 0, only from minute 1000 on; before, the zero is ours.
        &[(GOOD, "0+500x400"), (BAD, "_x200 0+5x200")],
        &[
            (bad, 900, Some(0.0)),
            (bad, 1900, Some(5.0)),
            (LEFT, 900, Some(1e9)),
            // 1000 bad of 201000 valid events are 0.4975 %, half of the budget.
            (LEFT, 2000, left(1000.0, 201_000.0)),
        ],
    );
}

#[test]
fn a_budget_is_of_events_not_of_time() {
    play(
        // A busy hour without failures weighs more than a quiet day with many.
        &[
            (GOOD, "0+45x288 13000+5000x20 113000x100"),
            (BAD, "0+5x288 1440x121"),
        ],
        &[(LEFT, 1900, left(1440.0, 1440.0 + 113_000.0))],
    );
}

#[test]
fn an_idle_gap_keeps_the_budget() {
    let ratio = r#"slo:error:ratio1h{slo="orders/checkout.availability"}"#;
    play(
        &[(GOOD, "0+495x120 59400x180"), (BAD, "0+5x120 600x180")],
        &[
            (LEFT, 600, Some(0.0)),
            (LEFT, 1400, Some(0.0)),
            (
                r#"sum(slo:events:count1m{slo="orders/checkout.availability"})"#,
                1400,
                Some(0.0),
            ),
            (ratio, 1400, None),
            (PAGES, 1400, None),
        ],
    );
}

#[test]
fn a_service_that_was_never_used_has_its_whole_budget() {
    play(
        &[(GOOD, "0x60"), (BAD, "0x60")],
        &[(LEFT, 200, Some(1e9)), (ALL_ALERTS, 200, None)],
    );
    play(&[], &[(LEFT, 200, None)]);
}

#[test]
fn a_journey_counts_all_its_endpoints_and_pods() {
    play(
        &[
            (GOOD, "0+500x120"),
            (BAD, "0x120"),
            // Restarted after step 60: a counter that restarts loses nothing.
            (OTHER_GOOD, "0+490x60 0+490x60"),
            (OTHER_BAD, "0+10x60 0+10x60"),
        ],
        &[(
            LEFT,
            600,
            // 60 + 59 steps: the first sample of the new process, 0, takes one.
            left(10.0 * 119.0, 500.0 * 119.0 + 500.0 * 120.0),
        )],
    );
}

#[test]
fn a_pause_of_the_export_loses_nothing() {
    // Two samples are missing while a thousand events fail.
    play(
        &[
            (GOOD, "0+500x60 _x2 31500+500x60"),
            (BAD, "0x60 _x2 1000x60"),
        ],
        &[(LEFT, 600, left(1000.0, 61_000.0))],
    );
}

/// Every pod is replaced by the next every hour, and nothing of any is lost.
#[test]
fn pods_come_and_go() {
    let pods = [
        events!(r#"pod="a",slo_endpoint="cart",slo_outcome="good""#),
        events!(r#"pod="b",slo_endpoint="cart",slo_outcome="good""#),
        events!(r#"pod="c",slo_endpoint="cart",slo_outcome="good""#),
    ];
    play(
        &[
            (pods[0], "0+100x12 stale"),
            (pods[1], "_x12 0+100x12 stale"),
            (pods[2], "_x24 0+100x12"),
            (BAD, "0x40"),
        ],
        &[(
            r#"sum(slo:events:sum_window{slo="orders/checkout.availability"})"#,
            180,
            Some(3600.0),
        )],
    );
}

#[test]
fn history_goes_on_when_the_owner_changes() {
    let before = definition("orders", &[endpoint("cart", "30d")]);
    let mut after = endpoint("cart", "30d");
    after["journey"]["owner"] = "team-b".into();
    let after = definition("orders", &[after]);
    let identity = |definition: &cargo_slo::definition::Definition| {
        let text = rules(definition, &cargo_slo::outputs::Settings::default());
        let rules: serde_json::Value = serde_norway::from_str(&text).unwrap();
        let groups = rules["groups"].as_array().unwrap().clone();
        let all = groups
            .into_iter()
            .flat_map(|g| g["rules"].as_array().unwrap().clone());
        let recorded = all.filter(|rule| rule["record"].is_string());
        recorded.collect::<Vec<_>>()
    };
    // Nothing that is recorded knows the owner, so the series stay the same.
    assert_eq!(identity(&before), identity(&after));
    play_both(
        &after,
        &["orders"],
        &[(GOOD, "0+500x100"), (BAD, "0x100")],
        &[(LEFT, 400, Some(1e9))],
    );
}
