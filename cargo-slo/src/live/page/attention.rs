//! What needs attention: each with a link to where it is shown.

use super::{
    state::State,
    words::{Context, Part, anchor, fill},
};
use crate::{
    live::view::{ServiceView, SloView},
    text::{html::Writer, numbers::grouped},
};

/// The result of an event whose answer no layer saw.
pub(super) const OUTSIDE_LAYER: &str = "outside_layer";

/// SLOs that are named; of more, there is a number.
const MAX_NAMED: usize = 5;

/// One thing that needs attention.
struct Item<'a> {
    /// `bad` is announced to screen readers.
    class: &'static str,
    /// The place on the page.
    place: String,
    text: &'static str,
    parts: Vec<(&'static str, Part<'a>)>,
}

pub(super) fn write(w: &mut Writer, cx: Context<'_>) {
    if cx.view.services.is_empty() && cx.view.refused.is_empty() {
        return;
    }
    let items = items(cx);
    let attributes = [("class", "attention"), ("aria-labelledby", "attention")];
    w.block("section", &attributes, |w| {
        w.told("h2", &[("id", "attention")], cx.texts.attention.heading);
        w.block("ul", &[], |w| {
            for item in &items {
                w.block("li", &[("class", item.class)], |w| {
                    let link = format!("#{}", item.place);
                    w.element("a", &[("href", &link)], |w| {
                        fill(w, item.text, &item.parts);
                    });
                });
            }
            if items.is_empty() {
                w.told("li", &[("class", "calm")], cx.texts.attention.calm);
            }
        });
    });
}

fn items(cx: Context<'_>) -> Vec<Item<'_>> {
    let texts = &cx.texts.attention;
    let mut items = Vec::new();
    if !cx.view.refused.is_empty() {
        items.push(Item {
            class: "bad",
            place: "refused".to_owned(),
            text: texts.refused,
            parts: Vec::new(),
        });
    }
    let mut alerting: Vec<_> = cx.view.services.iter().flat_map(alerting).collect();
    alerting.sort_by(|(a, ..), (b, ..)| b.cmp(a));
    for (state, slo, place) in alerting.iter().take(MAX_NAMED) {
        items.push(Item {
            class: if *state == State::Page { "bad" } else { "open" },
            place: place.clone(),
            text: texts.alerting,
            parts: vec![("slo", Part::Code(&slo.id))],
        });
    }
    if let [_, .., (_, _, place)] = alerting.get(MAX_NAMED - 1..).unwrap_or_default() {
        let n = alerting.len() - MAX_NAMED;
        let text = texts.more_alerting.text(n == 1);
        items.push(Item {
            class: "open",
            place: place.clone(),
            text,
            parts: vec![("n", Part::word(n.to_string()))],
        });
    }
    for service in &cx.view.services {
        of_service(&mut items, cx, service);
    }
    items
}

/// SLOs that would alert now, with the places of their journeys.
fn alerting(service: &ServiceView) -> impl Iterator<Item = (State, &SloView, String)> {
    service.journeys.iter().flat_map(|journey| {
        let steps = journey.steps.iter().flat_map(|step| &step.slos);
        let slos = journey.slos.iter().chain(steps);
        slos.map(|slo| (State::from_slo(slo), slo))
            .filter(|(state, _)| *state >= State::Ticket)
            .map(|(state, slo)| {
                let place = anchor("journey", &[&service.name, &journey.name]);
                (state, slo, place)
            })
    })
}

fn of_service<'a>(items: &mut Vec<Item<'a>>, cx: Context<'a>, service: &'a ServiceView) {
    let texts = &cx.texts.attention;
    let place = anchor("service", &[&service.name]);
    let name = || ("service", Part::Name(&service.name));
    let is_silent =
        !service.processes.is_empty() && service.processes.iter().all(|process| process.ended);
    for (is_so, class, text) in [
        (service.lost > 0, "bad", texts.lost),
        (service.overflow > 0, "bad", texts.overflow),
        (is_silent, "open", texts.silent),
    ] {
        if is_so {
            items.push(Item {
                class,
                place: place.clone(),
                text,
                parts: vec![name()],
            });
        }
    }
    let steps = || {
        let journeys = service.journeys.iter();
        journeys.flat_map(|journey| journey.steps.iter().map(move |step| (journey, step)))
    };
    for (journey, step) in steps() {
        let is_outside = |(result, events): &(String, u64)| result == OUTSIDE_LAYER && *events > 0;
        if step.results.iter().any(is_outside) {
            items.push(Item {
                class: "bad",
                place: anchor("step", &[&service.name, &journey.name, &step.name]),
                text: texts.outside,
                parts: vec![("endpoint", Part::Code(&step.name))],
            });
        }
    }
    let mut never = steps().filter(|(_, step)| step.never_called);
    if let Some((journey, step)) = never.next() {
        let n = 1 + never.count();
        items.push(Item {
            class: "note",
            place: anchor("step", &[&service.name, &journey.name, &step.name]),
            text: texts.never_called.text(n == 1),
            parts: vec![name(), ("n", Part::word(n.to_string()))],
        });
    }
    let routes = service.unannotated.iter();
    let n = routes.filter(|route| !route.annotation.is_empty()).count();
    if n > 0 {
        items.push(Item {
            class: "note",
            place: anchor("unannotated", &[&service.name]),
            text: texts.unannotated.text(n == 1),
            parts: vec![name(), ("n", Part::word(grouped(n as u64)))],
        });
    }
}
