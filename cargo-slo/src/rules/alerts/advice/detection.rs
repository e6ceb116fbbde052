//! Which errors a condition tells of, and which condition tells of some errors.

use crate::{
    definition::{Sli, Slo},
    fleet::{Subject, alerts::AtTraffic},
    input::values::{Minutes, Traffic, Wish},
};
use slo_model::{
    Decimal, Target, Window,
    binomial::explained_by_chance,
    burn_rate::{Condition, Guard, Severity},
};

/// Long windows that a setting is made of, in minutes, with their short ones.
const WINDOWS: [(u32, u32); 5] = [(60, 5), (120, 10), (360, 30), (1440, 120), (4320, 360)];

/// Whoever wants to be told of more looks at a ratio.
const MOST_ERRORS: u64 = 1_000_000;

/// An SLO, as far as detection goes.
#[derive(Clone, Copy, Debug)]
pub(in crate::rules) struct Watched {
    pub(in crate::rules) target: Target,
    pub(in crate::rules) window: Window,
    pub(in crate::rules) traffic: Traffic,
}

/// What a condition makes of a wish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rules) enum Answer {
    /// It fires, and not for a single error.
    Told,
    /// It fires, as it would for a single error if the rate decided alone.
    ByOne,
    /// It stays silent.
    Silent,
}

impl Watched {
    /// The exact size of the budget, in bad events.
    pub(in crate::rules) fn budget(self) -> Decimal {
        let valid = self.traffic.in_minutes(self.window.length_minutes());
        valid.times(self.target.budget())
    }

    fn by_rate(self, condition: &Condition, minutes: u32) -> u64 {
        condition.by_rate(self.target, self.traffic, minutes)
    }

    /// The bad events that a condition needs in its long window.
    pub(in crate::rules) fn needed(self, condition: &Condition) -> u64 {
        condition.needed(self.target, self.traffic)
    }

    /// Whether a condition fires with the last of the errors of a wish, spread evenly over its
    /// period, beside the traffic that is expected.
    pub(in crate::rules) fn answer(self, condition: &Condition, wish: Wish) -> Answer {
        let is_urgent_enough = wish
            .severity
            .is_none_or(|asked| asked == condition.severity);
        let (long, short) = (condition.long_minutes, condition.short_minutes);
        let seen = in_window(wish, long);
        // Errors are events, too, where fewer were expected.
        let expected = self.traffic.in_minutes(long).to_f64();
        #[expect(clippy::cast_precision_loss, reason = "at most a million")]
        let is_no_chance =
            seen as f64 > explained_by_chance(expected.max(seen as f64), self.target);
        let fires = condition.can_fire(self.target)
            && seen >= self.by_rate(condition, long)
            && in_window(wish, short) >= self.by_rate(condition, short)
            && is_no_chance;
        match fires && is_urgent_enough {
            true if self.by_rate(condition, long) == 1 => Answer::ByOne,
            true => Answer::Told,
            false => Answer::Silent,
        }
    }

    /// The condition over the shortest window that tells of a wish, and not of an error less,
    /// by chance no more often than allowed.
    pub(in crate::rules) fn condition_for(
        self,
        wish: Wish,
        allowed: Decimal,
    ) -> Option<(Condition, f64)> {
        let lasts = wish.within.map_or(0, Minutes::count);
        // Over a window that is much longer, other errors come to these.
        let longest = lasts.saturating_mul(6).max(360);
        let longer = WINDOWS
            .into_iter()
            .filter(|(long, _)| (lasts..=longest).contains(long));
        longer.into_iter().find_map(|(long, short)| {
            let share = self.share_for(wish.errors)?;
            let of_window = Decimal::new(self.window.length_minutes().into(), long.into());
            let usual = match long {
                ..=360 => Severity::Page,
                _ => Severity::Ticket,
            };
            let condition = Condition {
                severity: wish.severity.unwrap_or(usual),
                factor: share.times(of_window),
                long_minutes: long,
                short_minutes: short,
                raised_from: None,
            };
            let is_sound = !condition.factor.is_below(1) && !Decimal::new(1, 1).is_less_than(share);
            if !is_sound || self.answer(&condition, wish) != Answer::Told {
                return None;
            }
            let by_chance = condition.by_chance(self.target, self.traffic, Guard::ByChance);
            (by_chance <= allowed.to_f64()).then_some((condition, by_chance))
        })
    }

    /// The share of the budget that so many errors exceed and one less does not, with as few
    /// digits as there can be.
    fn share_for(self, errors: u64) -> Option<Decimal> {
        let of_budget = |errors: u64| Decimal::new(errors.into(), 1).over(self.budget());
        let (least, most) = (of_budget(errors - 1)?, of_budget(errors)?);
        [100u128, 1_000, 10_000, 100_000, 1_000_000]
            .into_iter()
            .map(|scale| Decimal::new(least.times(Decimal::new(scale, 1)).floor() + 1, scale))
            .find(|share| share.is_less_than(most))
    }

