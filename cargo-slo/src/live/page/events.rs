//! The last events, which the reader can narrow without a script.

use super::{
    table::{cell, heads},
    words::{Context, Part, anchor, code, fill, name, time, told},
};
use crate::{
    live::view::EventView,
    text::{html::Writer, numbers::grouped},
};

/// Events that are shown: the newest.
const MAX_EVENTS: usize = 200;
/// Endpoints that are shown with the events that have no row.
const MAX_SUPPRESSED: usize = 20;
/// Journeys that events can be narrowed to; the style has a rule for each.
const MAX_JOURNEYS: usize = 12;
const JOURNEYS: [&str; MAX_JOURNEYS] = [
    "j0", "j1", "j2", "j3", "j4", "j5", "j6", "j7", "j8", "j9", "j10", "j11",
];

pub(super) fn write(w: &mut Writer, cx: Context<'_>) {
    let texts = &cx.texts.events;
    let attributes = [("class", "events"), ("aria-labelledby", "events")];
    w.block("section", &attributes, |w| {
        w.told("h2", &[("id", "events")], texts.heading);
        if cx.view.events.is_empty() {
            told(w, "p", "quiet", texts.none, &[]);
            return;
        }
        w.told("p", &[("class", "quiet")], texts.intro);
        suppressed(w, cx);
        let journeys = journeys(cx);
        filter(w, cx, &journeys);
        w.block("table", &[], |w| {
            let columns = [
                texts.time,
                texts.endpoint,
                texts.result,
                texts.took,
                texts.status,
                texts.consumer,
                texts.trace,
            ];
            heads(w, &columns);
            w.block("tbody", &[], |w| {
                for event in cx.view.events.iter().take(MAX_EVENTS) {
                    let of = (&*event.service, &*event.journey);
                    let journey = journeys.iter().position(|journey| *journey == of);
                    let journey = journey.map_or("", |place| JOURNEYS[place]);
                    let kind = if is_bad(event) { "is-bad" } else { "is-other" };
                    let class = format!("{kind} {journey}");
                    let id = format!("event.{}", event.number);
                    let attributes = [("id", &*id), ("class", class.trim_end())];
                    w.block("tr", &attributes, |w| row(w, cx, event));
                }
            });
        });
    });
}

/// Events that have no row, because a rate limit held them back.
fn suppressed(w: &mut Writer, cx: Context<'_>) {
    let all = &cx.view.suppressed;
    if all.is_empty() {
        return;
    }
    let texts = &cx.texts.events;
    w.told("p", &[("class", "quiet")], texts.held_back);
    let shown = all.iter().take(MAX_SUPPRESSED);
    w.element("ul", &[("class", "results")], |w| {
        for of in shown {
            w.element("li", &[], |w| {
                let name = format!("{}/{}/{}", of.service, of.journey, of.endpoint);
                code(w, &name);
                w.own(" ");
                w.told("b", &[], &grouped(of.events));
            });
        }
    });
}

fn is_bad(event: &EventView) -> bool {
    event.judged.iter().any(|(_, outcome)| outcome == "bad")
}

/// The journeys that can be chosen, by service and name.
fn journeys(cx: Context<'_>) -> Vec<(&str, &str)> {
    let services = cx.view.services.iter();
    let all = services.flat_map(|service| {
        let journeys = service.journeys.iter();
        journeys.map(|journey| (&*service.name, &*journey.name))
    });
    all.take(MAX_JOURNEYS).collect()
}

fn filter(w: &mut Writer, cx: Context<'_>, journeys: &[(&str, &str)]) {
    let texts = &cx.texts.events;
    w.block("div", &[("class", "filter")], |w| {
        w.block("fieldset", &[], |w| {
            w.told("legend", &[], texts.show);
            for (class, word) in [
                ("every", texts.all),
                ("is-bad", texts.bad),
                ("is-other", texts.others),
            ] {
                choice(w, "result", &format!("show-{class}"), class, |w| {
                    w.text(word);
                });
            }
        });
        if journeys.len() < 2 {
            return;
        }
        w.block("fieldset", &[], |w| {
            w.told("legend", &[], texts.journeys);
            choice(w, "journey", "show-journeys", "every", |w| {
                w.text(texts.every_journey);
            });
            for ((service, journey), class) in journeys.iter().zip(JOURNEYS) {
                let id = anchor("show", &[service, journey]);
                choice(w, "journey", &id, class, |w| name(w, journey));
            }
        });
    });
}

fn choice(
    w: &mut Writer,
    group: &'static str,
    id: &str,
    class: &'static str,
    label: impl FnOnce(&mut Writer),
) {
    w.element("span", &[("class", "choice")], |w| {
        let mut attributes = vec![
            ("type", "radio"),
            ("name", group),
            ("id", id),
            ("class", class),
        ];
        if class == "every" {
            attributes.push(("checked", ""));
        }
        w.void("input", &attributes);
        w.element("label", &[("for", id)], label);
    });
}

