//! What the tables of the catalogue hold.

use crate::input::values::{Latencies, LatencyPromise, Localized, Minutes, Pages, Promise, Share};
use serde::Deserialize;
use slo_model::{
    Decimal, Window,
    burn_rate::{self, Severity},
};
use toml::Spanned;

/// What services of a kind promise.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Tier {
    /// Which services belong to it.
    pub description: Option<String>,
    /// The availability they promise.
    pub availability: Option<Spanned<Promise>>,
    /// The latency they promise, by the name of the SLI.
    #[serde(default)]
    pub latency: Latencies<Promise>,
}

/// Alert conditions under a name.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct BurnRates {
    /// When to choose them.
    pub description: Option<String>,
    /// How often chance may page for an SLO; once a month by default.
    pub false_pages: Option<Pages>,
    /// The conditions, each of which fires by itself.
    pub condition: Vec<Spanned<Condition>>,
}

impl BurnRates {
    /// Returns the conditions for SLOs of a window, as they were written: none is raised.
    pub fn conditions(&self, window: Window) -> Vec<burn_rate::Condition> {
        let conditions = self.condition.iter().map(Spanned::get_ref);
        conditions
            .map(|condition| {
                let long_minutes = condition.long.count();
                let of_window = Decimal::new(
                    window.length_minutes().into(),
                    100 * u128::from(long_minutes),
                );
                burn_rate::Condition {
                    severity: condition.severity.into(),
                    factor: condition.budget.percent().times(of_window),
                    raised_from: None,
                    long_minutes,
                    short_minutes: condition.short.count(),
                }
            })
            .collect()
    }
}

/// One condition: this much of the budget spent within the long window, and still going on
/// within the short one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Condition {
    /// How urgent it is.
    pub severity: Urgency,
    /// The share of the budget that is spent when it fires at a steady rate.
    pub budget: Share,
    /// The window that shows it matters, in whole minutes.
    pub long: Minutes,
    /// The window that shows it still goes on, in whole minutes.
    pub short: Minutes,
}

/// How urgently someone has to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Urgency {
    /// Now, whatever the hour.
    Page,
    /// In the coming working days.
    Ticket,
}

impl From<Urgency> for Severity {
    fn from(urgency: Urgency) -> Severity {
        match urgency {
            Urgency::Page => Severity::Page,
            Urgency::Ticket => Severity::Ticket,
        }
    }
}

/// Someone who calls.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Consumer {
    /// What they are called in documents.
    pub title: Option<Localized>,
    /// Who speaks for them.
    pub contact: Option<String>,
}

/// A service that others run.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Vendor {
    /// What it is.
    pub description: Option<String>,
    /// Who speaks with them.
    pub owner: Option<String>,
    /// The availability they promise.
    pub availability: Option<Spanned<Promise>>,
    /// The latency they promise, by the name of the SLI.
    #[serde(default)]
    pub latency: Latencies<LatencyPromise>,
    /// The period they promise it over.
    #[serde(default)]
    pub window: Window,
}
