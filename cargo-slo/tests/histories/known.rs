//! The cases in which a mean of ratios is far from the truth, each as a service may live it:
//! load that is uneven, errors whose series exist only while there are any, and a time in which
//! nobody came. What Sloth makes of them stands beside, where `SLO_SLOTH` names its program.

use crate::{
    comparison::compare_all,
    history::{History, Pod},
    sloth,
};
use cargo_slo::outputs::Mode;
use slo_model::{Target, Window};

/// Twenty hours, evaluated every minute.
const MINUTES: usize = 1200;

fn history(pods: Vec<Pod>) -> History {
    History {
        target: Target::from_percent(99.9),
        window: Window::DEFAULT,
        minutes: MINUTES,
        pods,
    }
}

/// A night with one visitor a minute, half of whom fail; a day with thousands, who don't.
fn uneven_load() -> History {
    history(vec![Pod::steady(MINUTES, |minute| match minute % 720 {
        0..360 => (minute as u64 % 2, 1 - minute as u64 % 2),
        _ => (999, u64::from(minute % 2 == 0)),
    })])
}

/// All is well, but for two pods that live a few minutes and fail.
fn errors_only_while_there_are_any() -> History {
    let healthy = Pod {
        bad: vec![None; MINUTES],
        ..Pod::steady(MINUTES, |_| (100, 0))
    };
    let failing = |born: usize| {
        let mut pod = Pod::steady(MINUTES, |minute| (0, u64::from(minute > born) * 10));
        for values in [&mut pod.good, &mut pod.bad] {
            values[..born].fill(None);
            values[born + 14..].fill(None);
        }
        pod
    };
    history(vec![healthy, failing(300), failing(900)])
}

/// Steady load, and twenty minutes without any.
fn idle_gap() -> History {
    history(vec![Pod::steady(MINUTES, |minute| match minute {
        600..620 => (0, 0),
        _ => (999, u64::from(minute % 2 == 0)),
    })])
}

#[test]
fn cases_that_break_a_mean_of_ratios() {
    let cases = [
        ("uneven load", uneven_load as fn() -> History),
        ("errors that come and go", errors_only_while_there_are_any),
        ("an idle gap", idle_gap),
    ];
    let both = cases.iter().flat_map(|(name, history)| {
        [Mode::PerSlo, Mode::Universal].map(|mode| ((*name).to_owned(), history(), mode))
    });
    let compared = compare_all(&both.collect::<Vec<_>>());
    println!("\nerror ratio over the window  events      ours        Sloth");
    for ((name, history), compared) in cases.iter().zip(compared.iter().step_by(2)) {
        let history = history();
        let budget = history.target.budget().to_f64();
        let percent = |left: f64| format!("{:.4} %", 100.0 * (1.0 - left) * budget);
        let (events, ours) = compared.left;
        let sloth = match sloth::error_ratio(&history) {
            Some(ratio) => format!("{:.4} %", 100.0 * ratio),
            None => "not at hand".to_owned(),
        };
        println!(
            "{name:<28} {:<11} {:<11} {sloth}",
            percent(events),
            ours.map_or("none".to_owned(), percent)
        );
    }
}

/// Three days and a half: events leave every window there is but that of the whole budget.
#[test]
fn events_that_leave_all_windows() {
    let minutes = 5000;
    let bad = |minute: usize| match minute {
        100..130 => 900,
        700..1500 => 12,
        3000..3060 => 300,
        _ => minute as u64 % 2,
    };
    let history = History {
        minutes,
        window: Window::days(1),
        ..history(vec![Pod::steady(minutes, |minute| (1000, bad(minute)))])
    };
    compare_all(&[("three days".to_owned(), history, Mode::PerSlo)]);
}
