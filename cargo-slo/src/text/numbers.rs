//! Numbers as people read them.

use slo_model::Decimal;

/// A count with its noun: `1 event`, `12,000 events`.
pub(crate) fn counted(n: u64, noun: &str) -> String {
    format!("{} {noun}{}", grouped(n), if n == 1 { "" } else { "s" })
}

/// A count with its digits in groups of three.
pub(crate) fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// How many events are to be expected: one decimal below a hundred, where it matters.
pub(crate) fn expected(events: Decimal) -> String {
    if events.is_below(100) {
        let tenths = events.times(Decimal::new(10, 1)).floor();
        return Decimal::new(tenths, 10).to_string();
    }
    grouped(u64::try_from(events.floor()).unwrap_or(u64::MAX))
}

/// A probability in percent with two significant digits: `43%`, `5.1%`.
pub(crate) fn percent(probability: f64) -> String {
    percent_of(probability).unwrap_or_else(|| "less than 0.1%".to_owned())
}

/// The same; `None` below 0.1%.
pub(crate) fn percent_of(probability: f64) -> Option<String> {
    let percent = probability * 100.0;
    if percent >= 9.95 {
        Some(format!("{percent:.0}%"))
    } else if percent >= 0.0995 {
        Some(format!("{percent:.1}%"))
    } else {
        None
    }
}

/// A probability that is a bound, in percent, rounded up: `at most 5.2%`.
pub(crate) fn at_most_percent(probability: f64) -> String {
    let tenths = (probability * 1000.0).ceil().max(1.0);
    match tenths {
        ..100.0 => format!("at most {:.1}%", tenths / 10.0),
        _ => format!("at most {:.0}%", (tenths / 10.0).ceil()),
    }
}

/// An expected number, such as of pages a month: one decimal, and none from ten on.
pub(crate) fn number(expected: f64) -> String {
    if expected >= 9.95 {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "positive, and casts of floats stop at the limits"
        )]
        grouped(expected.round() as u64)
    } else if expected >= 0.05 {
        format!("{expected:.1}")
    } else {
        "less than 0.1".to_owned()
    }
}

/// A ratio in percent, at most three decimals, rounded down.
pub(crate) fn share(ratio: Decimal) -> String {
    let thousandths = ratio.times(Decimal::new(100_000, 1)).floor();
    format!("{}%", Decimal::new(thousandths, 1000))
}

/// A ratio in whole percent, rounded down; for measured ones, whose digits say little.
pub(crate) fn whole_share(ratio: Decimal) -> String {
    format!("{}%", ratio.times(Decimal::new(100, 1)).floor())
}

/// An amount of money, rounded down to hundredths, its digits in groups of three; what is less
/// than a hundredth keeps two digits that are not 0.
pub(crate) fn money(amount: Decimal) -> String {
    const MAX_DECIMALS: u32 = 12;
    let scaled = |places: u32| amount.times(Decimal::new(10u128.pow(places), 1)).floor();
    let cents = scaled(2);
    if cents == 0 {
        let places = (3..=MAX_DECIMALS)
            .find(|places| scaled(*places) >= 10)
            .unwrap_or(MAX_DECIMALS);
        return Decimal::new(scaled(places), 10u128.pow(places)).to_string();
    }
    let whole = grouped(u64::try_from(cents / 100).unwrap_or(u64::MAX));
    let rest = Decimal::new(cents % 100, 100).to_string();
    format!("{whole}{}", rest.trim_start_matches('0'))
}

/// A unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    Days,
    Hours,
    Minutes,
    Seconds,
    Milliseconds,
}

/// A length of time in minutes, in the unit it is best read in, at most one decimal.
pub(crate) fn minutes(minutes: Decimal) -> String {
    let (count, unit) = in_unit(minutes);
    let unit = match unit {
        Unit::Days => "d",
        Unit::Hours => "h",
        Unit::Minutes => "min",
        Unit::Seconds => "s",
        Unit::Milliseconds => "ms",
    };
    format!("{count} {unit}")
}

/// A length of time in minutes, as a number of the unit it is best read in, with at most one
/// decimal; never in less than seconds.
pub(crate) fn in_unit(minutes: Decimal) -> (Decimal, Unit) {
    let units = [
        (Unit::Days, 1, 1440),
        (Unit::Hours, 1, 60),
        (Unit::Minutes, 1, 1),
    ];
    let large = units.iter().find_map(|(unit, times, over)| {
        let count = minutes.times(Decimal::new(*times, *over));
        (!count.is_below(2)).then_some((count, *unit))
    });
    let (count, unit) =
        large.unwrap_or_else(|| (minutes.times(Decimal::new(60, 1)), Unit::Seconds));
    let (n, d) = count.times(Decimal::new(10, 1)).parts();
    (Decimal::new((2 * n + d) / (2 * d), 10), unit)
}

/// A window of whole minutes, as rules write it: `5m`, `1h`, `3d`.
pub(crate) fn window(minutes: u32) -> String {
    match minutes {
        m if m.is_multiple_of(1440) => format!("{}d", m / 1440),
        m if m.is_multiple_of(60) => format!("{}h", m / 60),
        m => format!("{m}m"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_for_people() {
        assert_eq!(
            [counted(1, "event"), counted(12_000, "event")],
            ["1 event", "12,000 events"]
        );
        assert_eq!(
            [grouped(0), grouped(999), grouped(1_234_567)],
            ["0", "999", "1,234,567"]
        );
        assert_eq!(
            [0.4301, 0.0513, 0.0001].map(percent),
            ["43%", "5.1%", "less than 0.1%"]
        );
        assert_eq!(
            [0.001, 0.06, 2.757, 1914.6].map(number),
            ["less than 0.1", "0.1", "2.8", "1,915"]
        );
        assert_eq!(
            [0.0, 0.0513, 0.4301].map(at_most_percent),
            ["at most 0.1%", "at most 5.2%", "at most 44%"]
        );
        assert_eq!(share(Decimal::new(1, 3)), "33.333%");
        assert_eq!(whole_share(Decimal::new(2, 3)), "66%");
        let amounts = [
            (36_000, 1),
            (123_456_789, 1000),
            (7, 2),
            (2, 3),
            (1, 300),
            (0, 1),
        ];
        assert_eq!(
            amounts.map(|(n, d)| money(Decimal::new(n, d))),
            ["36,000", "123,456.78", "3.5", "0.66", "0.0033", "0"]
        );
        assert_eq!(money(Decimal::new(10, 100)), "0.1");
        let lengths = [(864, 1000), (2, 1), (90, 1), (119, 1), (120, 1), (4320, 1)];
        let shown = lengths.map(|(n, d)| minutes(Decimal::new(n, d)));
        assert_eq!(
            shown,
            ["51.8 s", "2 min", "90 min", "119 min", "2 h", "3 d"]
        );
        assert_eq!(
            [5, 60, 90, 1440, 4320].map(window),
            ["5m", "1h", "90m", "1d", "3d"]
        );
    }
}
