//! One SLO: what is measured in words, and what the budget is.

use super::{
    journeys::{Kind, kind},
    subject::{About, id, written},
};
use crate::{
    definition::{Identity, Sli, Slo},
    document::{
        model::{Block, Line, Section},
        text::{Texts, fill},
    },
    text::numbers::grouped,
};
use slo_model::{Until, binomial::tail, budget, record::EndpointRecord};
use std::time::Duration;

/// A budget of fewer events says more about luck than about the service.
const FEW_EVENTS: u64 = 10;

pub(super) fn section(about: &About<'_>, slo: &Slo) -> Section {
    Section {
        id: id(slo),
        title: Line::code(&slo.identity.name_in_service()),
        blocks: vec![
            Block::Paragraph(sentence(about, slo)),
            Block::Facts(facts(about, slo)),
        ],
        sections: Vec::new(),
        is_sheet: false,
    }
}

/// How many events are expected over the window of an SLO.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Expected {
    /// All that count.
    pub(super) valid: u64,
    /// Those that may be bad.
    pub(super) bad: u64,
}

/// What is expected, where somebody said so.
pub(super) fn expected(about: &About<'_>, slo: &Slo) -> Option<Expected> {
    let traffic = about.known.subject.traffic(slo)?.traffic;
    let valid = traffic.within(slo.window);
    Some(Expected {
        valid,
        bad: budget::events(valid, slo.target),
    })
}

fn facts(about: &About<'_>, slo: &Slo) -> Vec<(Line, Line)> {
    let all = about.texts;
    let texts = &all.journeys;
    let window = || ("window", Line::text(all.window(slo.window)));
    let mut facts = vec![
        (
            Line::text(texts.target),
            fill(
                texts.target_text,
                &[
                    (
                        "target",
                        Line::strong(Line::text(Texts::target(slo.target))),
                    ),
                    window(),
                ],
            ),
        ),
        (
            Line::text(texts.budget),
            fill(
                texts.budget_share,
                &[("share", Line::text(Texts::share(slo.target.budget())))],
            ),
        ),
        (
            Line::text(texts.in_time),
            fill(
                match &slo.sli {
                    Sli::Availability => texts.in_time_text,
                    Sli::Latency { .. } => texts.in_time_slow,
                },
                &[
                    (
                        "outage",
                        Line::strong(Line::text(all.outage(slo.target, slo.window))),
                    ),
                    window(),
                ],
            ),
        ),
        (Line::text(texts.in_events), in_events(about, slo)),
    ];
    if !slo.formerly.is_empty() {
        let names = slo.formerly.iter().map(Identity::name_in_service);
        let names = about.listed(names.map(|name| Line::code(&name)));
        facts.push((
            Line::text(texts.formerly),
            fill(texts.formerly_text, &[("names", names), window()]),
        ));
    }
    let journey = about.service().journeys.iter();
    let of_journey = journey
        .filter(|journey| journey.record.name == slo.identity.journey)
        .map(|journey| journey.record.runbook.as_str());
    // The journey's own runbook stands with the journey.
    if written(&slo.runbook).is_some() && !of_journey.into_iter().any(|own| own == slo.runbook) {
        facts.push((Line::text(texts.runbook), Line::page(&slo.runbook)));
    }
    facts
}

fn in_events(about: &About<'_>, slo: &Slo) -> Line {
    let texts = &about.texts.journeys;
    let Some(Expected { valid, bad }) = expected(about, slo) else {
        return about.absent(texts.in_events_unknown);
    };
    let line = fill(
        match bad {
            0 => texts.in_events_none,
            _ => texts.in_events_text,
        },
        &[
            ("bad", Line::strong(Line::text(grouped(bad)))),
            ("valid", Line::text(grouped(valid))),
            ("window", Line::text(about.texts.window(slo.window))),
        ],
    );
    if bad >= FEW_EVENTS {
        return line;
    }
    let chance = about.texts.chance(tail(bad + 1, valid, slo.target));
    line.and(fill(texts.few_events, &[("chance", Line::text(chance))]))
}

/// What is measured: of which events, and which of them are good.
fn sentence(about: &About<'_>, slo: &Slo) -> Line {
    let steps: Vec<_> = about
        .service()
        .endpoints_of(&slo.identity.journey)
        .filter(|step| {
            slo.identity
                .endpoint
                .as_ref()
                .is_none_or(|name| *name == step.name)
        })
        .collect();
    fill(
        about.texts.slis.sentence,
        &[
            ("events", events(about, slo, &steps)),
            ("good", good(about, slo, &steps)),
        ],
    )
}

fn events(about: &About<'_>, slo: &Slo, steps: &[&EndpointRecord]) -> Line {
    let texts = &about.texts.slis;
    if let (Some(_), [step]) = (&slo.identity.endpoint, steps) {
        return of_step(about, step);
    }
    let names = about.listed(steps.iter().map(|step| Line::code(&step.name)));
    let places = [
        ("journey", Line::code(&slo.identity.journey)),
        ("steps", names),
    ];
    match steps.len() {
        1 => fill(texts.of_one_step, &places),
        _ => fill(texts.of_steps, &places),
    }
}

fn of_step(about: &About<'_>, step: &EndpointRecord) -> Line {
    let texts = &about.texts.slis;
    let name = || ("name", Line::code(&step.name));
    let route = || {
        (
            "route",
            Line::code(step.route.as_deref().unwrap_or(&step.name)),
        )
    };
    match (kind(step), step.every) {
        (Kind::Http, _) => fill(texts.of_requests, &[route()]),
        (Kind::Grpc, _) => fill(texts.of_calls, &[route()]),
        (Kind::Job, Some(every)) => fill(
            texts.of_runs_due,
            &[name(), ("every", Line::text(about.texts.duration(every)))],
        ),
        (Kind::Job, None) => fill(texts.of_runs, &[name()]),
        (Kind::Call | Kind::Event, _) => fill(texts.of_events, &[name()]),
    }
}

fn good(about: &About<'_>, slo: &Slo, steps: &[&EndpointRecord]) -> Line {
    let texts = &about.texts.slis;
    let all = |wanted: Kind| !steps.is_empty() && steps.iter().all(|step| kind(step) == wanted);
    let answered = steps
        .iter()
        .all(|step| matches!(kind(step), Kind::Http | Kind::Grpc));
    let Sli::Latency {
        threshold,
        overridden,
        name,
    } = &slo.sli
    else {
        return Line::text(match all(Kind::Job) {
            true => texts.available_runs,
            false => texts.available,
        });
    };
    let until = |until| steps.iter().all(|step| step.until == until);
    let text = match answered {
        _ if all(Kind::Job) => texts.runs_in_time,
        true if until(Until::Body) => texts.whole,
        true if until(Until::Headers) => texts.head,
        _ => texts.events_in_time,
    };
    let limit = |threshold: Duration| ("threshold", Line::text(about.texts.duration(threshold)));
    let line = fill(text, &[limit(*threshold)]);
    if !overridden {
        return line;
    }
    let limits = steps.iter().filter_map(|step| {
        let mut own = step.objectives.iter().flat_map(|own| &own.latency);
        let own = own.find(|own| own.name == *name && own.threshold != *threshold)?;
        Some(fill(
            texts.own_limit,
            &[("name", Line::code(&step.name)), limit(own.threshold)],
        ))
    });
    line.and(fill(texts.own_limits, &[("limits", about.listed(limits))]))
}
