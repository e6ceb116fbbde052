//! What events are worth.

use super::{Traffic, number::number};
use serde::Deserialize;
use slo_model::Decimal;
use std::{fmt, str::FromStr};

/// An amount of money: `12.50 EUR`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Money {
    /// The amount.
    pub amount: Decimal,
    /// The currency: three capitals, as in ISO 4217.
    pub currency: String,
}

/// The text is not an amount of money, or no loss.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoMoney {
    text: String,
    example: &'static str,
}

impl fmt::Display for NoMoney {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is not understood; expected an amount and a currency, such as `{}`",
            self.text, self.example
        )
    }
}

impl std::error::Error for NoMoney {}

fn money(text: &str) -> Option<Money> {
    let (amount, currency) = text.trim().split_once(' ')?;
    let currency = currency.trim();
    let is_code = currency.len() == 3 && currency.bytes().all(|b| b.is_ascii_uppercase());
    Some(Money {
        amount: number(amount).filter(|_| is_code)?,
        currency: currency.to_owned(),
    })
}

impl FromStr for Money {
    type Err = NoMoney;

    fn from_str(text: &str) -> Result<Money, NoMoney> {
        money(text).ok_or_else(|| NoMoney {
            text: text.to_owned(),
            example: "12.50 EUR",
        })
    }
}

impl TryFrom<String> for Money {
    type Error = NoMoney;

    fn try_from(text: String) -> Result<Money, NoMoney> {
        text.parse()
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.amount, self.currency)
    }
}

/// An amount of money per period: `5000 EUR/month`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Loss {
    /// The currency.
    pub currency: String,
    /// Units of it per minute, exactly.
    pub per_minute: Decimal,
}

impl FromStr for Loss {
    type Err = NoMoney;

    fn from_str(text: &str) -> Result<Loss, NoMoney> {
        let read = || {
            let (amount, unit) = text.split_once('/')?;
            let money = money(amount)?;
            // A loss per period is counted like traffic: units of money instead of events.
            let amount = amount.trim().split_once(' ')?.0;
            let rate: Traffic = format!("{amount}/{unit}").parse().ok()?;
            Some(Loss {
                currency: money.currency,
                per_minute: rate.per_minute(),
            })
        };
        read().ok_or_else(|| NoMoney {
            text: text.to_owned(),
            example: "5000 EUR/month",
        })
    }
}

impl TryFrom<String> for Loss {
    type Error = NoMoney;

    fn try_from(text: String) -> Result<Loss, NoMoney> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_and_losses() {
        assert_eq!(
            "12.50 EUR".parse::<Money>().unwrap().to_string(),
            "12.5 EUR"
        );
        let loss: Loss = "4320 JPY/month".parse().unwrap();
        assert_eq!(
            (loss.per_minute.to_string().as_str(), &*loss.currency),
            ("0.1", "JPY")
        );
        for text in ["", "12.50", "EUR 12", "12 eur", "12 EURO", "-1 EUR"] {
            assert!(text.parse::<Money>().is_err(), "{text}");
            assert!(format!("{text}/day").parse::<Loss>().is_err(), "{text}");
        }
        assert!("5 EUR".parse::<Loss>().is_err());
    }
}
