//! What is promised, in events, time and money.

use crate::{
    definition::{Sli, Slo},
    document::{
        model::{Column, Line, Table},
        sections::{
            journeys, objective, reviews,
            subject::{About, head},
            worth,
        },
        text::{Texts, fill},
    },
    text::numbers::grouped,
};
use slo_model::{PPB, Target};
use toml::Spanned;

pub(super) fn table(about: &About<'_>, slos: &[&Slo]) -> Table {
    let texts = &about.texts.approval;
    let mut table = Table {
        caption: Line::text(texts.caption),
        head: head(&[
            (texts.target, Column::Words),
            (about.texts.overview.window, Column::Short),
            (texts.in_events, Column::Words),
            (texts.in_time, Column::Words),
            (texts.loss, Column::Words),
            (about.texts.overview.approved, Column::Short),
        ]),
        rows: slos.iter().map(|slo| row(about, slo)).collect(),
    };
    // Latency costs nothing that is known, and often nothing is said about money at all.
    table.drop_empty_columns();
    table
}

fn row(about: &About<'_>, slo: &Slo) -> Vec<Line> {
    let reason = journeys::facts_of(about, &slo.identity.journey).and_then(|said| {
        about.said(
            said.reasons
                .get(&Spanned::new(0..0, slo.identity.sli.clone()))?,
        )
    });
    let target = Line::strong(promise(about, slo));
    vec![
        match reason {
            None => target,
            Some(reason) => target.and(Line::text(about.texts.semicolon)).and(reason),
        },
        Line::text(about.texts.window(slo.window)),
        events(about, slo),
        time(about, slo, slo.target),
        worth::loss(about, slo, slo.target)
            .map_or_else(Line::default, |(loss, tolerable)| loss.and(tolerable)),
        reviews::approval(about, slo),
    ]
}

/// What is promised, as so many of so many.
pub(super) fn promise(about: &About<'_>, slo: &Slo) -> Line {
    let texts = &about.texts.approval;
    let (good, all) = of_all(slo.target);
    let places = [
        ("good", Line::text(grouped(good))),
        ("all", Line::text(grouped(all))),
        ("target", Line::text(Texts::target(slo.target))),
    ];
    match &slo.sli {
        Sli::Availability => fill(texts.availability, &places),
        Sli::Latency { threshold, .. } => {
            let threshold = Line::text(about.texts.duration(*threshold));
            let [good, all, target] = places;
            fill(
                texts.latency,
                &[good, all, target, ("threshold", threshold)],
            )
        }
    }
}

/// The smallest power of ten, from a hundred on, of which the target is a whole number.
fn of_all(target: Target) -> (u64, u64) {
    let ppb = u64::from(target.ppb());
    let mut all = 100;
    while !(ppb * all).is_multiple_of(u64::from(PPB)) {
        all *= 10;
    }
    (ppb * all / u64::from(PPB), all)
}

fn events(about: &About<'_>, slo: &Slo) -> Line {
    let texts = &about.texts.approval;
    let Some(objective::Expected { valid, bad }) = objective::expected(about, slo) else {
        return about.absent(texts.events_unknown);
    };
    let daily = bad / u64::from(slo.window.length_minutes() / 1440);
    let text = match (bad, daily) {
        (0, _) => texts.events_none,
        (_, 0) => texts.events,
        _ => texts.events_a_day,
    };
    let places = [
        ("valid", Line::text(grouped(valid))),
        ("bad", Line::text(grouped(bad))),
        ("daily", Line::text(grouped(daily))),
    ];
    fill(text, &places)
}

/// How long everything may fail, or be slow, at a target.
pub(super) fn time(about: &About<'_>, slo: &Slo, target: Target) -> Line {
    let texts = &about.texts.approval;
    let outage = ("outage", Line::text(about.texts.outage(target, slo.window)));
    match slo.sli {
        Sli::Availability => fill(texts.failing, &[outage]),
        Sli::Latency { .. } => fill(texts.slow, &[outage]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_so_many_of_so_many() {
        for (percent, expected) in [
            (99.0, (99, 100)),
            (99.9, (999, 1000)),
            (99.95, (9995, 10_000)),
            (50.0, (50, 100)),
            (99.9999999, (999_999_999, 1_000_000_000)),
        ] {
            assert_eq!(of_all(Target::from_percent(percent)), expected);
        }
    }
}
