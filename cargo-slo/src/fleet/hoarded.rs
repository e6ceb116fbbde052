//! Error budgets that nobody spends.

use crate::input::values::Share;
use slo_model::{
    Decimal, Target,
    budget::{self, Counts},
};

/// A smaller budget is left by luck, in events.
const SMALLEST_BUDGET: u64 = 5;

/// Returns `true` if as much of a budget is left as a share, or more.
pub(crate) fn is_hoarded(counts: Counts, target: Target, share: Share) -> bool {
    let share = share.percent().times(Decimal::new(1, 100));
    budget::events(counts.valid(), target) >= SMALLEST_BUDGET
        && !left(counts, target).is_less_than(share)
}

/// Returns the share of the budget that is left, 0 to 1; 0 where it is overspent.
pub(crate) fn left(counts: Counts, target: Target) -> Decimal {
    let events = Decimal::new(counts.valid().into(), 1).times(target.budget());
    let spent = Decimal::new(counts.bad.into(), 1).over(events);
    spent.map_or(Decimal::new(0, 1), |spent| Decimal::new(1, 1).less(spent))
}
