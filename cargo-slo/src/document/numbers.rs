//! Numbers as the readers of a language write them.

use super::text::Texts;
use crate::text::numbers::{self, Unit};
use slo_model::{Calendar, Decimal, Target, Window, budget};
use std::time::Duration;

impl super::Language {
    /// Returns a length of time in the largest unit it is a whole number of.
    pub(crate) fn duration(self, duration: Duration) -> String {
        self.texts().duration(duration)
    }

    /// Returns the period of an SLO.
    pub(crate) fn window(self, window: Window) -> String {
        self.texts().window(window)
    }
}

impl Texts {
    /// A share in percent: exactly where it ends, else with three decimals, rounded down.
    pub(super) fn share(ratio: Decimal) -> String {
        let percent = ratio.times(Decimal::new(100, 1));
        match percent.is_written_exactly() {
            true => format!("{percent}%"),
            false => numbers::share(ratio),
        }
    }

    /// A target.
    pub(super) fn target(target: Target) -> String {
        target.to_string()
    }

    /// A length of time given in minutes, in the two units it is best read in: seconds below an hour,
    /// whole minutes below a day, then whole hours. Below a minute, seconds with one decimal.
    pub(super) fn minutes(&self, minutes: Decimal) -> String {
        let rounded = |over: u128| {
            let (n, d) = minutes.times(Decimal::new(60, over)).parts();
            (2 * n + d) / (2 * d)
        };
        let (seconds, whole_minutes, hours) = (rounded(1), rounded(60), rounded(3600));
        match (seconds, whole_minutes) {
            (..60, _) => {
                let (count, unit) = numbers::in_unit(minutes);
                let count = grouped(count);
                self.of_unit(unit).with(&count, count == "1")
            }
            (..3600, _) => self.pair((seconds, 60), Unit::Minutes, Unit::Seconds),
            (_, ..1440) => self.pair((whole_minutes, 60), Unit::Hours, Unit::Minutes),
            _ => self.pair((hours, 24), Unit::Days, Unit::Hours),
        }
    }

    /// So many of the small unit, of which the large one has that many.
    fn pair(&self, (count, size): (u128, u128), large: Unit, small: Unit) -> String {
        let of = |count: u128, unit| {
            let count = grouped(Decimal::new(count, 1));
            self.of_unit(unit).with(&count, count == "1")
        };
        match (count / size, count % size) {
            (many, 0) => of(many, large),
            (many, rest) => {
                let pair = self.units.pair.replace("{large}", &of(many, large));
                pair.replace("{small}", &of(rest, small))
            }
        }
    }

    /// How long all events may be bad, in total over a window. The days of a calendar window
    /// differ, so that is about.
    pub(super) fn outage(&self, target: Target, window: Window) -> String {
        let outage = self.minutes(budget::outage_minutes(target, window));
        match window {
            Window::Rolling { .. } | Window::Calendar(Calendar::Week) => outage,
            Window::Calendar(_) => {
                let days = window.length_minutes() / 1440;
                let days = self.units.days.with(&days.to_string(), days == 1);
                let about = self.windows.about.replace("{outage}", &outage);
                about.replace("{days}", &days)
            }
        }
    }

    /// A probability in percent, with two significant digits.
    pub(super) fn chance(&self, probability: f64) -> String {
        numbers::percent_of(probability).unwrap_or_else(|| self.small_chance.to_owned())
    }

    /// A length of time, to the nanosecond.
    pub(super) fn duration(&self, duration: Duration) -> String {
        const UNITS: [(Unit, u128); 5] = [
            (Unit::Days, 86_400_000_000_000),
            (Unit::Hours, 3_600_000_000_000),
            (Unit::Minutes, 60_000_000_000),
            (Unit::Seconds, 1_000_000_000),
            (Unit::Milliseconds, 1_000_000),
        ];
        let nanoseconds = duration.as_nanos();
        // The largest unit there is a whole number of; else seconds from one second on.
        let whole = UNITS[..4]
            .iter()
            .find(|(_, size)| nanoseconds >= *size && nanoseconds.is_multiple_of(*size));
        let (unit, size) = match whole {
            Some(found) => *found,
            None if nanoseconds >= UNITS[3].1 => UNITS[3],
            None => UNITS[4],
        };
        let count = Decimal::new(nanoseconds, size);
        let count = grouped(count);
        self.of_unit(unit).with(&count, count == "1")
    }

    fn of_unit(&self, unit: Unit) -> &super::text::Counted {
        match unit {
            Unit::Days => &self.units.days,
            Unit::Hours => &self.units.hours,
            Unit::Minutes => &self.units.minutes,
            Unit::Seconds => &self.units.seconds,
            Unit::Milliseconds => &self.units.milliseconds,
        }
    }

