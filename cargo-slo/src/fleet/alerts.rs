//! The alerts of a service: the burn-rate conditions of its SLOs.

use crate::{
    definition::Slo,
    diagnostics::Location,
    input::{
        catalogue::{BurnRates, Catalogue, Table},
        manifest::Manifest,
        values::{Pages, Traffic},
    },
    text::numbers,
};
use slo_model::{
    Decimal, Target, Window,
    binomial::explained_by_chance,
    burn_rate::{Condition, Guard, Scaling},
};
use toml::Spanned;

/// Minutes of a month, as traffic counts it.
const MONTH: f64 = 30.0 * 1440.0;

/// Which conditions the SLOs of a service have: those of the setting of the catalogue that its
/// `slo.toml` names for the SLO, else for its journey, else for the service; else the usual ones,
/// scaled as the command line says.
#[derive(Clone, Copy, Debug, Default)]
pub struct Alerts<'a> {
    scaling: Scaling,
    facts: Option<&'a Manifest>,
    settings: Option<&'a Table<BurnRates>>,
}

impl<'a> Alerts<'a> {
    /// Those of a service. The usual ones stand in for a setting that the catalogue does not have,
    /// which is a finding, and an error of every output.
    pub(crate) fn resolve(facts: Option<&'a Manifest>, catalogue: &'a Catalogue) -> Alerts<'a> {
        Alerts {
            scaling: Scaling::default(),
            facts,
            settings: Some(&catalogue.burn_rates),
        }
    }

    pub(crate) fn with_scaling(self, scaling: Scaling) -> Alerts<'a> {
        Alerts { scaling, ..self }
    }

    /// Returns the conditions of an SLO, the most urgent first. A condition of a setting is as it was
    /// written; a usual one is raised to a factor of 1.
    pub fn over(&self, slo: &Slo) -> Vec<Condition> {
        self.over_window(slo, slo.window)
    }

    /// The same as if the SLO were promised over another window.
    pub(crate) fn over_window(&self, slo: &Slo, window: Window) -> Vec<Condition> {
        match self.setting(slo) {
            Some(setting) => setting.conditions(window),
            None => self.scaling.conditions(window).into(),
        }
    }

    /// Returns the conditions of an SLO that can fire: an error ratio is never above 1.
    pub fn that_can_fire(&self, slo: &Slo) -> Vec<Condition> {
        let mut conditions = self.over(slo);
        conditions.retain(|condition| condition.can_fire(slo.target));
        conditions
    }

    /// Returns the conditions of an SLO, each with its place in the catalogue; `None` for the usual
    /// ones.
    pub(crate) fn with_places(&self, slo: &Slo) -> Vec<(Condition, Option<Location>)> {
        let conditions = self.over(slo).into_iter();
        let file = self.settings.and_then(|settings| settings.file.as_ref());
        let (Some(file), Some(setting)) = (file, self.setting(slo)) else {
            return conditions.map(|condition| (condition, None)).collect();
        };
        let places = setting.condition.iter();
        let places = places.map(|written| Some(file.location(written.span())));
        conditions.zip(places).collect()
    }

    /// Returns `true` if an SLO has a setting of the catalogue.
    pub fn are_chosen(&self, slo: &Slo) -> bool {
        self.setting(slo).is_some()
    }

    /// The setting that `slo.toml` names for an SLO, whether the catalogue has it or not: the most
    /// specific.
    pub(crate) fn name(&self, slo: &Slo) -> Option<&'a Spanned<String>> {
        let facts = self.facts?;
        let of_slo = || {
            // Most services name none, and a name takes its making.
            let name = (!facts.slo.is_empty()).then(|| slo.identity.name_in_service())?;
            facts.slo.get(&key(name))?.burn_rates.as_ref()
        };
        let of_journey = || {
            let name = (!facts.journey.is_empty()).then(|| slo.identity.journey.clone())?;
            facts.journey.get(&key(name))?.burn_rates.as_ref()
        };
        of_slo().or_else(of_journey).or(facts.burn_rates.as_ref())
    }

    /// The setting of an SLO that is in force, where it is not that of the whole service.
    pub(crate) fn own_name(&self, slo: &Slo) -> Option<&'a str> {
        self.setting(slo)?;
        let name = self.name(slo)?.get_ref();
        let of_service = self.facts?.burn_rates.as_ref().map(Spanned::get_ref);
        (Some(name) != of_service).then_some(name)
    }

    fn setting(&self, slo: &Slo) -> Option<&'a BurnRates> {
        self.settings?.get(self.name(slo)?.get_ref())
    }

    /// Returns how many pages a month chance may cause for an SLO, as its setting says; `None` if it
    /// does not say.
    pub(crate) fn false_pages(&self, slo: &Slo) -> Option<Pages> {
        self.setting(slo)?.false_pages
    }

    /// Returns how many pages a month chance may cause for an SLO: once unless its setting says
    /// otherwise.
    pub(crate) fn pages_allowed(&self, slo: &Slo) -> Decimal {
        self.false_pages(slo).unwrap_or_default().a_month()
    }
}

