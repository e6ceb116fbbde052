//! Decimal literals, exactly.
//!
//! A target is compared with counts of events and a threshold with nanoseconds, so neither
//! may pass through a binary fraction: `99.95` is read from its digits.

/// A literal as it was typed: its digits and what follows them.
pub(super) struct Number {
    whole: String,
    fraction: String,
    /// The unit, or an empty text.
    pub(super) suffix: String,
}

impl Number {
    /// Splits the text of an integer or float literal; `None` if it is hexadecimal, has
    /// an exponent or is otherwise no plain decimal.
    pub(super) fn parse(literal: &str) -> Option<Number> {
        let text = literal.replace('_', "");
        let end = text
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .unwrap_or(text.len());
        let (digits, suffix) = text.split_at(end);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let other_base = whole == "0" && fraction.is_empty() && suffix.starts_with(['x', 'o', 'b']);
        let exponent = suffix
            .strip_prefix(['e', 'E'])
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit() || "+-".contains(c)));
        (!whole.is_empty() && !other_base && !exponent).then(|| Number {
            whole: whole.to_owned(),
            fraction: fraction.trim_end_matches('0').to_owned(),
            suffix: suffix.to_owned(),
        })
    }

    /// The value times `10^places` where that is a whole number.
    pub(super) fn scaled(&self, places: usize) -> Option<u128> {
        let padding = places.checked_sub(self.fraction.len())?;
        let digits = format!("{}{}{}", self.whole, self.fraction, "0".repeat(padding));
        // More digits than fit are far out of any range asked for.
        Some(digits.parse().unwrap_or(u128::MAX))
    }

    /// The digits as they were typed, without the unit.
    pub(super) fn digits(&self) -> String {
        if self.fraction.is_empty() {
            self.whole.clone()
        } else {
            format!("{}.{}", self.whole, self.fraction)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_kept() {
        for (text, places, scaled, suffix) in [
            ("99.9", 7, Some(999_000_000), ""),
            ("99.999_999_9", 7, Some(999_999_999), ""),
            ("99.99999990", 7, Some(999_999_999), ""),
            ("99.99999999", 7, None, ""),
            ("1_000ms", 0, Some(1000), "ms"),
            ("0.5s", 9, Some(500_000_000), "s"),
            ("007.", 0, Some(7), ""),
            ("5e", 0, Some(5), "e"),
        ] {
            let number = Number::parse(text).unwrap();
            assert_eq!(number.scaled(places), scaled, "{text}");
            assert_eq!(number.suffix, suffix);
        }
        let huge = Number::parse(&"9".repeat(60)).unwrap();
        assert_eq!(huge.scaled(0), Some(u128::MAX));
    }

    #[test]
    fn what_is_no_plain_decimal_is_refused() {
        for text in ["0x30d", "0b11", "0o7", "1e3", "1e-3ms", "1E+3", "x"] {
            assert!(Number::parse(text).is_none(), "{text}");
        }
    }
}
