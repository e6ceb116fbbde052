//! A service: its processes, its journeys as small multiples, and each of them.

use super::{
    journey,
    state::State,
    table::{cell, count, heads},
    timeline, unannotated,
    words::{Context, Part, age, anchor, code, name, time, told},
};
use crate::{
    live::view::{ProcessView, ServiceView},
    text::{html::Writer, numbers::grouped},
};

pub(super) fn write(w: &mut Writer, cx: Context<'_>, service: &ServiceView) {
    let texts = &cx.texts.service;
    let id = anchor("service", &[&service.name]);
    let attributes = [("class", "service"), ("aria-labelledby", &*id)];
    w.block("section", &attributes, |w| {
        w.element("h2", &[("id", &id)], |w| {
            name(w, &service.name);
            if let Some(version) = &service.version {
                w.own(" ");
                w.element("small", &[], |w| name(w, version));
            }
        });
        w.block("dl", &[("class", "facts")], |w| {
            fact(w, texts.lost, service.lost);
            fact(w, texts.overflow, service.overflow);
        });
        processes(w, cx, service);
        if service.journeys.is_empty() {
            told(w, "p", "quiet", texts.no_journeys, &[]);
        } else {
            multiples(w, cx, service);
        }
        for journey in &service.journeys {
            journey::write(w, cx, service, journey);
        }
        unannotated::write(w, cx, service);
    });
}

fn fact(w: &mut Writer, name: &str, n: u64) {
    w.element("div", &[], |w| {
        w.told("dt", &[], name);
        let class = if n == 0 { "zero" } else { "spends" };
        w.told("dd", &[("class", class)], &grouped(n));
    });
}

fn processes(w: &mut Writer, cx: Context<'_>, service: &ServiceView) {
    let texts = &cx.texts.service;
    if service.processes.is_empty() {
        return;
    }
    let id = anchor("processes", &[&service.name]);
    w.block("details", &[("id", &id)], |w| {
        let n = service.processes.len();
        let count = [("n", Part::word(n.to_string()))];
        told(w, "summary", "", texts.processes.text(n == 1), &count);
        w.element("table", &[], |w| {
            let columns = [
                texts.instance,
                texts.started,
                texts.seen,
                texts.restarts,
                texts.state,
            ];
            heads(w, &columns);
            w.block("tbody", &[], |w| {
                for process in &service.processes {
                    w.block("tr", &[], |w| self::process(w, cx, process));
                }
            });
        });
    });
}

fn process(w: &mut Writer, cx: Context<'_>, process: &ProcessView) {
    let texts = &cx.texts.service;
    w.element("th", &[("scope", "row")], |w| code(w, &process.instance));
    cell(w, texts.started, "", |w| match process.started {
        Some(started) => time(w, started),
        None => w.text(cx.texts.frame.unknown),
    });
    cell(w, texts.seen, "", |w| age(w, cx, process.seen));
    count(w, texts.restarts, process.restarts);
    let (class, state) = match process.ended {
        true => ("state open", texts.ended),
        false => ("state good", texts.running),
    };
    cell(w, texts.state, "", |w| {
        w.told("span", &[("class", class)], state);
    });
}

/// All journeys at one glance.
fn multiples(w: &mut Writer, cx: Context<'_>, service: &ServiceView) {
    let label = [
        ("class", "multiples"),
        ("aria-label", cx.texts.service.journeys),
    ];
    w.block("ul", &label, |w| {
        for journey in &service.journeys {
            w.block("li", &[], |w| {
                let link = format!("#{}", anchor("journey", &[&service.name, &journey.name]));
                w.element("p", &[], |w| {
                    w.element("a", &[("href", &link)], |w| name(w, &journey.name));
                    w.own(" ");
                    let state = State::from_journey(journey);
                    w.told("span", &[("class", state.class())], state.word(cx.texts));
                });
                timeline::draw(w, cx, service, journey);
            });
        }
    });
}
