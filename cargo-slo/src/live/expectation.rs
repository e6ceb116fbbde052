//! What a test expects of what was counted: `checkout.availability bad <= 2`.

use super::{
    indicators::{Indicator, indicators},
    view::View,
};
use std::{fmt, str::FromStr};

/// One expectation.
#[derive(Clone, Debug, PartialEq)]
pub struct Expectation {
    text: String,
    id: String,
    quantity: Quantity,
    comparison: Comparison,
    limit: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Quantity {
    Good,
    Bad,
    Excluded,
    Valid,
    GoodShare,
    BudgetLeft,
    BurnRate,
}

const QUANTITIES: [(&str, Quantity); 7] = [
    ("good", Quantity::Good),
    ("bad", Quantity::Bad),
    ("excluded", Quantity::Excluded),
    ("valid", Quantity::Valid),
    ("good-share", Quantity::GoodShare),
    ("budget-left", Quantity::BudgetLeft),
    ("burn-rate", Quantity::BurnRate),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comparison {
    AtMost,
    AtLeast,
    Less,
    More,
    Equal,
}

const COMPARISONS: [(&str, Comparison); 5] = [
    ("<=", Comparison::AtMost),
    (">=", Comparison::AtLeast),
    ("<", Comparison::Less),
    (">", Comparison::More),
    ("==", Comparison::Equal),
];

impl Comparison {
    #[expect(
        clippy::float_cmp,
        reason = "counts are whole, and shares are compared as written"
    )]
    fn holds(self, value: f64, limit: f64) -> bool {
        match self {
            Comparison::AtMost => value <= limit,
            Comparison::AtLeast => value >= limit,
            Comparison::Less => value < limit,
            Comparison::More => value > limit,
            Comparison::Equal => value == limit,
        }
    }
}

/// The text is not an expectation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoExpectation(String);

impl fmt::Display for NoExpectation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = QUANTITIES.iter().map(|(name, _)| *name).collect();
        write!(
            f,
            "`{}` is not an expectation; expected an SLO, one of {}, one of <=, >=, <, >, ==, and a \
             number: `checkout.availability bad <= 2`",
            self.0,
            names.join(", ")
        )
    }
}

impl std::error::Error for NoExpectation {}

impl FromStr for Expectation {
    type Err = NoExpectation;

    fn from_str(text: &str) -> Result<Expectation, NoExpectation> {
        let wrong = || NoExpectation(text.to_owned());
        let words: Vec<_> = text.split_whitespace().collect();
        let [id, quantity, comparison, limit] = words[..] else {
            return Err(wrong());
        };
        let found = QUANTITIES.iter().find(|(name, _)| *name == quantity);
        let (_, quantity) = *found.ok_or_else(wrong)?;
        let found = COMPARISONS.iter().find(|(sign, _)| *sign == comparison);
        let (_, comparison) = *found.ok_or_else(wrong)?;
        let (number, over) = match limit.strip_suffix('%') {
            Some(percent) => (percent, 100.0),
            None => (limit, 1.0),
        };
        let number: f64 = number.parse().map_err(|_| wrong())?;
        let is_share = matches!(quantity, Quantity::GoodShare | Quantity::BudgetLeft);
        if !number.is_finite() || (over > 1.0 && !is_share) {
            return Err(wrong());
        }
        Ok(Expectation {
            text: words.join(" "),
            id: id.to_owned(),
            quantity,
            comparison,
            limit: number / over,
        })
    }
}

/// What became of an expectation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Whether it is as expected.
    pub is_met: bool,
    /// What was expected, and what is.
    pub sentence: String,
}

impl Expectation {
    /// Holds it against what was counted. What was never counted meets no expectation.
    pub fn judge(&self, view: &View) -> Verdict {
        let all = indicators(view);
        let found: Vec<_> = all.iter().filter(|one| one.is_called(&self.id)).collect();
        if found.is_empty() {
            return Verdict {
                is_met: false,
                sentence: format!("`{}`: {}", self.text, unknown(&self.id, &all)),
            };
        }
        let mut is_met = true;
        let mut values = Vec::new();
        for one in &found {
            let value = self.value(one);
            is_met &= value.is_some_and(|value| self.comparison.holds(value, self.limit));
            values.push(self.shown(one, value, found.len() > 1));
        }
        let word = if is_met { "met" } else { "not met" };
        Verdict {
            is_met,
            sentence: format!("`{}` is {word}: {}", self.text, values.join("; ")),
        }
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "compared with a number that a person wrote"
    )]
    fn value(&self, one: &Indicator<'_>) -> Option<f64> {
        let counts = &one.counts;
        let valid = counts.good + counts.bad;
        if valid + counts.excluded == 0 {
            return None;
        }
        match self.quantity {
            Quantity::Good => Some(counts.good as f64),
            Quantity::Bad => Some(counts.bad as f64),
            Quantity::Excluded => Some(counts.excluded as f64),
            Quantity::Valid => Some(valid as f64),
            Quantity::GoodShare => (valid > 0).then(|| counts.good as f64 / valid as f64),
            Quantity::BudgetLeft => one.slo?.budget_left,
            Quantity::BurnRate => one.slo?.burn_rate,
        }
    }

    fn shown(&self, one: &Indicator<'_>, value: Option<f64>, with_id: bool) -> String {
        let counts = &one.counts;
        let of = format!(
            "{} good, {} bad, {} excluded",
            counts.good, counts.bad, counts.excluded
        );
        let text = match (self.quantity, value) {
            (_, None) if one.slo.is_none() && self.is_of_budget() => "it has no SLO".to_owned(),
            (_, None) if counts.good + counts.bad + counts.excluded == 0 => {
                "no event came".to_owned()
            }
            (_, None) => format!("no valid event came ({of})"),
            (Quantity::GoodShare, Some(share)) => format!("{:.3}% ({of})", share * 100.0),
            (Quantity::BudgetLeft, Some(left)) => format!("{:.1}% left ({of})", left * 100.0),
            (Quantity::BurnRate, Some(rate)) => format!("{rate:.1} ({of})"),
            (_, Some(_)) => of,
        };
        match with_id {
            true => format!("{}: {text}", one.id),
            false => text,
        }
    }

    fn is_of_budget(&self) -> bool {
        matches!(self.quantity, Quantity::BudgetLeft | Quantity::BurnRate)
    }
}

fn unknown(id: &str, all: &[Indicator<'_>]) -> String {
    /// So many are named.
    const NAMED: usize = 10;
    if all.is_empty() {
        return format!("nothing was counted, so nothing is known of `{id}`");
    }
    let names: Vec<_> = all
        .iter()
        .take(NAMED)
        .map(|one| format!("`{}`", one.id))
        .collect();
    format!("nothing is called `{id}`; there are {}", names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_an_expectation() {
        let parsed: Expectation = "checkout.availability  good-share >= 99.5%"
            .parse()
            .unwrap();
        assert!((parsed.limit - 0.995).abs() < 1e-12);
        assert_eq!(parsed.text, "checkout.availability good-share >= 99.5%");
        for text in [
            "",
            "checkout.availability bad 2",
            "checkout.availability worse <= 2",
            "checkout.availability bad => 2",
            "checkout.availability bad <= two",
            "checkout.availability bad <= 2%",
            "checkout.availability bad <= inf",
            "checkout.availability bad <= 2 events",
        ] {
            assert!(text.parse::<Expectation>().is_err(), "{text}");
        }
    }
}
