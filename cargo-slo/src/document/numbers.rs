//! Numbers as the readers of a language write them.

use super::text::Texts;
use crate::text::numbers::{self, Unit};
use slo_model::{Calendar, Decimal, Target, Window};
use std::time::Duration;

impl super::Language {
    /// Returns a length of time in the largest unit it is a whole number of.
    pub(crate) fn duration(self, duration: Duration) -> String {
        self.texts().duration(duration)
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

    /// A length of time given in minutes, in the unit it is best read in.
    pub(super) fn minutes(&self, minutes: Decimal) -> String {
        let (count, unit) = numbers::in_unit(minutes);
        let count = grouped(count);
        self.of_unit(unit).with(&count, count == "1")
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
            ["43.2\u{a0}min", "43.2\u{a0}分"]
        );
        let shown = [500, 1500, 60_000, 90_000, 3_600_000, 300].map(|ms| {
            en.duration(Duration::from_millis(ms))
                .replace('\u{a0}', " ")
        });
        assert_eq!(shown, ["500 ms", "1.5 s", "1 min", "90 s", "1 h", "300 ms"]);
        assert_eq!(en.duration(Duration::from_nanos(1)), "0.000001\u{a0}ms");
        assert_eq!(
            [en.window(Window::days(30)), ja.window(Window::MONTH)],
            ["30\u{a0}days", "暦月"]
        );
        assert_eq!(
            [en.window(Window::days(1)), en.span(1440)],
            ["1\u{a0}day", "1\u{a0}day"]
        );
        assert_eq!(
            [en.date("2026-05-01"), ja.date("2026-05-01")],
            ["2026-05-01", "2026年5月1日"]
        );
        assert_eq!(grouped(Decimal::new(1_234_567, 100)), "12,345.67");
        assert_eq!(Texts::share(Decimal::new(144, 10_000)), "1.44%");
        assert_eq!(Texts::share(Decimal::new(1, 3)), "33.333%");
        assert_eq!(Texts::share(Decimal::new(1, 1_000_000_000)), "0.0000001%");
    }
}