    /// The smallest number of errors within the period of a wish that some condition tells of. The
    /// more there are, the less chance explains them, so it is searched by halves.
    pub(in crate::rules) fn errors_that_can(self, wish: Wish, allowed: Decimal) -> Option<Wish> {
        let of = |errors: u64| Wish { errors, ..wish };
        let is_told = |errors: u64| self.condition_for(of(errors), allowed).is_some();
        let (mut too_few, mut enough) = (wish.errors, wish.errors.saturating_add(1));
        while !is_told(enough) {
            let step = (enough - wish.errors).saturating_mul(2);
            too_few = enough;
            enough = enough.saturating_add(step);
            if enough > MOST_ERRORS {
                return None;
            }
        }
        while enough - too_few > 1 {
            let middle = u64::midpoint(too_few, enough);
            match is_told(middle) {
                true => enough = middle,
                false => too_few = middle,
            }
        }
        Some(of(enough))
    }
}

/// How many errors of a wish are in a window that ends with the last of them.
fn in_window(wish: Wish, minutes: u32) -> u64 {
    let Some(within) = wish.within else {
        return wish.errors;
    };
    // From the first error to the last, all of the period is between them.
    let gaps = (wish.errors - 1).saturating_mul(minutes.into()) / u64::from(within.count());
    wish.errors.min(gaps + 1)
}

/// The SLO whose alerts are asked: that of the endpoint, else that of its journey, which counts the
/// same errors among others.
pub(in crate::rules) fn watching<'a>(subject: &Subject<'a>, part: &str) -> Option<&'a Slo> {
    let (journey, endpoint) = match part.split_once('/') {
        Some((journey, endpoint)) => (journey, Some(endpoint)),
        None => (part, None),
    };
    let of = |endpoint: Option<&str>| {
        subject.service.slos.iter().find(|slo| {
            slo.sli == Sli::Availability
                && slo.identity.journey == journey
                && slo.identity.endpoint.as_deref() == endpoint
        })
    };
    of(endpoint).or_else(|| of(None))
}

#[cfg(test)]
mod tests {
    use super::*;
    use slo_model::burn_rate::Scaling;

    fn watched(percent: f64, traffic: &str) -> Watched {
        Watched {
            target: Target::from_percent(percent),
            window: Window::days(30),
            traffic: traffic.parse().unwrap(),
        }
    }

    fn wish(text: &str) -> Wish {
        text.parse().unwrap()
    }

    #[test]
    fn errors_in_a_window_that_ends_with_the_last() {
        let seen = |minutes| in_window(wish("3 errors in 1h"), minutes);
        assert_eq!([5, 29, 30, 60, 360].map(seen), [1, 1, 2, 3, 3]);
        assert_eq!(in_window(wish("3 errors"), 5), 3);
    }

    #[test]
    fn the_usual_conditions_answer() {
        // 100 events an hour: more than 14.4 of them within an hour, or 36 within six.
        let busy = watched(99.0, "72_000/month");
        let conditions = Scaling::default().conditions(busy.window);
        let answers = |text: &str| {
            let all = conditions.iter().map(|c| busy.answer(c, wish(text)));
            all.collect::<Vec<_>>()
        };
        assert_eq!(answers("14 errors in 1h"), [Answer::Silent; 4]);
        assert_eq!(answers("15 errors in 1h")[0], Answer::Told);
        assert_eq!(answers("37 errors in 6h")[1], Answer::Told);
        assert_eq!(answers("ticket after 15 errors in 1h")[0], Answer::Silent);
        // One event in 1.4 hours: whatever happens is more than 14.4 times the budget.
        let quiet = watched(99.0, "526/month");
        assert_eq!(
            quiet.answer(&conditions[0], wish("3 errors in 1h")),
            Answer::ByOne
        );
        assert_eq!(
            quiet.answer(&conditions[0], wish("1 error")),
            Answer::Silent
        );
    }

    proptest::proptest! {
        /// Searched by halves or one by one, the number is the same.
        #[test]
        fn the_smallest_number_that_can_be_told(monthly in 1_000u64..100_000, errors in 2u64..6) {
            let watched = watched(99.0, &format!("{monthly}/month"));
            let asked = wish(&format!("{errors} errors in 1h"));
            let allowed = Decimal::new(1, 1);
            proptest::prop_assume!(watched.condition_for(asked, allowed).is_none());
            let one_by_one = (errors + 1..200).map(|errors| Wish { errors, ..asked });
            let first = one_by_one.into_iter().find(|wish| watched.condition_for(*wish, allowed).is_some());
            proptest::prop_assert_eq!(watched.errors_that_can(asked, allowed), first);
        }

        /// What is offered tells of the wish, and of no error less.
        #[test]
        fn a_condition_that_is_offered_does_what_was_asked(
            tenths in 900u32..999,
            monthly in 100u64..10_000_000,
            errors in 1u64..200,
            hours in 1u32..72,
        ) {
            let watched = Watched {
                target: Target::from_ppb(tenths * 1_000_000),
                window: Window::days(30),
                traffic: format!("{monthly}/month").parse().unwrap(),
            };
            let asked = wish(&format!("{errors} error{} in {hours}h", if errors == 1 { "" } else { "s" }));
            let Some((condition, by_chance)) = watched.condition_for(asked, Decimal::new(1, 1)) else {
                return Ok(());
            };
            proptest::prop_assert!(errors > 1 && by_chance <= 1.0);
            proptest::prop_assert_eq!(watched.answer(&condition, asked), Answer::Told);
            let fewer = Wish { errors: errors - 1, ..asked };
            proptest::prop_assert_eq!(watched.answer(&condition, fewer), Answer::Silent);
            proptest::prop_assert!(condition.long_minutes >= hours * 60);
        }
    }
}
