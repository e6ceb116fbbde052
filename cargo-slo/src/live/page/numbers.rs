//! Numbers as people read them.

use crate::text::numbers::grouped;
use std::time::Duration;

/// The sign of what is not a number.
pub(super) const NONE: &str = "–";

/// A share in percent with at most three decimals, rounded down: what is not all is not 100%.
pub(super) fn share(share: f64) -> String {
    // What is a thousandth but for how it is kept is one.
    const KEPT: f64 = 1e-6;
    thousandths((share * 100_000.0 + KEPT).floor())
}

/// What is left of a budget, in percent with at most one decimal, rounded down.
pub(super) fn left(left: f64) -> String {
    const KEPT: f64 = 1e-9;
    thousandths((left * 1000.0 + KEPT).floor() * 100.0)
}

/// Thousandths of a percent.
fn thousandths(thousandths: f64) -> String {
    if !thousandths.is_finite() {
        return NONE.to_owned();
    }
    let sign = if thousandths < 0.0 { "−" } else { "" };
    let n = whole(thousandths.abs());
    let decimals = format!("{:03}", n % 1000);
    let decimals = decimals.trim_end_matches('0');
    let point = if decimals.is_empty() { "" } else { "." };
    format!("{sign}{}{point}{decimals}%", grouped(n / 1000))
}

/// A number as it was declared.
pub(super) fn decimal(number: f64) -> String {
    match number.is_finite() {
        true => number.to_string(),
        false => NONE.to_owned(),
    }
}

/// A factor with one decimal, two below a tenth, and none from ten on.
pub(super) fn factor(factor: f64) -> String {
    match factor {
        f if !f.is_finite() || f < 0.0 => NONE.to_owned(),
        f if f >= 9.95 => grouped(whole(f.round())),
        0.0 => "0".to_owned(),
        f if f < 0.005 => "<0.01".to_owned(),
        f if f < 0.095 => format!("{f:.2}"),
        f => format!("{f:.1}"),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "not negative, and casts of floats stop at the limits"
)]
fn whole(number: f64) -> u64 {
    number as u64
}

/// A length of time to the millisecond, or to the microsecond below a second.
pub(super) fn rounded(duration: Duration) -> Duration {
    const MICROSECOND: u32 = 1000;
    const MILLISECOND: u32 = 1_000_000;
    let step = match duration.as_secs() {
        0 => MICROSECOND,
        _ => MILLISECOND,
    };
    let nanoseconds = (duration.subsec_nanos() + step / 2) / step * step;
    Duration::from_secs(duration.as_secs()) + Duration::from_nanos(nanoseconds.into())
}

/// The day and the time of day in UTC, of milliseconds since 1970.
pub(super) fn utc(milliseconds: u64) -> (String, String) {
    let seconds = milliseconds / 1000;
    let (days, second) = (seconds / 86_400, seconds % 86_400);
    // Howard Hinnant, "chrono-compatible low-level date algorithms": years that begin in March.
    let shifted = days + 719_468;
    let era = shifted / 146_097;
    let day_of_era = shifted % 146_097;
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    let date = format!("{year:04}-{month:02}-{day:02}");
    let (hour, minute) = (second / 3600, second / 60 % 60);
    (date, format!("{hour:02}:{minute:02}:{:02}", second % 60))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_rounded_down() {
        assert_eq!(
            [1.0, 0.999, 0.999_999_9, 0.333_333, 0.0].map(share),
            ["100%", "99.9%", "99.999%", "33.333%", "0%"]
        );
        assert_eq!(
            [1.0, 0.35, -0.355, -12.0].map(left),
            ["100%", "35%", "−35.5%", "−1,200%"]
        );
        assert_eq!([f64::NAN, f64::INFINITY].map(share), [NONE, NONE]);
    }

    #[test]
    fn factors_and_moments() {
        assert_eq!(
            [0.0, 0.004, 0.05, 0.4, 9.94, 14.4, 4320.0, f64::NAN].map(factor),
            ["0", "<0.01", "0.05", "0.4", "9.9", "14", "4,320", NONE]
        );
        for (at, date, time) in [
            (0, "1970-01-01", "00:00:00"),
            (951_827_696_789, "2000-02-29", "12:34:56"),
            (1_795_960_943_000, "2026-11-29", "14:02:23"),
            (u64::MAX, "584556019-04-03", "14:25:51"),
        ] {
            assert_eq!(utc(at), (date.to_owned(), time.to_owned()));
        }
        let rounded = |nanoseconds| rounded(Duration::from_nanos(nanoseconds)).as_nanos();
        assert_eq!(rounded(12_345_678), 12_346_000);
        assert_eq!(rounded(1_234_567_890), 1_235_000_000);
        assert_eq!(rounded(1_999_999_999), 2_000_000_000);
    }
}
