//! `500ms`, `30d`, `5m`: a number with its unit, or a constant expression.

use super::decimal::Number;
use crate::model::{Days, Written};
use proc_macro2::{Ident, Span};
use quote::ToTokens;
use std::time::Duration;
use syn::{Error, Lit, Token, ext::IdentExt, parse::ParseStream};

/// A kind of time span: what it is called in messages, and its units in nanoseconds.
struct Kind {
    what: &'static str,
    example: &'static str,
    units: &'static [(&'static str, u128)],
}

const SECOND: u128 = 1_000_000_000;
const DAY: u128 = 86_400 * SECOND;

const THRESHOLD: Kind = Kind {
    what: "a latency threshold",
    example: "500ms",
    units: &[
        ("us", 1_000),
        ("ms", 1_000_000),
        ("s", SECOND),
        ("m", 60 * SECOND),
    ],
};

const INTERVAL: Kind = Kind {
    what: "the interval of a job",
    example: "5m",
    units: &[
        ("s", SECOND),
        ("m", 60 * SECOND),
        ("h", 3600 * SECOND),
        ("d", DAY),
    ],
};

const WINDOW: Kind = Kind {
    what: "a window",
    example: "30d",
    units: &[("d", DAY), ("w", 7 * DAY)],
};

/// What stands behind the `<` of a latency objective.
pub(super) fn threshold(input: ParseStream<'_>) -> syn::Result<Written<Duration>> {
    let Some((nanos, span)) = literal(input, &THRESHOLD)? else {
        return input.parse().map(Written::Constant);
    };
    match nanos {
        0 => Err(Error::new(
            span,
            "a latency threshold is longer than nothing: no event takes 0 time, every one would be late",
        )),
        nanos if nanos > DAY => Err(Error::new(
            span,
            "a latency threshold is at most a day long; for work that takes longer, promise how often it succeeds: `availability = 99%`",
        )),
        nanos => Ok(Written::Literally(duration(nanos), span)),
    }
}

/// What `every = …` holds.
pub(super) fn interval(input: ParseStream<'_>) -> syn::Result<Written<Duration>> {
    let Some((nanos, span)) = literal(input, &INTERVAL)? else {
        return input.parse().map(Written::Constant);
    };
    if !(SECOND..=366 * DAY).contains(&nanos) {
        return Err(Error::new(
            span,
            "a job runs every second at most and every 366 days at least, such as `every = 5m`",
        ));
    }
    Ok(Written::Literally(duration(nanos), span))
}

/// What `window = …` holds.
pub(super) fn window(input: ParseStream<'_>) -> syn::Result<Written<Days>> {
    let Some((nanos, span)) = literal(input, &WINDOW)? else {
        return input.parse().map(Written::Constant);
    };
    match u16::try_from(nanos / DAY) {
        Ok(days @ 1..=366) if nanos % DAY == 0 => Ok(Written::Literally(Days(days), span)),
        _ => Err(Error::new(
            span,
            "a rolling window is 1 to 366 whole days long, such as `30d` or `4w`",
        )),
    }
}

fn duration(nanos: u128) -> Duration {
    // Both parts are in range: callers have refused everything above 366 days.
    Duration::new((nanos / SECOND) as u64, (nanos % SECOND) as u32)
}

/// A number with its unit in nanoseconds, if a literal comes next.
fn literal(input: ParseStream<'_>, kind: &Kind) -> syn::Result<Option<(u128, Span)>> {
    if input.peek(Token![-]) && input.peek2(Lit) {
        let minus: Token![-] = input.parse()?;
        return Err(Error::new(
            minus.span,
            format!(
                "{} can't be negative; write it like `{}`",
                kind.what, kind.example
            ),
        ));
    }
    if !input.peek(Lit) {
        return Ok(None);
    }
    let literal: Lit = input.parse()?;
    let span = literal.span();
    let text = match &literal {
        Lit::Str(text) => {
            let message = format!(
                "{} is written without quotes, like `{}`",
                kind.what, kind.example
            );
            return Err(Error::new(text.span(), message));
        }
        other => other.to_token_stream().to_string(),
    };
    // `500 ms`: the unit became a token of its own.
    let apart: Option<Ident> = match input.peek(syn::Ident) {
        true => Some(input.call(Ident::parse_any)?),
        false => None,
    };
    nanoseconds(&text, apart.map(|unit| unit.to_string()), kind)
        .map(|nanos| Some((nanos, span)))
        .map_err(|message| Error::new(span, message))
}

