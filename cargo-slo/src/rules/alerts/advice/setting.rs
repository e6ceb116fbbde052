//! A setting of the catalogue that an advice asks for, whole, so that it can be copied.
//!
//! A setting replaces the usual conditions, tickets included. Whoever is told of one more page only
//! and writes a setting with nothing else in it has no ticket left, and the next slow leak is told by
//! nobody. So what an advice writes down holds what stays in force beside what is new.

use crate::{
    input::{catalogue::BurnRates, values::Pages},
    text::numbers::{share, window},
};
use slo_model::{
    Decimal, Target, Window,
    burn_rate::{Condition, Severity},
};

/// With a larger factor, the budget lasts for less than half of the window.
pub(in crate::rules) const SLOW: Decimal = Decimal::new(2, 1);

/// The conditions that a setting can hold, with a ticket beside them where none tells of a slow
/// leak. Those that never fire are left out, and those that wait for more than a whole budget, as
/// the usual ones do over windows that are shorter than theirs.
pub(in crate::rules) fn with_ticket(
    mut conditions: Vec<Condition>,
    target: Target,
    over: Window,
) -> Vec<Condition> {
    let all = Decimal::new(1, 1);
    conditions.retain(|condition| {
        condition.can_fire(target) && !all.is_less_than(condition.budget_share(over))
    });
    if conditions.iter().all(|c| SLOW.is_less_than(c.factor)) {
        let ticket = ticket(over);
        conditions
            .retain(|c| (c.severity, c.long_minutes) != (ticket.severity, ticket.long_minutes));
        conditions.push(ticket);
    }
    conditions
}

/// A ticket for 10% of the budget within a tenth of the window: at a factor of 1, or hardly more
/// where the tenth is not a whole number of hours.
fn ticket(over: Window) -> Condition {
    let tenth = over.length_minutes() / 10;
    let long_minutes = match tenth {
        ..120 => tenth,
        _ => tenth / 60 * 60,
    };
    Condition {
        severity: Severity::Ticket,
        factor: Decimal::new(
            over.length_minutes().into(),
            10 * u128::from(long_minutes.max(1)),
        ),
        long_minutes,
        short_minutes: (long_minutes / 12).max(1),
        raised_from: None,
    }
}

/// The keys of a setting with these conditions, a condition a line.
pub(in crate::rules) fn keys_of(
    conditions: &[Condition],
    false_pages: Option<Pages>,
    over: Window,
) -> String {
    let mut text = String::new();
    if let Some(pages) = false_pages {
        text += &format!("false-pages = \"{}\"\n", frequency(pages));
    }
    text += "condition = [\n";
    for condition in conditions {
        text += &format!("  {{ {} }},\n", keys(condition, over).join(", "));
    }
    text + "]"
}

/// How often people may be paged, in the period that takes the fewest digits.
fn frequency(pages: Pages) -> String {
    const DAYS: [(u128, &str); 4] = [(30, "month"), (365, "year"), (7, "week"), (1, "day")];
    let within = |(days, period): (u128, &str)| {
        let number = pages.a_month().times(Decimal::new(days, 30));
        number
            .is_written_exactly()
            .then(|| format!("{number}/{period}"))
    };
    let exact = DAYS.into_iter().filter_map(within);
    exact.min_by_key(String::len).unwrap_or_else(|| {
        let millionths = pages.a_month().times(Decimal::new(1_000_000, 1)).floor();
        format!("{}/month", Decimal::new(millionths, 1_000_000))
    })
}

/// The conditions that a setting has once it is written down: shares are rounded. `None` if it would
/// not be read.
pub(in crate::rules) fn conditions_of(
    conditions: &[Condition],
    over: Window,
) -> Option<Vec<Condition>> {
    let text = keys_of(conditions, None, over);
    let setting: BurnRates = toml::from_str(&text).ok()?;
    Some(setting.conditions(over))
}

/// The keys of a condition with their values, as TOML has them.
fn keys(condition: &Condition, over: Window) -> [String; 4] {
    [
        format!("severity = \"{}\"", condition.severity.as_str()),
        format!("budget = \"{}\"", budget(condition, over)),
        format!("long = \"{}\"", window(condition.long_minutes)),
        format!("short = \"{}\"", window(condition.short_minutes)),
    ]
}

/// The share of the budget in percent with up to four decimals, rounded up: rounded down, a factor
/// of 1 would be below 1.
fn budget(condition: &Condition, over: Window) -> String {
    let exact = condition.budget_share(over);
    let (n, d) = exact.times(Decimal::new(1_000_000, 1)).parts();
    match n.is_multiple_of(d) && n / d % 10 == 0 {
        true => share(exact),
        false => format!("{}%", Decimal::new(n.div_ceil(d), 10_000)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use slo_model::burn_rate::Scaling;

    fn usual(window: Window) -> Vec<Condition> {
        Scaling::default().conditions(window).into()
    }

    #[test]
    fn a_ticket_is_added_where_none_tells_of_a_slow_leak() {
        let target = Target::from_percent(99.0);
        let month = Window::days(30);
        assert_eq!(with_ticket(usual(month), target, month).len(), 4);
        let mut pages = usual(month);
        pages.retain(|condition| condition.severity == Severity::Page);
        let all = with_ticket(pages, target, month);
        assert_eq!(
            keys(&all[2], month).join(", "),
            "severity = \"ticket\", budget = \"10%\", long = \"3d\", short = \"6h\""
        );
        // Their smallest factor over 90 days is 3.
        let quarter = Window::days(90);
        assert_eq!(with_ticket(usual(quarter), target, quarter).len(), 5);
    }

    #[test]
    fn pages_are_allowed_as_often_as_was_said() {
        for said in [
            "2/month", "2/year", "3/week", "0.5/day", "1/year", "7/month",
        ] {
            assert_eq!(frequency(said.parse().unwrap()), said);
        }
    }

    #[test]
    fn factors_are_never_below_one() {
        for days in 1..=366 {
            let over = Window::days(days);
            let ticket = ticket(over);
            assert!(!ticket.factor.is_below(1), "{days}");
            assert!(!SLOW.is_less_than(ticket.factor), "{days}");
            for condition in with_ticket(usual(over), Target::from_percent(99.9), over) {
                let text = budget(&condition, over);
                let share: crate::input::values::Share = text.parse().unwrap();
                let exact = condition.budget_share(over);
                let percent = exact.times(Decimal::new(100, 1));
                assert!(!share.percent().is_less_than(percent), "{days}: {text}");
            }
        }
    }
}
