//! What an error budget is worth.

use super::{Subject, USUAL_TARGETS};
use crate::{
    definition::{Sli, Slo},
    input::manifest::Value,
    text::numbers::money,
};
use slo_model::{Decimal, PPB, Target};
use std::ops::Range;
use toml::Spanned;

/// The events of an availability SLO in money. Amounts are for a minute of even traffic, so that
/// the length of any period cancels out.
#[derive(Clone, Debug)]
pub(crate) struct Worth<'a> {
    /// What the service says about it.
    pub(crate) value: &'a Value,
    /// Where.
    pub(crate) span: Range<usize>,
    /// What would be lost if every event were bad.
    pub(crate) at_stake: Decimal,
}

impl<'a> Worth<'a> {
    /// That of an SLO, where its traffic and the value of its events are known.
    pub(crate) fn new(subject: &Subject<'a>, slo: &Slo) -> Option<Worth<'a>> {
        if slo.sli != Sli::Availability {
            return None;
        }
        let value = subject
            .facts()?
            .value
            .get(&Spanned::new(0..0, slo.identity.part()))?;
        let traffic = subject.traffic(slo)?.traffic;
        Some(Worth {
            span: value.span(),
            at_stake: traffic.per_minute().times(value.get_ref().per_event.amount),
            value: value.get_ref(),
        })
    }

    /// What the tolerable loss leaves for bad events, as a share of all; `None` if none is
    /// said, or in another currency.
    pub(crate) fn tolerable(&self) -> Option<Decimal> {
        let tolerable = self.value.tolerable_loss.as_ref()?;
        let is_same = tolerable.currency == self.value.per_event.currency;
        tolerable.per_minute.over(self.at_stake).filter(|_| is_same)
    }

    /// The loosest target, exactly, whose budget keeps the tolerable loss; 90% where an even looser
    /// one does, down to none at all: nobody promises less.
    pub(crate) fn loosest(&self) -> Option<Target> {
        let ppb = self.tolerable()?.times(Decimal::new(PPB.into(), 1)).floor();
        let ppb = u32::try_from(ppb).unwrap_or(PPB).min(PPB / 10);
        Target::try_from_ppb(PPB - ppb)
    }

    /// The loosest of the targets that people choose that keeps it; `None` if all are too
    /// loose.
    pub(crate) fn loosest_usual(&self) -> Option<Target> {
        let loosest = self.loosest()?;
        let usual = USUAL_TARGETS.into_iter();
        usual.filter(|target| *target >= loosest).min()
    }

    /// What a target's budget costs when it is spent, a month.
    pub(crate) fn cost(&self, target: Target) -> String {
        self.monthly(self.at_stake.times(target.budget()))
    }

    /// An amount per minute as one per month.
    pub(crate) fn monthly(&self, per_minute: Decimal) -> String {
        let month = Decimal::new(30 * 1440, 1);
        let currency = &self.value.per_event.currency;
        format!("{} {currency} a month", money(per_minute.times(month)))
    }

    /// What a nine more would save, and one less would cost, at most.
    pub(crate) fn nines(&self, target: Target) -> String {
        let budget = self.at_stake.times(target.budget());
        let more = budget.times(Decimal::new(9, 10));
        let more = format!(
            "a nine more is worth at most {}: what it takes may cost no more",
            self.monthly(more)
        );
        // Ten times a budget of 10% and more is everything.
        match target.budget_ppb() < PPB / 10 {
            true => format!(
                "{more}; one less costs up to {} more",
                self.monthly(budget.times(Decimal::new(9, 1)))
            ),
            false => more,
        }
    }
}
