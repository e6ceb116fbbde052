//! The error budget to look at, and what other targets would mean.

use super::targets;
use crate::{
    definition::{Sli, Slo},
    document::{
        model::{Column, Drawing, Line, Picture, Table},
        sections::{
            objective,
            subject::{About, head},
            worth,
        },
        text::{Texts, fill},
    },
    fleet::USUAL_TARGETS,
    text::numbers::grouped,
};
use slo_model::{Decimal, Target, budget};

/// The window as days, and how much of them the budget is.
pub(super) fn calendar(about: &About<'_>, slo: &Slo) -> Picture {
    let texts = &about.texts.approval;
    let days = slo.window.length_minutes() / 1440;
    let outage = about.texts.outage(slo.target, slo.window);
    let words = about.texts.units.days.with(&days.to_string(), days == 1);
    let places = [
        ("days", Line::text(words)),
        ("outage", Line::text(outage.clone())),
    ];
    let minutes = budget::outage_minutes(slo.target, slo.window);
    Picture {
        title: texts.picture.to_owned(),
        description: fill(texts.picture_text, &places).plain(),
        drawing: Drawing::Calendar {
            days,
            tenths_of_minutes: tenths(minutes),
            label: outage,
            one_day: texts.one_day.to_owned(),
        },
    }
}

fn tenths(minutes: Decimal) -> u32 {
    let tenths = minutes.times(Decimal::new(10, 1)).floor();
    u32::try_from(tenths).unwrap_or(u32::MAX)
}

/// The budget as one outage, and as one every day.
pub(super) fn same_as(about: &About<'_>, slo: &Slo) -> Line {
    let outage = budget::outage_minutes(slo.target, slo.window);
    let days = slo.window.length_minutes() / 1440;
    let daily = outage.times(Decimal::new(1, days.into()));
    let places = [
        ("target", Line::text(Texts::target(slo.target))),
        (
            "outage",
            Line::text(about.texts.outage(slo.target, slo.window)),
        ),
        ("window", Line::text(about.texts.window(slo.window))),
        ("daily", Line::text(about.texts.minutes(daily))),
    ];
    fill(about.texts.approval.same_as, &places)
}

/// The target with the usual ones beside it, the tightest first.
pub(super) fn choices(about: &About<'_>, slo: &Slo) -> Table {
    let texts = &about.texts.approval;
    let up = USUAL_TARGETS.into_iter().filter(|one| *one > slo.target);
    let down = USUAL_TARGETS.into_iter().filter(|one| *one < slo.target);
    let all = [up.min(), Some(slo.target), down.max()];
    let rows = all
        .into_iter()
        .flatten()
        .map(|target| row(about, slo, target));
    let in_time = match slo.sli {
        Sli::Availability => about.texts.overview.outage,
        Sli::Latency { .. } => texts.in_time,
    };
    let mut table = Table {
        caption: Line::text(texts.choices),
        head: head(&[
            (texts.target, Column::Short),
            (texts.in_events, Column::Numbers),
            (in_time, Column::Short),
            (texts.loss, Column::Short),
            (texts.kept, Column::Words),
        ]),
        rows: rows.collect(),
    };
    table.drop_empty_columns();
    table
}

fn row(about: &About<'_>, slo: &Slo, target: Target) -> Vec<Line> {
    let texts = &about.texts.approval;
    let name = Line::text(Texts::target(target));
    let bad =
        objective::expected(about, slo).map(|expected| budget::events(expected.valid, target));
    vec![
        match target == slo.target {
            true => Line::strong(fill(texts.now, &[("target", name)])),
            false => name,
        },
        bad.map_or_else(Line::default, |bad| Line::text(grouped(bad))),
        match slo.sli {
            Sli::Availability => Line::text(about.texts.outage(target, slo.window)),
            Sli::Latency { .. } => targets::time(about, slo, target),
        },
        worth::loss(about, slo, target).map_or_else(Line::default, |(loss, _)| loss),
        kept(about, slo, target),
    ]
}

/// Whether the hard dependencies promise as much.
fn kept(about: &About<'_>, slo: &Slo, target: Target) -> Line {
    let texts = &about.texts.approval;
    if slo.sli != Sli::Availability {
        return Line::default();
    }
    let mut own = about.hard.iter();
    let own = own.find(|(of, _)| of.identity == slo.identity);
    let calls = own.into_iter().flat_map(|(_, calls)| calls.iter());
    let promised = calls.filter_map(|call| Some((call, call.availability()?)));
    match promised.min_by_key(|(_, promise)| promise.target) {
        None => Line::text(texts.kept_free),
        Some((_, promise)) if promise.target >= target => Line::text(texts.kept_yes),
        Some((call, promise)) => fill(
            texts.kept_no,
            &[
                ("name", Line::code(call.service)),
                ("target", Line::text(Texts::target(promise.target))),
            ],
        ),
    }
}