fn row(w: &mut Writer, cx: Context<'_>, event: &EventView) {
    let texts = &cx.texts.events;
    w.element("th", &[("scope", "row")], |w| time(w, event.at));
    cell(w, texts.endpoint, "", |w| {
        name(w, &event.endpoint);
        w.own(" ");
        w.element("small", &[], |w| {
            name(w, &event.service);
            w.own("/");
            name(w, &event.journey);
            if let Some(route) = &event.route {
                w.own(" ");
                code(w, route);
            }
        });
    });
    cell(w, texts.result, "", |w| result(w, cx, event));
    cell(w, texts.took, "number", |w| {
        if let Some(took) = event.duration.and_then(|seconds| cx.seconds(seconds)) {
            w.text(&took);
        }
        if let Some(threshold) = event.threshold.and_then(|seconds| cx.seconds(seconds)) {
            w.own(" ");
            let threshold = [("threshold", Part::word(threshold))];
            told(w, "small", "", texts.of_threshold, &threshold);
        }
    });
    for (head, text) in [
        (texts.status, &event.status),
        (texts.consumer, &event.consumer),
    ] {
        cell(w, head, "", |w| {
            if let Some(text) = text {
                name(w, text);
            }
        });
    }
    cell(w, texts.trace, "trace", |w| trace(w, cx, event));
}

fn result(w: &mut Writer, cx: Context<'_>, event: &EventView) {
    let texts = &cx.texts.events;
    code(w, &event.result);
    if let Some(reason) = &event.reason {
        w.own(" ");
        name(w, reason);
    }
    for (sli, outcome) in &event.judged {
        let (class, word) = match &**outcome {
            "good" => ("state good", texts.good),
            "bad" => ("state bad", texts.bad),
            "excluded" => ("state", texts.excluded),
            other => ("state", other),
        };
        w.own(" ");
        w.element("span", &[("class", class)], |w| {
            name(w, sli);
            w.own(" ");
            w.text(&super::words::cut(word));
        });
    }
    if event.suppressed > 0 {
        w.own(" ");
        let n = Part::word(grouped(event.suppressed));
        w.element("small", &[], |w| {
            fill(w, texts.suppressed.text(event.suppressed == 1), &[("n", n)]);
        });
    }
}

/// The identifier of the trace, which is a link where there is a viewer.
fn trace(w: &mut Writer, cx: Context<'_>, event: &EventView) {
    let Some(trace) = &event.trace else {
        return;
    };
    match link(cx.view.trace_link.as_deref(), event) {
        None => code(w, trace),
        Some(link) => {
            let attributes = [
                ("href", &*link),
                ("target", "_blank"),
                ("rel", "noreferrer noopener"),
            ];
            w.element("a", &attributes, |w| code(w, trace));
        }
    }
}

/// Where the trace is looked at. Only identifiers go into a link, and only a web page is one.
fn link(template: Option<&str>, event: &EventView) -> Option<String> {
    let template = template?;
    let is_web = ["https://", "http://"]
        .iter()
        .any(|scheme| template.starts_with(scheme));
    let is_id = |id: &str| !id.is_empty() && id.bytes().all(|c| c.is_ascii_hexdigit());
    let trace = event.trace.as_deref().filter(|trace| is_id(trace))?;
    let span = event.span.as_deref().filter(|span| is_id(span));
    is_web.then(|| {
        template
            .replace("{trace}", trace)
            .replace("{span}", span.unwrap_or_default())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_to_pages_of_the_web_only() {
        let mut event = EventView {
            trace: Some("4bf92f3577b34da6".to_owned()),
            span: Some("00f067aa".to_owned()),
            ..event()
        };
        let to = |template, event: &EventView| link(Some(template), event);
        assert_eq!(
            to("http://localhost:16686/trace/{trace}?span={span}", &event).as_deref(),
            Some("http://localhost:16686/trace/4bf92f3577b34da6?span=00f067aa")
        );
        assert_eq!(to("javascript:alert('{trace}')", &event), None);
        assert_eq!(link(None, &event), None);
        event.trace = Some("../{span}".to_owned());
        assert_eq!(to("http://localhost/{trace}", &event), None);
    }

    fn event() -> EventView {
        serde_json::from_value(serde_json::json!({
            "at": 0, "service": "", "journey": "", "endpoint": "", "result": "", "judged": [],
            "suppressed": 0, "reason": null, "duration": null, "threshold": null, "route": null,
            "status": null, "consumer": null, "trace": null, "span": null,
        }))
        .unwrap()
    }
}
