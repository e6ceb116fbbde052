//! What no error ratio shows: data that is gone, services that are stuck, jobs that don't run.

use crate::shop::{
    BAD, GOOD, OTHER_GOOD, PAGES, Play, definition, endpoint, mode, play, play_both, rules,
};
use cargo_slo::outputs::Mode;
use serde_json::json;

const MISSING: &str =
    r#"count(ALERTS{alertname="SloDataMissing",alertstate="firing",severity="ticket"})"#;
const STUCK: &str = r#"sum(ALERTS{alertname="SloStuck",severity="page",slo_endpoint="cart"})"#;
const NOT_MEASURED: &str =
    r#"sum(ALERTS{alertname="SloNotMeasured",severity="ticket",slo_endpoint="cart"})"#;
const MISSED: &str =
    r#"sum(ALERTS{alertname="SloRunMissed",severity="ticket",slo_endpoint="settle"})"#;

/// Plays through both modes a service whose objectives are there for so long.
fn play_for(steps: &str, series: &[(&str, &str)], expected: &[(&str, u32, Option<f64>)]) {
    let definition = definition("orders", &[endpoint("cart", "30d"), endpoint("pay", "30d")]);
    for mode_of in [Mode::PerSlo, Mode::Universal] {
        let mut play = Play::through(vec![rules(&definition, &mode(mode_of))]);
        play.objectives(&definition, "orders", steps);
        play.series(series);
        play.expected(expected);
        play.run();
    }
}

#[test]
fn data_that_vanishes_is_told() {
    play_for(
        "x20",
        &[(GOOD, "0+500x20"), (BAD, "0x20")],
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
    play_for(
        "x40",
        &[(GOOD, "0+500x20 _x2 0+500x20"), (BAD, "0x20 _x2 0x20")],
        &[(MISSING, 115, None), (MISSING, 200, None)],
    );
}

#[test]
fn data_that_never_came_is_told_where_it_is_known_who_should_send() {
    let definition = definition("orders", &[endpoint("cart", "30d")]);
    let mut play = Play::through(vec![rules(&definition, &mode(Mode::PerSlo))]);
    // Under another name is as good as not at all.
    play.series(&[(crate::shop::events!("shop/order", "good"), "0+500x20")]);
    play.expected(&[(MISSING, 5, None), (MISSING, 60, Some(1.0))]);
    play.run();
}

#[test]
fn a_service_without_traffic_misses_no_data() {
    play(
        &[(GOOD, "0x60"), (BAD, "0x60")],
        &[(MISSING, 60, None), (MISSING, 299, None)],
    );
    // Half of it suffices: not even a series of the other endpoint.
    play(&[(OTHER_GOOD, "0x60")], &[(MISSING, 299, None)]);
}

#[test]
fn events_that_wait_while_none_ends_are_told() {
    let in_flight = r#"slo_in_flight{job="orders",pod="a",slo_endpoint="cart"}"#;
    let ended = |result| {
        format!(
            r#"slo_results_total{{job="orders",pod="a",slo_endpoint="cart",slo_journey="checkout",slo_result="{result}"}}"#
        )
    };
    let (ok, failed) = (ended("ok"), ended("server_error"));
    play(
        &[
            (in_flight, "3x10 4+2x20 0x20"),
            (&ok, "0+100x10 1000x20 1000+100x20"),
            (&failed, "0x50"),
        ],
        &[
            (STUCK, 50, None),
            // Something ended within the last 15 minutes.
            (STUCK, 55, None),
            (STUCK, 75, Some(1.0)),
            (STUCK, 150, Some(1.0)),
            (STUCK, 165, None),
        ],
    );
    // What is open for long, but not more and more of it, is a stream.
    play(
        &[(in_flight, "3x40"), (&ok, "100x40"), (&failed, "0x40")],
        &[(STUCK, 150, None)],
    );
}

#[test]
fn events_that_no_layer_saw_are_told() {
    let ended = |result| {
        format!(
            r#"slo_results_total{{job="orders",pod="a",slo_endpoint="cart",slo_journey="checkout",slo_result="{result}"}}"#
        )
    };
    let (ok, unseen) = (ended("ok"), ended("outside_layer"));
    // From minute 55 to 75.
    play(
        &[(&ok, "0+100x60"), (&unseen, "0x10 1+1x4 5x40")],
        &[
            (NOT_MEASURED, 50, None),
            (NOT_MEASURED, 60, Some(1.0)),
            (NOT_MEASURED, 120, Some(1.0)),
            (NOT_MEASURED, 145, None),
        ],
    );
    // A process that has answered before its counter was first seen.
    play(
        &[(&ok, "0+100x60"), (&unseen, "_x11 3x40")],
        &[
            (NOT_MEASURED, 50, None),
            (NOT_MEASURED, 60, Some(1.0)),
            (NOT_MEASURED, 125, None),
        ],
    );
    play(&[(&ok, "0+100x60")], &[(NOT_MEASURED, 200, None)]);
}

#[test]
fn a_job_that_does_not_succeed_is_told() {
    let mut job = endpoint("settle", "30d");
    job["every_ns"] = json!(3_600_000_000_000u64);
    let definition = definition("orders", &[job]);
    let of = |metric: &str, pod: &str| {
        format!(
            r#"{metric}{{job="orders",pod="{pod}",slo_endpoint="settle",slo_journey="checkout"}}"#
        )
    };
    let (interval, other_interval) = (
        of("slo_interval_seconds", "a"),
        of("slo_interval_seconds", "b"),
    );
    let (last, other_last) = (
        of("slo_last_success_seconds", "a"),
        of("slo_last_success_seconds", "b"),
    );
    // Succeeds at minute 60 and 120, and never again.
    play_both(
        &definition,
        &["orders"],
        &[(&interval, "3600x100"), (&last, "0x11 3600x11 7200x100")],
        &[
            (MISSED, 55, None),
            (MISSED, 125, None),
            (MISSED, 210, None),
            (MISSED, 215, Some(1.0)),
            (MISSED, 400, Some(1.0)),
        ],
    );
    // Restarted after a success: the new process knows of none, but it was seen.
    play_both(
        &definition,
        &["orders"],
        &[
            (&interval, "3600x25"),
            (&last, "0x11 3600x13"),
            (&other_interval, "_x26 3600x100"),
            (&other_last, "_x26 0x3 8400x100"),
        ],
        &[
            (MISSED, 130, None),
            (MISSED, 145, None),
            (MISSED, 160, None),
        ],
    );
    // Never succeeded: late once it has been known for one and a half intervals.
    play_both(
        &definition,
        &["orders"],
        &[(&interval, "3600x100"), (&last, "0x100")],
        &[(MISSED, 80, None), (MISSED, 95, Some(1.0))],
    );
}
