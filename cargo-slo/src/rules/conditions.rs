//! The alert conditions of an SLO.

use super::{Fleet, Subject};
use crate::{
    diagnostics::Location,
    input::catalogue::{self, Table},
};
use slo_model::{
    Decimal, Target, Window,
    binomial::explained_by_chance,
    burn_rate::{Scaling, Severity},
};

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

    /// What it is called: `page over 1h`.
    pub(crate) fn name(&self) -> String {
        format!(
            "{} over {}",
            self.severity.as_str(),
            super::words::window(self.long_minutes)
        )
    }
}

/// The conditions for the SLOs of a window: those of the setting that the service chose in the
/// catalogue, else the usual ones.
pub(super) fn conditions(
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
