//! What people want to be told about.

use super::Minutes;
use serde::Deserialize;
use slo_model::burn_rate::Severity;
use std::{fmt, str::FromStr};

/// More is not a wish about single errors, and the search for an alert is bounded by it.
const MAX_ERRORS: u64 = 1_000_000;

/// So many errors: `3 errors`, `3 errors in 1h`, `page after 3 errors in 1h`.
///
/// Without a period they come at once. Without `page` or `ticket`, either is fine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Wish {
    /// How many bad events.
    pub errors: u64,
    /// Within how long.
    pub within: Option<Minutes>,
    /// How urgently someone has to look.
    pub severity: Option<Severity>,
}

/// The text is not a wish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoWish(String);

impl fmt::Display for NoWish {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` does not say what to detect; expected a number of errors, such as `3 errors`, \
             `3 errors in 1h` or `page after 3 errors in 1h`",
            self.0
        )
    }
}

impl std::error::Error for NoWish {}

impl FromStr for Wish {
    type Err = NoWish;

    fn from_str(text: &str) -> Result<Wish, NoWish> {
        let read = || {
            let mut words = text.split_whitespace();
            let mut word = words.next()?;
            let severity = match word {
                "page" => Some(Severity::Page),
                "ticket" => Some(Severity::Ticket),
                _ => None,
            };
            if severity.is_some() {
                (words.next()? == "after").then_some(())?;
                word = words.next()?;
            }
            let is_number = word.bytes().all(|b| b.is_ascii_digit());
            let errors = word.parse().ok().filter(|_| is_number)?;
            let noun = words.next()?;
            let is_said = noun == "errors" || (noun == "error" && errors == 1);
            (is_said && (1..=MAX_ERRORS).contains(&errors)).then_some(())?;
            let within = match words.next() {
                None => None,
                Some("in") => Some(Minutes::try_from(words.next()?.to_owned()).ok()?),
                Some(_) => return None,
            };
            words.next().is_none().then_some(Wish {
                errors,
                within,
                severity,
            })
        };
        read().ok_or_else(|| NoWish(text.to_owned()))
    }
}

impl TryFrom<String> for Wish {
    type Error = NoWish;

    fn try_from(text: String) -> Result<Wish, NoWish> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wishes_and_what_is_none() {
        let wish: Wish = "page after 3 errors in 1h".parse().unwrap();
        assert_eq!(
            (wish.errors, wish.within.unwrap().count(), wish.severity),
            (3, 60, Some(Severity::Page))
        );
        let wish: Wish = " 1  error ".parse().unwrap();
        assert_eq!((wish.errors, wish.within, wish.severity), (1, None, None));
        assert_eq!(
            "ticket after 20 errors in 3d"
                .parse::<Wish>()
                .unwrap()
                .severity,
            Some(Severity::Ticket)
        );
        for text in [
            "",
            "3",
            "errors",
            "0 errors",
            "3 error",
            "+3 errors",
            "3 errors in",
            "3 errors in 1",
            "3 errors in 30s",
            "3 errors in 1h now",
            "3 errors 1h",
            "after 3 errors",
            "page 3 errors",
            "2000000 errors",
        ] {
            let error = text.parse::<Wish>().unwrap_err().to_string();
            assert!(error.contains("such as `3 errors`"), "{error}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_wild(text: String) {
            let _ = text.parse::<Wish>();
        }
    }
}
