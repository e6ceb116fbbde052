//! Exact numbers: digits, `_` between them, and decimals.

use slo_model::Decimal;

/// Digits before the point, enough for whatever is counted and small enough for exact products.
const DIGITS: usize = 13;
/// Digits behind it.
const DECIMALS: usize = 9;

/// A number such as `526`, `1_000` or `12.50`; nothing for anything else, signs included.
pub(super) fn number(text: &str) -> Option<Decimal> {
    let (whole, decimals) = match text.split_once('.') {
        Some((whole, decimals)) => (whole, Some(decimals)),
        None => (text, None),
    };
    let grouped = !whole.starts_with('_') && !whole.ends_with('_') && !whole.contains("__");
    let whole: String = whole.chars().filter(|c| *c != '_').collect();
    let is_digits = |text: &str, most| {
        !text.is_empty() && text.len() <= most && text.bytes().all(|b| b.is_ascii_digit())
    };
    if !grouped || !is_digits(&whole, DIGITS) {
        return None;
    }
    let decimals = decimals.unwrap_or("0");
    if !is_digits(decimals, DECIMALS) {
        return None;
    }
    let scale = 10u128.pow(u32::try_from(decimals.len()).ok()?);
    let whole: u128 = whole.parse().ok()?;
    let rest: u128 = decimals.parse().ok()?;
    Some(Decimal::new(whole * scale + rest, scale))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_what_is_none() {
        for (text, value) in [
            ("526", "526"),
            ("1_000", "1000"),
            ("12.50", "12.5"),
            ("0.1", "0.1"),
        ] {
            assert_eq!(number(text).unwrap().to_string(), value);
        }
        for text in [
            "",
            ".5",
            "5.",
            "-1",
            "+1",
            "1e3",
            "_1",
            "1_",
            "1__0",
            "1.2.3",
            "١",
            "12345678901234",
        ] {
            assert!(number(text).is_none(), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn written_and_read_back(whole in 0u64..9_999_999_999_999, rest in 0u32..1_000_000_000) {
            let text = format!("{whole}.{rest:09}");
            let expected = Decimal::new(u128::from(whole) * 1_000_000_000 + u128::from(rest), 1_000_000_000);
            proptest::prop_assert_eq!(number(&text), Some(expected));
        }

        #[test]
        fn no_text_is_too_wild(text: String) {
            let _ = number(&text);
        }
    }
}
