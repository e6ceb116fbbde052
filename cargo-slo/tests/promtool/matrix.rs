//! Targets of 90 to 99.999 %, windows of 7 to 90 days, traffic of 1 to 10^7 events a day:
//! what the rules say is what follows from the events.

use crate::shop::{Play, definition, mode, rules};
use cargo_slo::outputs::Mode;
use serde_json::json;
use slo_model::{
    Target, Window,
    binomial::explained_by_chance,
    burn_rate::{Condition, Scaling},
};
use std::fmt::Write;

const TARGETS: [u32; 6] = [
    900_000_000,
    950_000_000,
    990_000_000,
    999_000_000,
    999_900_000,
    999_990_000,
];
const DAYS: [u16; 3] = [7, 30, 90];
/// Events a day.
const TRAFFIC: [u64; 5] = [1, 100, 10_000, 1_000_000, 10_000_000];
/// Steps of five minutes.
const STEPS: usize = 200;

/// The valid events of a step: as even as whole numbers can be, and the only one of a day fails.
fn valid(traffic: u64, step: usize) -> u64 {
    let until = |step: usize| traffic * (step as u64 + 158) / 288;
    until(step + 1) - until(step)
}

/// One failure after five hours; everything fails for two hours after ten.
fn bad(traffic: u64, step: usize, failed: &mut bool) -> u64 {
    let valid = valid(traffic, step);
    if (120..144).contains(&step) {
        return valid;
    }
    if step >= 60 && valid > 0 && !*failed {
        *failed = true;
        return 1;
    }
    0
}

#[test]
fn alerts_are_those_of_the_events() {
    let mut endpoints = Vec::new();
    let mut series = Vec::new();
    for traffic in TRAFFIC {
        let (mut good_values, mut bad_values) = (String::from("0"), String::from("0"));
        let (mut good_sum, mut bad_sum, mut failed) = (0, 0, false);
        for step in 0..STEPS {
            let bad = bad(traffic, step, &mut failed);
            bad_sum += bad;
            good_sum += valid(traffic, step) - bad;
            write!(good_values, " {good_sum}").unwrap();
            write!(bad_values, " {bad_sum}").unwrap();
        }
        for ppb in TARGETS {
            for days in DAYS {
                let name = format!("e{ppb}-{days}-{traffic}");
                endpoints.push(json!({
                    "name": name,
                    "journey": {"name": name, "hash": "1"},
                    "objectives": {"availability_ppb": ppb, "window": format!("{days}d")},
                    "hash": "2",
                    "source": {"package": "p", "version": "1.0.0", "module": "m", "function": "f", "file": "f.rs", "line": 1},
                }));
                for (outcome, values) in [("good", &good_values), ("bad", &bad_values)] {
                    series.push((
                        format!(
                            r#"slo_events_total{{job="orders",slo_journey="{name}",slo_endpoint="{name}",slo_sli="availability",slo_outcome="{outcome}"}}"#
                        ),
                        values.clone(),
                    ));
                }
            }
        }
    }
    let definition = definition("orders", &endpoints);
    let mut play = Play::through(vec![rules(&definition, &mode(Mode::Universal))]);
    play.objectives(&definition, "orders", &format!("x{STEPS}"));
    let series: Vec<_> = series.iter().map(|(a, b)| (&**a, &**b)).collect();
    play.series(&series);
    let mut expected = Vec::new();
    for after in [60, 61, 63, 90, 120, 121, 123, 132, 144, 146, 162, 200] {
        let mut firing = 0;
        for traffic in TRAFFIC {
            let history = history(traffic);
            for ppb in TARGETS {
                for days in DAYS {
                    let conditions = Scaling::KeepWindows.conditions(Window::days(days));
                    let fires = conditions
                        .iter()
                        .filter(|c| fires(c, Target::from_ppb(ppb), &history, after));
                    firing += fires.count();
                }
            }
        }
        expected.push((after, firing));
    }
    // Not a comparison of nothing with nothing.
    assert!(
        expected.iter().any(|(_, firing)| *firing > 100),
        "{expected:?}"
    );
    let all = r#"sum(ALERTS{alertname="SloErrorBudgetBurn"})"#;
    let expected: Vec<_> = expected
        .into_iter()
        .map(|(after, firing)| {
            let minute = u32::try_from(after * 5).unwrap();
            (all, minute, (firing > 0).then_some(firing as f64))
        })
        .collect();
    play.expected(&expected);
    play.run();
}

/// Valid and bad events, step by step.
fn history(traffic: u64) -> Vec<(u64, u64)> {
    let mut failed = false;
    (0..STEPS)
        .map(|step| (valid(traffic, step), bad(traffic, step, &mut failed)))
        .collect()
}

fn fires(condition: &Condition, target: Target, history: &[(u64, u64)], after: usize) -> bool {
    let within = |minutes: u32| {
        let first = after.saturating_sub(minutes as usize / 5);
        let (mut valid, mut bad) = (0, 0);
        for (more_valid, more_bad) in &history[first..after] {
            valid += more_valid;
            bad += more_bad;
        }
        (valid, bad)
    };
    let (numerator, denominator) = condition.threshold(target).parts();
    let above =
        |(valid, bad): (u64, u64)| u128::from(bad) * denominator > numerator * u128::from(valid);
    let (valid, bad) = within(condition.long_minutes);
    bad as f64 > explained_by_chance(valid as f64, target)
        && above((valid, bad))
        && above(within(condition.short_minutes))
}
