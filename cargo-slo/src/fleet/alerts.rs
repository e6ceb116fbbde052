//! The alert conditions of an SLO.

use super::{Fleet, Subject};
use crate::{
    diagnostics::Location,
    input::{
        catalogue::{self, Table},
        values::{Pages, Traffic},
    },
};
use slo_model::{
    Decimal, Target, Window,
    binomial::explained_by_chance,
    burn_rate::{self, Guard, Scaling, Severity},
};

/// Minutes of a month, as traffic counts it.
const MONTH: f64 = 30.0 * 1440.0;

/// One condition, as a rule judges it.
#[derive(Clone, Debug)]
pub(crate) struct Condition {
    /// How urgent it is.
    pub(crate) severity: Severity,
    /// How many times the sustainable rate fires it.
    pub(crate) factor: Decimal,
    /// The window that shows it matters, in minutes.
    pub(crate) long_minutes: u32,
    /// The window that shows it still goes on, in minutes.
    pub(crate) short_minutes: u32,
    /// Where the catalogue settles it; nothing for the usual ones.
    pub(crate) place: Option<Location>,
}

impl Condition {
    /// The error ratio above which it fires.
    pub(crate) fn threshold(&self, target: Target) -> Decimal {
        self.factor.times(target.budget())
    }

    /// The bad events that rules generated for Prometheus wait for in the long window, because
    /// chance explains fewer, where a number of valid ones is expected in it.
    pub(crate) fn bad_events_needed(&self, expected: Decimal, target: Target) -> u64 {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a count, and casts of floats stop at the limits"
        )]
        let explained = explained_by_chance(expected.to_f64(), target).floor() as u64;
        explained.saturating_add(1)
    }

    /// The same for arithmetic.
    pub(crate) fn timing(&self) -> burn_rate::Condition {
        burn_rate::Condition {
            severity: self.severity,
            factor: self.factor,
            raised_from: None,
            long_minutes: self.long_minutes,
            short_minutes: self.short_minutes,
        }
    }

    /// The smallest number of bad events that is more than the rate in so many minutes.
    pub(crate) fn by_rate(&self, target: Target, traffic: Traffic, minutes: u32) -> u64 {
        let most = traffic.in_minutes(minutes).times(self.threshold(target));
        u64::try_from(most.floor())
            .unwrap_or(u64::MAX)
            .saturating_add(1)
    }

    /// The bad events it waits for in its long window: more than the rate allows, and more than
    /// chance explains.
    pub(crate) fn needed(&self, target: Target, traffic: Traffic) -> u64 {
        let expected = traffic.in_minutes(self.long_minutes);
        self.by_rate(target, traffic, self.long_minutes)
            .max(self.bad_events_needed(expected, target))
    }

    /// How long a share of the events fails until it fires, in minutes: until the rate is
    /// reached, and there are as many events as rules for Prometheus wait for. Nothing where it
    /// never does.
    pub(crate) fn seen_after(
        &self,
        target: Target,
        traffic: Option<Traffic>,
        failing: Decimal,
    ) -> Option<Decimal> {
        let by_rate = self.timing().detection_minutes(target, failing)?;
        let arrival = traffic.and_then(|traffic| {
            let needed = self.needed(target, traffic);
            Decimal::new(needed.into(), 1).over(traffic.per_minute().times(failing))
        });
        Some(match arrival {
            Some(arrival) if by_rate.is_less_than(arrival) => arrival,
            _ => by_rate,
        })
    }

    /// How often a month it fires by chance, for a service that is exactly on target.
    pub(crate) fn by_chance(&self, target: Target, traffic: Traffic, guard: Guard) -> f64 {
        let per_minute = traffic.per_minute().to_f64();
        self.timing().starts_by_chance(target, per_minute, guard) * MONTH
    }

    /// What it is called: `page over 1h`.
    pub(crate) fn name(&self) -> String {
        format!(
            "{} over {}",
            self.severity.as_str(),
            crate::text::numbers::window(self.long_minutes)
        )
    }
}

/// The conditions for the SLOs of a window: those of the setting that the service chose in the
/// catalogue, else the usual ones.
pub(crate) fn conditions(
    fleet: &Fleet<'_>,
    subject: &Subject<'_>,
    window: Window,
) -> Vec<Condition> {
    let chosen = subject.facts().and_then(|facts| facts.burn_rates.as_ref());
    let table = &fleet.catalogue.burn_rates;
    match chosen.and_then(|name| table.get(name.get_ref())) {
        Some(setting) => of_setting(table, setting, window),
        None => usual(window),
    }
}

/// How many pages a month chance may cause, for each SLO: what the chosen setting allows, else
/// one.
pub(crate) fn pages_allowed(fleet: &Fleet<'_>, subject: &Subject<'_>) -> Pages {
    let chosen = subject.facts().and_then(|facts| facts.burn_rates.as_ref());
    chosen
        .and_then(|name| fleet.catalogue.burn_rates.get(name.get_ref()))
        .and_then(|setting| setting.false_pages)
        .unwrap_or_default()
}

/// The usual conditions.
pub(crate) fn usual(window: Window) -> Vec<Condition> {
    let usual = Scaling::default().conditions(window);
    usual
        .iter()
        .map(|condition| Condition {
            severity: condition.severity,
            factor: condition.factor,
            long_minutes: condition.long_minutes,
            short_minutes: condition.short_minutes,
            place: None,
        })
        .collect()
}

/// Those of a setting.
pub(crate) fn of_setting(
    table: &Table<catalogue::BurnRates>,
    setting: &catalogue::BurnRates,
    window: Window,
) -> Vec<Condition> {
    let conditions = setting.conditions(window).into_iter();
    conditions
        .zip(&setting.condition)
        .map(|(condition, spanned)| Condition {
            severity: condition.severity,
            factor: condition.factor,
            long_minutes: condition.long_minutes,
            short_minutes: condition.short_minutes,
            place: table
                .file
                .as_ref()
                .map(|file| file.location(spanned.span())),
        })
        .collect()
}
