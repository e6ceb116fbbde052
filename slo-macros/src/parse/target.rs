//! `99.9%`, or a constant expression of type `Target`.

use super::decimal::Number;
use crate::model::{Ppb, Written};
use quote::ToTokens;
use syn::{Error, Lit, Token, parse::ParseStream};

/// What `availability = …` holds.
pub(super) fn availability(input: ParseStream<'_>) -> syn::Result<Written<Ppb>> {
    match literal(input, "availability = ", "")? {
        Some(target) => Ok(target),
        None => input.parse().map(Written::Constant),
    }
}

/// A target in percent, if that is what comes next. `before` and `after` are what stands
/// around the target in an example.
pub(super) fn literal(
    input: ParseStream<'_>,
    before: &str,
    after: &str,
) -> syn::Result<Option<Written<Ppb>>> {
    if input.peek(Token![-]) {
        let minus: Token![-] = input.parse()?;
        return Err(Error::new(
            minus.span,
            format!(
                "a target below 0 % promises nothing; write the share of events that must be good: `{before}99.9%{after}`"
            ),
        ));
    }
    if !input.peek(Lit) {
        return Ok(None);
    }
    let literal: Lit = input.parse()?;
    let refuse = |message: String| Err(Error::new(literal.span(), message));
    let text = match &literal {
        Lit::Int(_) | Lit::Float(_) if input.peek(Token![%]) => {
            literal.to_token_stream().to_string()
        }
        Lit::Int(_) | Lit::Float(_) | Lit::Str(_) => {
            let percent = intended_percent(&literal);
            return refuse(format!(
                "a target is written in percent: `{before}{percent}%{after}`"
            ));
        }
        _ => {
            return refuse(format!(
                "a target is a number in percent: `{before}99.9%{after}`"
            ));
        }
    };
    input.parse::<Token![%]>()?;
    match parts_per_billion(&text) {
        Ok(Ppb(ppb)) if ppb < LEAST_PPB => {
            // `0.999%` is the share of 99.9 %; `0.1%` may be the budget of it.
            let meant = match ppb {
                5_000_000.. => intended_percent(&literal),
                _ => "99.9".to_owned(),
            };
            refuse(format!(
                "a target of {text} % lets nearly everything fail; did you mean `{before}{meant}%{after}`?"
            ))
        }
        Ok(ppb) => Ok(Some(Written::Literally(ppb, literal.span()))),
        Err(message) => refuse(message.to_owned()),
    }
}

/// 1 %, the least that can be meant: less than that is a share that was written as a percentage.
const LEAST_PPB: u32 = 10_000_000;

/// What somebody who wrote `99.9`, `0.999` or `"99.9%"` will have meant.
fn intended_percent(literal: &Lit) -> String {
    let text = match literal {
        Lit::Str(text) => text.value(),
        other => other.to_token_stream().to_string(),
    };
    let text = text.trim_end_matches('%').trim();
    let Some(number) = Number::parse(text).filter(|number| number.suffix.is_empty()) else {
        return "99.9".to_owned();
    };
    match number.scaled(9) {
        Some(ppb @ 1..=999_999_999) => {
            let percent = format!("{}.{:07}", ppb / 10_000_000, ppb % 10_000_000);
            percent
                .trim_end_matches('0')
                .trim_end_matches('.')
                .to_owned()
        }
        Some(1_000_000_001..=99_999_999_999) => number.digits(),
        _ => "99.9".to_owned(),
    }
}

fn parts_per_billion(text: &str) -> Result<Ppb, &'static str> {
    let number = Number::parse(text)
        .filter(|number| number.suffix.is_empty())
        .ok_or("a target is a plain decimal number in percent, such as `99.9%`")?;
    match number.scaled(7) {
        None => Err(
            "a target has at most seven decimals: it is counted in parts per billion, more could not be told apart",
        ),
        Some(0) => Err(
            "a target of 0 % promises nothing; write the share of events that must be good, such as `99.9%`",
        ),
        Some(1_000_000_000) => Err(
            "a target of 100 % leaves no error budget: every deployment and every alert would break it; write what users really need, such as `99.9%`",
        ),
        Some(ppb) if ppb > 1_000_000_000 => Err(
            "no more than 100 % of the events can be good; write what users really need, such as `99.9%`",
        ),
        Some(ppb) => u32::try_from(ppb)
            .map(Ppb)
            .map_err(|_| "no more than 100 % of the events can be good"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percents_are_exact() {
        for (text, ppb) in [
            ("99.9", 999_000_000),
            ("99.95", 999_500_000),
            ("50", 500_000_000),
            ("0.0000001", 1),
            ("99.9999999", 999_999_999),
            ("99.90000000000", 999_000_000),
        ] {
            assert_eq!(parts_per_billion(text), Ok(Ppb(ppb)), "{text}");
        }
    }

    #[test]
    fn percents_are_guessed_from_other_notations() {
        for (text, percent) in [
            ("99.9", "99.9"),
            ("0.999", "99.9"),
            ("0.5", "50"),
            ("\"99.95 %\"", "99.95"),
            ("1", "99.9"),
            ("500ms", "99.9"),
            ("\"high\"", "99.9"),
        ] {
            let literal: Lit = syn::parse_str(text).unwrap();
            assert_eq!(intended_percent(&literal), percent, "{text}");
        }
    }

    #[test]
    fn impossible_targets_are_refused() {
        for (text, why) in [
            ("0", "promises nothing"),
            ("0.00", "promises nothing"),
            ("100", "no error budget"),
            ("100.000", "no error budget"),
            ("100.5", "no more than 100 %"),
            (
                "99999999999999999999999999999999999999999999",
                "no more than 100 %",
            ),
            ("99.99999999", "seven decimals"),
            ("9.99e1", "plain decimal"),
            ("0x63", "plain decimal"),
            ("99.9f64", "plain decimal"),
        ] {
            let message = parts_per_billion(text).unwrap_err();
            assert!(message.contains(why), "{text}: {message}");
        }
    }
}