/// A key is compared by its text, wherever it stands.
fn key(name: String) -> Spanned<String> {
    Spanned::new(0..0, name)
}

/// What a condition comes to at the traffic that is expected.
pub(crate) trait AtTraffic {
    /// The bad events that rules generated for Prometheus wait for in the long window, because
    /// chance explains fewer, where a number of valid ones is expected in it.
    fn bad_events_needed(&self, expected: Decimal, target: Target) -> u64;

    /// The smallest number of bad events that is more than the rate in the given number of minutes.
    fn by_rate(&self, target: Target, traffic: Traffic, minutes: u32) -> u64;

    /// The bad events it waits for in its long window: more than the rate allows, and more than
    /// chance explains.
    fn needed(&self, target: Target, traffic: Traffic) -> u64;

    /// How long a share of the events fails until it fires, in minutes: until the rate is
    /// reached, and there are as many events as rules for Prometheus wait for. `None` if it
    /// never does.
    fn seen_after(
        &self,
        target: Target,
        traffic: Option<Traffic>,
        failing: Decimal,
    ) -> Option<Decimal>;

    /// How often a month it fires by chance, for a service that is exactly on target.
    fn by_chance(&self, target: Target, traffic: Traffic, guard: Guard) -> f64;

    /// What it is called: `page over 1h`.
    fn name(&self) -> String;
}

impl AtTraffic for Condition {
    fn bad_events_needed(&self, expected: Decimal, target: Target) -> u64 {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a count, and casts of floats stop at the limits"
        )]
        let explained = explained_by_chance(expected.to_f64(), target).floor() as u64;
        explained.saturating_add(1)
    }

    fn by_rate(&self, target: Target, traffic: Traffic, minutes: u32) -> u64 {
        let most = traffic.in_minutes(minutes).times(self.threshold(target));
        u64::try_from(most.floor())
            .unwrap_or(u64::MAX)
            .saturating_add(1)
    }

    fn needed(&self, target: Target, traffic: Traffic) -> u64 {
        let expected = traffic.in_minutes(self.long_minutes);
        self.by_rate(target, traffic, self.long_minutes)
            .max(self.bad_events_needed(expected, target))
    }

    fn seen_after(
        &self,
        target: Target,
        traffic: Option<Traffic>,
        failing: Decimal,
    ) -> Option<Decimal> {
        let by_rate = self.detection_minutes(target, failing)?;
        let arrival = traffic.and_then(|traffic| {
            let needed = self.needed(target, traffic);
            Decimal::new(needed.into(), 1).over(traffic.per_minute().times(failing))
        });
        Some(match arrival {
            Some(arrival) if by_rate.is_less_than(arrival) => arrival,
            _ => by_rate,
        })
    }

    fn by_chance(&self, target: Target, traffic: Traffic, guard: Guard) -> f64 {
        let per_minute = traffic.per_minute().to_f64();
        self.starts_by_chance(target, per_minute, guard) * MONTH
    }

    fn name(&self) -> String {
        format!(
            "{} over {}",
            self.severity.as_str(),
            numbers::window(self.long_minutes)
        )
    }
}
