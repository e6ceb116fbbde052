//! The main part of the page: what is urgent first, then each service, then the last events.

use super::{
    attention, events, numbers, reason, refused, service, start,
    words::{Context, Part, anchor, name, told},
};
use crate::{document::Language, live::view::View, text::html::Writer};

/// Returns the main part of the page, which an update replaces.
pub fn main(view: &View, language: Language) -> String {
    let mut w = Writer::default();
    write(&mut w, Context::new(view, language));
    w.finish()
}

pub(super) fn write(w: &mut Writer, cx: Context<'_>) {
    w.block("main", &[("id", "content"), ("tabindex", "-1")], |w| {
        w.own("\n");
        scale(w, cx);
        navigation(w, cx);
        attention::write(w, cx);
        refused::write(w, cx);
        start::write(w, cx);
        for service in &cx.view.services {
            service::write(w, cx, service);
        }
        if !cx.view.services.is_empty() {
            events::write(w, cx);
        }
        remarks(w, cx);
    });
}

/// When this was so, and how fast budgets move.
fn scale(w: &mut Writer, cx: Context<'_>) {
    let texts = &cx.texts.scale;
    let scale = cx.view.scale;
    w.block("p", &[("class", "scale")], |w| {
        let at = [("time", Part::Time(cx.view.at))];
        told(w, "span", "", texts.seen_at, &at);
        // What follows stays the same.
        w.own("\n");
        let window = cx.window();
        let usual = scale.window.as_secs_f64() * scale.factor;
        let is_faster = (scale.factor - 1.0).abs() > 1e-9;
        match (is_faster, cx.seconds(usual), cx.seconds(scale.factor)) {
            (true, Some(usual), Some(second)) => {
                let parts = [
                    ("factor", Part::word(numbers::factor(scale.factor))),
                    ("window", Part::word(window)),
                    ("usual", Part::word(usual)),
                    ("second", Part::word(second)),
                ];
                told(w, "span", "", texts.faster, &parts);
            }
            _ => told(w, "span", "", texts.same, &[("window", Part::word(window))]),
        }
    });
}

fn navigation(w: &mut Writer, cx: Context<'_>) {
    if cx.view.services.is_empty() {
        return;
    }
    w.block("nav", &[("aria-label", cx.texts.frame.contents)], |w| {
        w.element("ul", &[], |w| {
            for service in &cx.view.services {
                let link = format!("#{}", anchor("service", &[&service.name]));
                w.element("li", &[], |w| {
                    w.element("a", &[("href", &link)], |w| name(w, &service.name));
                });
            }
            w.element("li", &[], |w| {
                w.told("a", &[("href", "#events")], cx.texts.events.heading);
            });
        });
    });
}

fn remarks(w: &mut Writer, cx: Context<'_>) {
    if cx.view.remarks.is_empty() {
        return;
    }
    w.block("section", &[("aria-labelledby", "remarks")], |w| {
        w.told("h2", &[("id", "remarks")], cx.texts.frame.remarks);
        w.block("ul", &[], |w| {
            for remark in &cx.view.remarks {
                w.block("li", &[], |w| reason::remark(cx, remark).write(w));
            }
        });
    });
}
