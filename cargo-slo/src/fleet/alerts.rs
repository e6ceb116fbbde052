//! The alerts of a service: the burn-rate conditions of its SLOs.

use crate::{
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

/// Minutes of a month, as traffic counts it.
const MONTH: f64 = 30.0 * 1440.0;

/// Which conditions the SLOs of a service have: those of the setting that it chose in the
/// catalogue, else the usual ones, scaled as the command line says.
#[derive(Clone, Copy, Debug, Default)]
pub struct Alerts<'a> {
    scaling: Scaling,
    chosen: Option<(&'a Table<BurnRates>, &'a BurnRates)>,
}

impl<'a> Alerts<'a> {
    /// Those of a service. The usual ones stand in for a setting that the catalogue does not have,
    /// which is a finding, and an error of every output.
    pub(crate) fn resolve(facts: Option<&Manifest>, catalogue: &'a Catalogue) -> Alerts<'a> {
        let name = facts.and_then(|facts| facts.burn_rates.as_ref());
        let table = &catalogue.burn_rates;
        let setting = name.and_then(|name| table.get(name.get_ref()));
        Alerts {
            scaling: Scaling::default(),
            chosen: setting.map(|setting| (table, setting)),
        }
    }

    pub(crate) fn with_scaling(self, scaling: Scaling) -> Alerts<'a> {
        Alerts { scaling, ..self }
    }

    /// Returns the conditions of SLOs over a window, the most urgent first. A condition of a
    /// setting is as it was written; a usual one is raised to a factor of 1.
    pub fn over(&self, window: Window) -> Vec<Condition> {
        match self.chosen {
            Some((_, setting)) => setting.conditions(window),
            None => self.scaling.conditions(window).into(),
        }
    }

    /// Returns the conditions over a window that can fire for a target: an error ratio is never
    /// above 1.
    pub fn that_can_fire(&self, target: Target, window: Window) -> Vec<Condition> {
        let mut conditions = self.over(window);
        conditions.retain(|condition| condition.can_fire(target));
        conditions
    }

    /// Returns the conditions over a window, each with its place in the catalogue; `None` for the
    /// usual ones.
    pub(crate) fn with_places(&self, window: Window) -> Vec<(Condition, Option<Location>)> {
        let conditions = self.over(window).into_iter();
        let Some((
            Table {
                file: Some(file), ..
            },
            setting,
        )) = self.chosen
        else {
            return conditions.map(|condition| (condition, None)).collect();
        };
        let places = setting.condition.iter();
        let places = places.map(|written| Some(file.location(written.span())));
        conditions.zip(places).collect()
    }

    /// Returns `true` if the service chose a setting of the catalogue.
    pub fn are_chosen(&self) -> bool {
        self.chosen.is_some()
    }

    /// Returns the setting that the service chose, and the file it stands in.
    pub(crate) fn chosen(&self) -> Option<(&'a Table<BurnRates>, &'a BurnRates)> {
        self.chosen
    }

    /// Returns how many pages a month chance may cause, for each SLO, as the setting says; `None`
    /// if it does not say.
    pub(crate) fn false_pages(&self) -> Option<Pages> {
        self.chosen.and_then(|(_, setting)| setting.false_pages)
    }

    /// Returns how many pages a month chance may cause, for each SLO: once unless the setting says
    /// otherwise.
    pub(crate) fn pages_allowed(&self) -> Decimal {
        self.false_pages().unwrap_or_default().a_month()
    }
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
