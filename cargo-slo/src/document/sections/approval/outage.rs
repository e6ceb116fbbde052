//! What happens when, in a complete outage.

use crate::{
    definition::Slo,
    document::{
        model::{Column, Line, Table},
        sections::{
            policy::words,
            subject::{About, head},
        },
        text::fill,
    },
    fleet::alerts::AtTraffic,
};
use slo_model::{Decimal, budget, burn_rate::Severity};

/// Everything fails.
const OUTAGE: Decimal = Decimal::new(1, 1);

pub(super) fn table(about: &About<'_>, slo: &Slo) -> Table {
    let texts = &about.texts.approval;
    let mut moments = moments(about, slo);
    moments.sort_by(|(one, _), (other, _)| match () {
        () if one.is_less_than(*other) => std::cmp::Ordering::Less,
        () if other.is_less_than(*one) => std::cmp::Ordering::Greater,
        () => std::cmp::Ordering::Equal,
    });
    let rows = moments.into_iter();
    let mut rows: Vec<_> = rows
        .map(|(minutes, line)| vec![Line::text(about.texts.minutes(minutes)), line])
        .collect();
    if paged_after(about, slo).is_none() {
        rows.push(vec![Line::text("–"), Line::text(texts.never_paged)]);
    }
    Table {
        caption: Line::text(texts.outage),
        head: head(&[(texts.after, Column::Short), (texts.happens, Column::Words)]),
        rows,
    }
}

/// What happens after how many minutes.
fn moments(about: &About<'_>, slo: &Slo) -> Vec<(Decimal, Line)> {
    let texts = &about.texts.approval;
    let outage = budget::outage_minutes(slo.target, slo.window);
    let mut moments = vec![(Decimal::new(0, 1), Line::text(texts.begins))];
    if let Some(paged) = paged_after(about, slo) {
        moments.push((paged, Line::text(texts.paged)));
    }
    let policy = about.known.subject.policy_of(&slo.identity.journey);
    let levels = policy.levels();
    let mut is_spent_told = false;
    for level in levels {
        let left = level.left.get_ref().percent();
        let then = ("then", words(about, level));
        let gone = Decimal::new(100, 1).less(left).times(Decimal::new(1, 100));
        let is_spent = !Decimal::new(0, 1).is_less_than(left);
        is_spent_told |= is_spent;
        let line = match is_spent {
            true => fill(texts.spent_then, &[then]),
            false => {
                let share = Line::text(format!("{left}%"));
                fill(texts.level, &[("share", share), then])
            }
        };
        moments.push((outage.times(gone), line));
    }
    if !is_spent_told {
        moments.push((outage, Line::text(texts.spent)));
    }
    moments
}

/// When the first page comes, in minutes.
fn paged_after(about: &About<'_>, slo: &Slo) -> Option<Decimal> {
    let subject = about.known.subject;
    let traffic = subject.traffic(slo).map(|expected| expected.traffic);
    let conditions = subject.alerts.that_can_fire(slo);
    let pages = conditions
        .iter()
        .filter(|condition| condition.severity == Severity::Page);
    let seen = pages.filter_map(|page| page.seen_after(slo.target, traffic, OUTAGE));
    seen.reduce(|one, other| if other.is_less_than(one) { other } else { one })
}
