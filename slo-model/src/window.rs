//! The period an objective is promised over.

use std::{fmt, str::FromStr};

/// A calendar period that starts again at its first moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Calendar {
    /// Monday to Sunday.
    Week,
    /// The first to the last day of a month.
    Month,
    /// Three months, from January, April, July and October.
    Quarter,
    /// January to December.
    Year,
}

/// The period over which good and valid events are summed up.
///
/// ```
/// use slo_model::Window;
/// const WINDOW: Window = Window::days(28);
/// assert_eq!(WINDOW.to_string(), "28d");
/// assert_eq!("calendar-month".parse::<Window>(), Ok(Window::MONTH));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Window {
    /// The last days up to now, always equally long.
    Rolling {
        /// Length in days, 1 to 366.
        days: u16,
    },
    /// The current calendar period.
    Calendar(Calendar),
}

impl Window {
    /// The usual window: 30 rolling days.
    pub const DEFAULT: Window = Window::days(30);
    /// The current calendar week.
    pub const WEEK: Window = Window::Calendar(Calendar::Week);
    /// The current calendar month.
    pub const MONTH: Window = Window::Calendar(Calendar::Month);
    /// The current calendar quarter.
    pub const QUARTER: Window = Window::Calendar(Calendar::Quarter);
    /// The current calendar year.
    pub const YEAR: Window = Window::Calendar(Calendar::Year);

    /// Returns a rolling window.
    ///
    /// # Panics
    /// Outside 1 to 366 days.
    pub const fn days(days: u16) -> Window {
        assert!(
            days >= 1 && days <= 366,
            "a rolling window is 1 to 366 days long"
        );
        Window::Rolling { days }
    }

    /// Returns a rolling window of `n` times seven days.
    ///
    /// # Panics
    /// Outside 1 to 52 weeks.
    pub const fn weeks(weeks: u16) -> Window {
        assert!(
            weeks >= 1 && weeks <= 52,
            "a rolling window is 1 to 52 weeks long"
        );
        Window::days(weeks * 7)
    }

    /// Returns how long the window is, in days; a calendar period counts with its usual length
    /// (7, 30, 90, 365), which is what alerts are scaled with.
    pub const fn length_days(self) -> u16 {
        match self {
            Window::Rolling { days } => days,
            Window::Calendar(Calendar::Week) => 7,
            Window::Calendar(Calendar::Month) => 30,
            Window::Calendar(Calendar::Quarter) => 90,
            Window::Calendar(Calendar::Year) => 365,
        }
    }

    /// The same in minutes.
    pub const fn length_minutes(self) -> u32 {
        self.length_days() as u32 * 1440
    }

    pub(crate) const fn calendar_name(calendar: Calendar) -> &'static str {
        match calendar {
            Calendar::Week => "calendar-week",
            Calendar::Month => "calendar-month",
            Calendar::Quarter => "calendar-quarter",
            Calendar::Year => "calendar-year",
        }
    }
}

impl Default for Window {
    fn default() -> Window {
        Window::DEFAULT
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Window::Rolling { days } => f.pad(&format!("{days}d")),
            Window::Calendar(calendar) => f.pad(Window::calendar_name(*calendar)),
        }
    }
}

/// The text is not a window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseWindowError(String);

impl fmt::Display for ParseWindowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is not a window; expected 1 to 366 days such as `30d`, or `calendar-week`, \
             `calendar-month`, `calendar-quarter`, `calendar-year`",
            self.0
        )
    }
}

impl std::error::Error for ParseWindowError {}

impl FromStr for Window {
    type Err = ParseWindowError;

    fn from_str(text: &str) -> Result<Window, ParseWindowError> {
        let calendar = [Window::WEEK, Window::MONTH, Window::QUARTER, Window::YEAR];
        if let Some(window) = calendar.into_iter().find(|w| w.to_string() == text) {
            return Ok(window);
        }
        text.strip_suffix('d')
            .filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()))
            .and_then(|digits| digits.parse().ok())
            .filter(|days| (1..=366).contains(days))
            .map(Window::days)
            .ok_or_else(|| ParseWindowError(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_round_trips() {
        for window in [
            Window::days(1),
            Window::weeks(4),
            Window::days(366),
            Window::WEEK,
            Window::MONTH,
            Window::QUARTER,
            Window::YEAR,
        ] {
            assert_eq!(window.to_string().parse(), Ok(window));
        }
    }

    #[test]
    fn nonsense_is_refused() {
        for text in [
            "",
            "d",
            "0d",
            "367d",
            "30",
            "30h",
            "+30d",
            "month",
            "99999999999d",
        ] {
            assert!(text.parse::<Window>().is_err(), "{text}");
        }
        assert!(std::panic::catch_unwind(|| Window::days(0)).is_err());
        assert!(std::panic::catch_unwind(|| Window::weeks(53)).is_err());
    }
}
