//! Budgets in minutes and in events, as people say them.

use slo_model::{Target, Window, budget};

/// How much time a budget is, if it were spent by failing entirely: `43 min`, `3 h 36 min`.
pub(super) fn time(target: Target, window: Window) -> String {
    // A window in seconds, times the budget in parts per billion.
    let seconds = u64::from(window.length_days()) * 86_400;
    let seconds = budget::events(seconds, target);
    match (seconds / 86_400, seconds / 3600, seconds / 60) {
        (0, 0, 0) => format!("{seconds} s"),
        (0, 0, minutes @ 0..10) => format!("{minutes} min {} s", seconds % 60).replace(" 0 s", ""),
        (0, 0, minutes) => format!("{minutes} min"),
        (0, hours, minutes) => with_rest(hours, "h", minutes % 60, "min"),
        (days, hours, _) => with_rest(days, "d", hours % 24, "h"),
    }
}

/// The window as a period: `a month`, `in 7 days`.
pub(super) fn period(window: Window) -> String {
    match (window.length_days(), window) {
        (30, _) => "a month".to_owned(),
        (7, Window::Calendar(_)) => "a week".to_owned(),
        (90, Window::Calendar(_)) => "a quarter".to_owned(),
        (365, _) => "a year".to_owned(),
        (1, _) => "a day".to_owned(),
        (days, _) => format!("in {days} days"),
    }
}

fn with_rest(n: u64, unit: &str, rest: u64, smaller: &str) -> String {
    match rest {
        0 => format!("{n} {unit}"),
        rest => format!("{n} {unit} {rest} {smaller}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn budgets_as_people_say_them() {
        let month = Window::DEFAULT;
        let time = |percent, window| time(Target::from_percent(percent), window);
        for (percent, text) in [
            (99.9, "43 min"),
            (99.5, "3 h 36 min"),
            (90.0, "3 d"),
            (95.0, "1 d 12 h"),
            (99.99, "4 min 19 s"),
            (99.999, "25 s"),
        ] {
            assert_eq!(time(percent, month), text);
        }
        assert_eq!(time(99.9, Window::days(7)), "10 min");
        assert_eq!(period(month), "a month");
        assert_eq!(period(Window::days(7)), "in 7 days");
        assert_eq!(period(Window::QUARTER), "a quarter");
    }
}
