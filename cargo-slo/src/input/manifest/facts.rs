//! What `slo.toml` can say.

use super::Coverage;
use crate::input::values::{
    Date, Localized, Loss, Moment, Money, Share, Traffic, UnspentShare, WindowCount, Wish,
};
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

/// The facts about one service.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Manifest {
    /// The service it is about; needed where several services are read.
    pub service: Option<Spanned<String>>,
    /// What the service is and offers.
    pub description: Option<Localized>,
    /// The team that answers for it; journeys may name another.
    pub owner: Option<String>,
    /// A tier of the catalogue that its targets follow.
    pub tier: Option<Spanned<String>>,
    /// A burn-rate setting of the catalogue, instead of the usual one; a journey and an SLO may have
    /// another.
    pub burn_rates: Option<Spanned<String>>,
    /// Where the catalogue is.
    pub catalogue: Option<CatalogueFolder>,
    /// An error budget policy of the catalogue.
    pub policy: Option<Spanned<String>>,
    /// An error budget policy of its own.
    #[serde(default)]
    pub budget_policy: Vec<PolicyLevel>,
    /// What happens when too much of a budget is left, instead of what its policy says.
    pub unspent_budget: Option<UnspentBudget>,
    /// Expected valid events, by `journey` or `journey/endpoint`.
    #[serde(default)]
    pub traffic: BTreeMap<Spanned<String>, Spanned<Traffic>>,
    /// The errors that people want to be told of, by `journey` or `journey/endpoint`.
    #[serde(default)]
    pub detect: BTreeMap<Spanned<String>, Spanned<Wish>>,
    /// What events are worth, by `journey` or `journey/endpoint`.
    #[serde(default)]
    pub value: BTreeMap<Spanned<String>, Spanned<Value>>,
    /// What is to be said about journeys, by their names.
    #[serde(default)]
    pub journey: BTreeMap<Spanned<String>, JourneyFacts>,
    /// What is to be said about SLOs, by `journey.sli` or `journey/endpoint.sli`.
    #[serde(default)]
    pub slo: BTreeMap<Spanned<String>, SloFacts>,
    /// The services it calls.
    #[serde(default)]
    pub dependency: Vec<Dependency>,
    /// Who said what about which target.
    #[serde(default)]
    pub review: Vec<Review>,
    /// The files that list its endpoints.
    pub coverage: Option<Coverage>,
    /// What was removed on purpose, with its history.
    #[serde(default)]
    pub removed: Vec<Removed>,
    /// Stretches of time that say nothing of what users got.
    #[serde(default)]
    pub correction: Vec<Correction>,
    /// Findings that are accepted.
    #[serde(default)]
    pub exception: Vec<Exception>,
}

impl Manifest {
    /// Returns every policy that is named: that of the service, those of journeys.
    pub fn policy_names(&self) -> impl Iterator<Item = &Spanned<String>> {
        let journeys = self.journey.values().map(|facts| &facts.policy);
        std::iter::once(&self.policy).chain(journeys).flatten()
    }

    /// Returns what is said about a journey.
    pub fn journey(&self, name: &str) -> Option<&JourneyFacts> {
        // A key is compared by its text, wherever it stands.
        self.journey.get(&Spanned::new(0..0, name.to_owned()))
    }

    /// Returns every burn-rate setting that is named: that of the service, those of journeys, those
    /// of SLOs.
    pub fn burn_rate_names(&self) -> impl Iterator<Item = &Spanned<String>> {
        let journeys = self.journey.values().map(|facts| &facts.burn_rates);
        let slos = self.slo.values().map(|facts| &facts.burn_rates);
        let all = std::iter::once(&self.burn_rates).chain(journeys);
        all.chain(slos).flatten()
    }
}

/// Where the catalogue of the organisation is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CatalogueFolder {
    /// The folder, relative to that of the file, within its repository.
    pub path: Spanned<String>,
}

/// What happens at a level of the error budget.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct PolicyLevel {
    /// From this much of the budget left downwards.
    pub left: Spanned<Share>,
    /// What happens.
    pub then: Then,
    /// Whose deliveries a freeze is about.
    #[serde(default)]
    pub blocks: Blocks,
    /// The same in words, for the document.
    pub text: Option<Localized>,
}

impl PolicyLevel {
    /// Returns `true` if nothing but fixes is delivered at this level.
    pub fn freezes(&self) -> bool {
        self.then == Then::Freeze
    }

    /// Returns `true` if nothing but fixes is delivered at this level by services that take part in
    /// the journey.
    pub fn blocks_participants(&self) -> bool {
        self.freezes() && self.blocks == Blocks::Participants
    }
}

/// Whose deliveries a freeze is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Blocks {
    /// Those of the service.
    #[default]
    Service,
    /// Those of every service that its journey needs, too.
    Participants,
}

/// What can happen at a level of the budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Then {
    /// Nothing but what the text says.
    Nothing,
    /// The team looks at what spends the budget before it goes on.
    Review,
    /// Only changes that make the service more reliable are delivered.
    Freeze,
}

/// What happens when window after window too much of a budget is left.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct UnspentBudget {
    /// So much, or more, is left at the end of each window; 90% by default.
    left: Option<UnspentShare>,
    /// In so many windows in a row; 3 by default.
    windows: Option<WindowCount>,
    /// What happens.
    pub then: Spend,
    /// The same in words, for the document.
    pub text: Option<Localized>,
}

