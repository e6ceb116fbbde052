//! An SLO under a new name: its budget goes on.

use crate::shop::{Play, definition, endpoint, mode, rules};
use cargo_slo::{definition::Definition, outputs::Mode};
use serde_json::{Value, json};

/// An endpoint with an SLO of its own, as its annotation says it.
fn own(name: &str, journey: &str) -> Value {
    let mut own = endpoint(name, "30d");
    own["journey"]["name"] = json!(journey);
    own["objectives"] = json!({"availability_ppb": 990_000_000, "window": "30d"});
    own
}

/// `checkout/place-order` before, `buy/submit` now.
fn renamed(says_so: bool) -> Definition {
    let mut submit = own("submit", "buy");
    if says_so {
        submit["formerly"] = json!(["place-order"]);
        submit["journey"]["formerly"] = json!(["checkout"]);
    }
    definition("orders", &[submit])
}

fn events(journey: &str, endpoint: &str, pod: &str, outcome: &str) -> String {
    format!(
        "slo_events_total{{job=\"orders\",instance=\"{pod}\",slo_journey=\"{journey}\",\
         slo_endpoint=\"{endpoint}\",slo_sli=\"availability\",slo_outcome=\"{outcome}\"}}"
    )
}

fn objectives(journey: &str, endpoint: &str) -> [String; 2] {
    ["", endpoint].map(|endpoint| {
        format!(
            "slo_objective_ratio{{job=\"orders\",slo_journey=\"{journey}\",slo_endpoint=\"{endpoint}\",\
             slo_sli=\"availability\",slo_window=\"30d\",slo_owner=\"team\"}}"
        )
    })
}

/// Two days: an old process of 300 good and 3 bad events a step until it is stopped in step 288,
/// and from step 276 on, while it is still there, a new one of 100 good and 2 bad.
fn two_days(rules: String) -> Play {
    let mut play = Play::through(vec![rules]);
    let old = |outcome| events("checkout", "place-order", "1", outcome);
    let new = |outcome| events("buy", "submit", "2", outcome);
    play.series(&[
        (&old("good"), "0+300x288"),
        (&old("bad"), "0+3x288"),
        (&new("good"), "_x276 0+100x300"),
        (&new("bad"), "_x276 0+2x300"),
        (
            "slo_start_time_seconds{job=\"orders\",instance=\"1\"}",
            "0x288",
        ),
        (
            "slo_start_time_seconds{job=\"orders\",instance=\"2\"}",
            "_x276 82800x300",
        ),
    ]);
    for objective in objectives("checkout", "place-order") {
        play.series(&[(&objective, "0.99x288")]);
    }
    for objective in objectives("buy", "submit") {
        play.series(&[(&objective, "_x276 0.99x300")]);
    }
    play
}

/// Events up to a minute: of the old process and of the new one.
fn until(minute: u32) -> [f64; 2] {
    let steps = minute / 5;
    [steps.min(288), steps.saturating_sub(276)].map(f64::from)
}

fn between(from: u32, to: u32) -> [f64; 2] {
    let ([old, new], [old_before, new_before]) = (until(to), until(from));
    [old - old_before, new - new_before]
}

const NAMES: [&str; 2] = ["orders/buy.availability", "orders/buy/submit.availability"];

#[test]
fn a_renamed_service_keeps_its_budget() {
    for mode_of in [Mode::PerSlo, Mode::Universal] {
        let mut play = two_days(rules(&renamed(true), &mode(mode_of)));
        for slo in NAMES {
            let sum = |window: &str, outcome: &str| {
                format!(
                    "sum(slo:events:sum{window}{{slo=\"{slo}\",slo_outcome=\"{outcome}\",\
                     slo_journey=\"buy\",slo_service=\"orders\",job=\"orders\"}})"
                )
            };
            // During the deployment, after it, and when the old process is forgotten.
            for minute in [
                1400, 1435, 1440, 1445, 1475, 1500, 1505, 1560, 2000, 2660, 2860,
            ] {
                for (window, length) in [("1h", 60), ("6h", 360), ("1d", 1440), ("_window", 43_200)]
                {
                    let [old, new] = between(u32::saturating_sub(minute, length), minute);
                    let good = 300.0 * old + 100.0 * new;
                    let bad = 3.0 * old + 2.0 * new;
                    play.expected(&[
                        (&sum(window, "good"), minute, Some(good)),
                        (&sum(window, "bad"), minute, Some(bad)),
                    ]);
                }
                let [old, new] = between(0, minute);
                let [bad, valid] = [3.0 * old + 2.0 * new, 303.0 * old + 102.0 * new];
                let left = format!("round(1e9 * slo:error_budget_left:ratio{{slo=\"{slo}\"}})");
                let left = format!("sum({left})");
                let expected = ((1.0 - bad / valid / 0.01) * 1e9).round();
                play.expected(&[(&left, minute, Some(expected))]);
                let [old, new] = between(minute - 30, minute);
                let ratio = (3.0 * old + 2.0 * new) / (303.0 * old + 102.0 * new);
                play.expected(&[(
                    &format!("sum(round(1e9 * slo:error:ratio30m{{slo=\"{slo}\"}}))"),
                    minute,
                    Some((ratio * 1e9).round()),
                )]);
            }
        }
        play.run();
    }
}

#[test]
fn without_a_word_the_budget_is_a_new_one() {
    for mode_of in [Mode::PerSlo, Mode::Universal] {
        let mut play = two_days(rules(&renamed(false), &mode(mode_of)));
        for slo in NAMES {
            let sum = format!("sum(slo:events:sum_window{{slo=\"{slo}\"}})");
            play.expected(&[(&sum, 2000, Some(102.0 * until(2000)[1]))]);
        }
        play.run();
    }
}
