//! Whether somebody would be called.

use super::view::{ConditionView, Never, Severity, WouldPage};
use crate::fleet::firing::{InWindows, events_to_fire};
use slo_model::{
    Target, budget,
    burn_rate::{self, Condition},
};

/// Looks at conditions in their order: the most urgent that fires, else the nearest. `within` gives
/// what was counted in the last so many minutes of an SLO.
pub(super) fn would_page(
    conditions: &[Condition],
    target: Target,
    within: impl Fn(u32) -> budget::Counts,
) -> WouldPage {
    let mut nearest = None;
    for condition in conditions
        .iter()
        .filter(|condition| condition.can_fire(target))
    {
        let counts = InWindows {
            long: within(condition.long_minutes),
            short: within(condition.short_minutes),
        };
        let shown = ConditionView::from(condition);
        match events_to_fire(condition, target, counts) {
            Some(0) => return WouldPage::Yes { condition: shown },
            Some(events) if nearest.is_none_or(|(least, _)| events < least) => {
                nearest = Some((events, shown));
            }
            _ => {}
        }
    }
    match nearest {
        Some((events, condition)) => WouldPage::After { events, condition },
        None => WouldPage::Never {
            why: never(conditions, target),
        },
    }
}

impl From<&Condition> for ConditionView {
    fn from(condition: &Condition) -> ConditionView {
        ConditionView {
            severity: match condition.severity {
                burn_rate::Severity::Page => Severity::Page,
                burn_rate::Severity::Ticket => Severity::Ticket,
            },
            minutes: condition.long_minutes,
        }
    }
}

/// Why none of some conditions fires.
fn never(conditions: &[Condition], target: Target) -> Never {
    let lowest = conditions.iter().reduce(|a, b| {
        if b.factor.is_less_than(a.factor) {
            b
        } else {
            a
        }
    });
    match lowest {
        Some(condition) => Never::OutOfReach {
            burn_rate: condition.factor.to_f64(),
            bad_share: condition.threshold(target).to_f64(),
        },
        None => Never::NoAlert,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use slo_model::{Window, budget::Counts, burn_rate::Scaling};

    fn usual() -> Vec<Condition> {
        Scaling::default().conditions(Window::DEFAULT).into()
    }

    #[test]
    fn the_most_urgent_fires_and_what_can_not_says_why() {
        let all_bad = |_| Counts { good: 0, bad: 900 };
        let found = would_page(&usual(), Target::from_percent(99.0), all_bad);
        let page = ConditionView {
            severity: Severity::Page,
            minutes: 60,
        };
        assert_eq!(found, WouldPage::Yes { condition: page });

        // 14.4 times 10% are more than all.
        let pages = &usual()[..1];
        let found = would_page(pages, Target::from_percent(90.0), all_bad);
        let WouldPage::Never {
            why:
                Never::OutOfReach {
                    burn_rate,
                    bad_share,
                },
        } = found
        else {
            panic!("{found:?}");
        };
        assert!((burn_rate - 14.4).abs() < 1e-9 && (bad_share - 1.44).abs() < 1e-9);
        let found = would_page(&[], Target::from_percent(90.0), all_bad);
        assert_eq!(
            found,
            WouldPage::Never {
                why: Never::NoAlert
            }
        );
    }
}