fn nanoseconds(text: &str, apart: Option<String>, kind: &Kind) -> Result<u128, String> {
    let Kind {
        what,
        example,
        units,
    } = kind;
    let number = Number::parse(text)
        .ok_or_else(|| format!("{what} is a plain decimal number with a unit, like `{example}`"))?;
    let digits = number.digits();
    if let Some(unit) = apart {
        return Err(format!("number and unit are one word: `{digits}{unit}`"));
    }
    let known: Vec<_> = units.iter().map(|(unit, _)| format!("`{unit}`")).collect();
    let known = known.join(", ");
    if number.suffix.is_empty() {
        return Err(format!(
            "{what} has a unit, like `{example}`; the units are {known}"
        ));
    }
    let Some((unit, size)) = units.iter().find(|(unit, _)| *unit == number.suffix) else {
        let suffix = &number.suffix;
        return Err(format!(
            "`{suffix}` is not a unit of {what}; the units are {known}, like `{example}`"
        ));
    };
    // Twelve decimals are more than a nanosecond's share of any unit.
    match number.scaled(12).map(|scaled| scaled.saturating_mul(*size)) {
        Some(nanos) if nanos % 10u128.pow(12) == 0 || nanos == u128::MAX => {
            Ok(nanos / 10u128.pow(12))
        }
        _ => Err(format!(
            "`{digits}{unit}` is finer than a nanosecond; write fewer decimals"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use syn::parse::Parser;

    fn refused<T>(
        parser: impl FnOnce(ParseStream<'_>) -> syn::Result<Written<T>>,
        text: &str,
    ) -> String {
        match parser.parse_str(text) {
            Ok(_) => panic!("`{text}` is accepted"),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn thresholds_are_exact() {
        for (text, nanos) in [
            ("1us", 1_000),
            ("500ms", 500_000_000),
            ("0.5s", 500_000_000),
            ("0.0005ms", 500),
            ("1.5m", 90 * SECOND),
            ("1_000ms", SECOND),
            ("1440m", DAY),
        ] {
            let Ok(Written::Literally(found, _)) = threshold.parse_str(text) else {
                panic!("{text}");
            };
            assert_eq!(found, duration(nanos), "{text}");
        }
    }

    #[test]
    fn windows_are_whole_days() {
        for (text, expected) in [("30d", 30), ("4w", 28), ("366d", 366), ("0.5w", 0)] {
            match window.parse_str(text) {
                Ok(Written::Literally(Days(days), _)) => assert_eq!(days, expected, "{text}"),
                _ => assert_eq!(expected, 0, "{text}"),
            }
        }
    }

    #[test]
    fn nonsense_is_refused_with_a_way_out() {
        for (text, why) in [
            ("500", "has a unit, like `500ms`"),
            ("0ms", "longer than nothing"),
            ("-5ms", "can't be negative"),
            ("1441m", "at most a day"),
            (
                "99999999999999999999999999999999999999999s",
                "at most a day",
            ),
            ("5sec", "`sec` is not a unit"),
            ("5h", "`h` is not a unit"),
            ("500 ms", "one word: `500ms`"),
            ("1e3ms", "plain decimal"),
            ("0.0001us", "finer than a nanosecond"),
            ("\"500ms\"", "without quotes"),
        ] {
            let message = refused(threshold, text);
            assert!(message.contains(why), "{text}: {message}");
        }
        assert!(refused(window, "0d").contains("1 to 366"));
        assert!(refused(window, "367d").contains("1 to 366"));
        assert!(refused(window, "720h").contains("`h` is not a unit"));
        assert!(refused(interval, "0s").contains("every second at most"));
        assert!(refused(interval, "500ms").contains("`ms` is not a unit"));
    }
}