    /// A window of an alert, in whole minutes.
    pub(super) fn span(&self, minutes: u32) -> String {
        self.duration(Duration::from_secs(u64::from(minutes) * 60))
    }

    /// The period of an SLO.
    pub(super) fn window(&self, window: Window) -> String {
        let windows = &self.windows;
        match window {
            Window::Rolling { days } => windows.rolling.with(&days.to_string(), days == 1),
            Window::Calendar(Calendar::Week) => windows.week.to_owned(),
            Window::Calendar(Calendar::Month) => windows.month.to_owned(),
            Window::Calendar(Calendar::Quarter) => windows.quarter.to_owned(),
            Window::Calendar(Calendar::Year) => windows.year.to_owned(),
        }
    }

    /// A day.
    pub(super) fn date(&self, date: &str) -> String {
        let mut parts = date.split('-').map(|part| part.trim_start_matches('0'));
        let (Some(year), Some(month), Some(day)) = (parts.next(), parts.next(), parts.next())
        else {
            return date.to_owned();
        };
        match self.date {
            "" => date.to_owned(),
            form => form
                .replace("{year}", year)
                .replace("{month}", month)
                .replace("{day}", day),
        }
    }
}

/// A number with the digits before its point in groups of three.
pub(super) fn grouped(number: Decimal) -> String {
    let text = number.to_string();
    let (whole, decimals) = match text.split_once('.') {
        Some((whole, decimals)) => (whole, Some(decimals)),
        None => (&*text, None),
    };
    let whole = whole
        .parse()
        .map_or_else(|_| whole.to_owned(), numbers::grouped);
    match decimals {
        Some(decimals) => format!("{whole}.{decimals}"),
        None => whole,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Language;

    #[test]
    fn numbers_of_each_language() {
        let (en, ja) = (Language::English.texts(), Language::Japanese.texts());
        let outage = Decimal::new(432, 10);
        assert_eq!(
            [en.minutes(outage), ja.minutes(outage)],
            ["43\u{a0}min\u{a0}12\u{a0}s", "43\u{a0}分\u{a0}12\u{a0}秒"]
        );
        let lengths = [
            0, 26, 1199, 1200, 71_990, 72_000, 86_400, 144_000, 1_727_900, 1_728_000, 2_000_000,
        ]
        .map(|twentieths| {
            en.minutes(Decimal::new(twentieths, 1200))
                .replace('\u{a0}', " ")
        });
        assert_eq!(
            lengths,
            [
                "0 s",
                "1.3 s",
                "1 min",
                "1 min",
                "1 h",
                "1 h",
                "1 h 12 min",
                "2 h",
                "1 day",
                "1 day",
                "1 day 4 h"
            ]
        );
        assert_eq!(
            [Window::days(30), Window::WEEK, Window::MONTH].map(|window| en
                .outage(Target::from_percent(99.9), window)
                .replace('\u{a0}', " ")),
            [
                "43 min 12 s",
                "10 min 5 s",
                "about 43 min 12 s (at 30 days)"
            ]
        );
        assert_eq!([en.chance(0.43), ja.chance(0.0001)], ["43%", "0.1% 未満"]);
        let shown = [500, 1500, 60_000, 90_000, 3_600_000, 300].map(|ms| {
            en.duration(Duration::from_millis(ms))
                .replace('\u{a0}', " ")
        });
        assert_eq!(shown, ["500 ms", "1.5 s", "1 min", "90 s", "1 h", "300 ms"]);
        assert_eq!(en.duration(Duration::from_nanos(1)), "0.000001\u{a0}ms");
        assert_eq!(
            [en.window(Window::days(30)), ja.window(Window::MONTH)],
            ["30\u{a0}days", "各暦月"]
        );
        assert_eq!(
            [en.window(Window::days(1)), en.span(1440)],
            ["1\u{a0}day", "1\u{a0}day"]
        );
        assert_eq!(
            [en.date("2026-05-01"), ja.date("2026-05-01")],
            ["2026-05-01", "2026\u{a0}年\u{a0}5\u{a0}月\u{a0}1\u{a0}日"]
        );
        assert_eq!(grouped(Decimal::new(1_234_567, 100)), "12,345.67");
        assert_eq!(Texts::share(Decimal::new(144, 10_000)), "1.44%");
        assert_eq!(Texts::share(Decimal::new(1, 3)), "33.333%");
        assert_eq!(Texts::share(Decimal::new(1, 1_000_000_000)), "0.0000001%");
    }
}