impl UnspentBudget {
    /// Too much of a budget, where nothing else is said.
    pub const USUAL_LEFT: Share = Share::from_percent(90);

    /// In so many windows in a row, where nothing else is said.
    pub const USUAL_WINDOWS: usize = 3;

    /// Returns the share of the budget that is too much.
    pub fn left(&self) -> Share {
        self.left
            .map_or(UnspentBudget::USUAL_LEFT, UnspentShare::share)
    }

    /// Returns the number of windows in a row, at least 1.
    pub fn windows(&self) -> usize {
        self.windows
            .map_or(UnspentBudget::USUAL_WINDOWS, WindowCount::count)
    }
}

/// What an unspent budget can be spent on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Spend {
    /// A looser target is agreed on.
    Loosen,
    /// More is released, with less waiting.
    Ship,
    /// A failure is caused on purpose, to see what happens.
    Rehearse,
}

impl Spend {
    /// Returns the word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Spend::Loosen => "loosen",
            Spend::Ship => "ship",
            Spend::Rehearse => "rehearse",
        }
    }
}

/// What one event is worth, and how much may be lost.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Value {
    /// What is lost with one bad event.
    pub per_event: Money,
    /// What may be lost in a period.
    pub tolerable_loss: Option<Loss>,
}

/// What is to be said about a journey.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct JourneyFacts {
    /// What it is called in documents, instead of the title in its annotation.
    pub title: Option<Localized>,
    /// Who uses it, instead of the user in its annotation.
    pub user: Option<Localized>,
    /// Who uses it, by the names that the catalogue has in `consumers.toml`.
    #[serde(default)]
    pub consumers: Vec<Spanned<String>>,
    /// What its user notices when it fails.
    pub when_it_fails: Option<Localized>,
    /// Why its targets are what they are: from where on its users are no longer content.
    pub reason: Option<Localized>,
    /// The same for single SLIs, by their names.
    #[serde(default)]
    pub reasons: BTreeMap<Spanned<String>, Localized>,
    /// A burn-rate setting of the catalogue for all of its SLOs, those of its endpoints among them.
    pub burn_rates: Option<Spanned<String>>,
    /// An error budget policy of the catalogue for all of its SLOs, instead of that of the service.
    pub policy: Option<Spanned<String>>,
}

/// What is to be said about an SLO.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SloFacts {
    /// A burn-rate setting of the catalogue for this SLO alone.
    pub burn_rates: Option<Spanned<String>>,
}

/// A service that is called.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Dependency {
    /// Its name.
    pub service: Spanned<String>,
    /// Which of its journeys, or `journey/endpoint`; all of its journeys by default.
    pub journey: Option<Spanned<String>>,
    /// Whether its failure is ours.
    pub kind: Spanned<Kind>,
    /// The journeys, or `journey/endpoint`s, that call it; all by default.
    #[serde(default)]
    pub used_by: Vec<Spanned<String>>,
    /// What happens instead when it fails.
    pub mitigation: Option<String>,
    /// Why that is good enough.
    pub reason: Option<String>,
}

/// Whether the failure of a dependency is a failure of the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Without it, requests fail.
    Hard,
    /// Without it, requests are still good.
    Soft,
}

/// What someone said about a target.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Review {
    /// The SLO: `journey.sli` or `journey/endpoint.sli`.
    pub slo: Spanned<String>,
    /// What was said.
    pub verdict: Verdict,
    /// Who said it.
    pub by: String,
    /// When.
    pub date: Date,
    /// When it is looked at again; a year later by default.
    pub next: Option<Spanned<Date>>,
    /// The hash of what was approved.
    pub of: Spanned<String>,
}

impl Review {
    /// When it is to be repeated: on the day it names, else a year later.
    pub fn repeated(&self) -> Date {
        match &self.next {
            Some(next) => *next.get_ref(),
            None => self.date.later(365),
        }
    }
}

/// What can be said about a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Those who run the service can keep it.
    Achievable,
    /// Those who use the service are content with it.
    Satisfying,
}

impl Verdict {
    /// Returns the word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Verdict::Achievable => "achievable",
            Verdict::Satisfying => "satisfying",
        }
    }
}

/// What was removed on purpose: nothing goes on with its history.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Removed {
    /// A journey with all that was in it, an endpoint as `journey/endpoint`, or an SLO as
    /// `journey.sli` or `journey/endpoint.sli`.
    pub name: Spanned<String>,
    /// Why it was removed.
    pub reason: String,
}

/// A stretch of time that says nothing of what users got, such as a load test.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Correction {
    /// What it is about: a journey with its endpoints, `journey/endpoint`, or an SLO as `journey.sli` or
    /// `journey/endpoint.sli`; everything of the service by default.
    pub on: Option<Spanned<String>>,
    /// When it began.
    pub from: Spanned<Moment>,
    /// When it ended.
    pub to: Spanned<Moment>,
    /// Why it says nothing.
    pub reason: Option<String>,
    /// Who says so.
    pub by: Option<String>,
    /// Where more is written about it.
    pub link: Option<String>,
}

/// A finding that is accepted.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Exception {
    /// The rule that finds it.
    pub rule: Spanned<String>,
    /// What it is about, as the finding names it; everything of the service by default.
    pub on: Option<Spanned<String>>,
    /// Why it is accepted.
    pub reason: Option<String>,
}
