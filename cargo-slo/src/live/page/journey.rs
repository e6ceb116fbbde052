//! A journey: what its SLOs and those of its steps count, what is left of their budgets, and
//! whether somebody would be called.

use super::{
    attention::OUTSIDE_LAYER,
    bar::bar,
    consumers, latency, numbers, reason,
    start::request,
    state::State,
    table::{bad, cell, count, heads},
    timeline,
    words::{Context, Part, anchor, code, copied, fill, name, told},
};
use crate::{
    live::view::{JourneyView, ServiceView, SliView, SloView, StepView, WouldPage},
    text::{html::Writer, numbers::grouped},
};

/// The heads of the table, some of which name the window that budgets are shown over.
struct Heads {
    within: String,
    budget: String,
}

impl Heads {
    fn new(cx: Context<'_>) -> Heads {
        let texts = &cx.texts.journey;
        let with_window = |text: &str| text.replace("{window}", &cx.window());
        Heads {
            within: with_window(texts.within),
            budget: with_window(texts.budget),
        }
    }

    fn all<'a>(&'a self, cx: Context<'_>) -> [&'a str; COLUMNS] {
        let texts = &cx.texts.journey;
        [
            texts.sli,
            texts.target,
            texts.good,
            texts.bad,
            texts.excluded,
            &self.within,
            &self.budget,
            texts.burn,
            texts.alert,
        ]
    }
}

const COLUMNS: usize = 9;

pub(super) fn write(w: &mut Writer, cx: Context<'_>, service: &ServiceView, journey: &JourneyView) {
    let texts = &cx.texts.journey;
    let id = anchor("journey", &[&service.name, &journey.name]);
    let attributes = [("class", "journey"), ("aria-labelledby", &*id)];
    w.block("section", &attributes, |w| {
        w.element("h3", &[("id", &id)], |w| name(w, &journey.name));
        w.element("p", &[("class", "about")], |w| {
            if let Some(title) = &journey.title {
                name(w, title);
                w.own(" ");
            }
            if let Some(owner) = &journey.owner {
                let owner = [("owner", Part::Name(owner))];
                told(w, "span", "quiet", texts.owner, &owner);
            }
            runbook(w, cx, journey.runbook.as_deref());
        });
        let all = Heads::new(cx);
        w.block("table", &[("class", "slis")], |w| {
            w.element("caption", &[("class", "unseen")], |w| {
                fill(w, texts.caption, &[("journey", Part::Name(&journey.name))]);
            });
            heads(w, &all.all(cx));
            if !journey.slos.is_empty() {
                w.block("tbody", &[], |w| {
                    w.element("tr", &[("class", "group")], |w| {
                        spanning(w, "", |w| w.text(texts.whole));
                    });
                    for slo in &journey.slos {
                        w.block("tr", &[], |w| self::slo(w, cx, &all, slo));
                    }
                });
            }
            for step in &journey.steps {
                w.block("tbody", &[], |w| {
                    self::step(w, cx, &all, (service, journey, step));
                });
            }
        });
        consumers::write(w, cx, service, journey);
        timeline::table(w, cx, service, journey);
    });
}

/// The head of a group of rows.
fn spanning(w: &mut Writer, id: &str, inner: impl FnOnce(&mut Writer)) {
    let columns = COLUMNS.to_string();
    let mut attributes = vec![("scope", "rowgroup"), ("colspan", &*columns)];
    if !id.is_empty() {
        attributes.push(("id", id));
    }
    w.element("th", &attributes, inner);
}

fn step(
    w: &mut Writer,
    cx: Context<'_>,
    all: &Heads,
    place: (&ServiceView, &JourneyView, &StepView),
) {
    let (service, journey, step) = place;
    let names = [&*service.name, &*journey.name, &*step.name];
    w.block("tr", &[("class", "group")], |w| {
        spanning(w, &anchor("step", &names), |w| head(w, cx, step));
    });
    for slo in &step.slos {
        w.block("tr", &[], |w| self::slo(w, cx, all, slo));
    }
    let is_shown = |sli: &SliView| step.slos.iter().any(|slo| slo.counts == *sli);
    for sli in step.slis.iter().filter(|sli| !is_shown(sli)) {
        w.block("tr", &[], |w| {
            self::sli(w, cx, sli);
            cell(w, cx.texts.journey.target, "quiet", |w| {
                w.text(cx.texts.journey.no_target);
            });
            counts(w, cx, sli);
            let rest = all.all(cx);
            for head in &rest[5..] {
                cell(w, head, "", |_| {});
            }
        });
    }
    let columns = COLUMNS.to_string();
    w.block("tr", &[("class", "more")], |w| {
        w.element("td", &[("colspan", &columns)], |w| {
            below(w, cx, step);
            latency::write(w, cx, &names, step);
        });
    });
}

fn head(w: &mut Writer, cx: Context<'_>, step: &StepView) {
    let texts = &cx.texts.journey;
    name(w, &step.name);
    if let Some(route) = &step.route {
        w.own(" ");
        code(w, route);
    }
    runbook(w, cx, step.runbook.as_deref());
    if step.in_flight > 0 {
        w.own(" ");
        let in_flight = [("n", Part::word(grouped(step.in_flight)))];
        told(w, "span", "quiet", texts.in_flight, &in_flight);
    }
    if step.never_called {
        w.own(" ");
        w.told("span", &[("class", "state open")], texts.never_called);
    }
    for (seconds, text, place) in [
        (step.last_success, texts.last_success, "age"),
        (step.interval, texts.due, "interval"),
    ] {
        let length = seconds.and_then(|seconds| cx.seconds(seconds));
        if let Some(length) = length {
            w.own(" ");
            let length = match place {
                "age" => cx.texts.frame.ago.replace("{age}", &length),
                _ => length,
            };
            told(w, "span", "quiet", text, &[(place, Part::word(length))]);
        }
    }
}

/// A link to the page that says what to do. Only a web page is one.
fn runbook(w: &mut Writer, cx: Context<'_>, runbook: Option<&str>) {
    let is_web = |url: &&str| url.starts_with("https://") || url.starts_with("http://");
    let Some(url) = runbook.filter(is_web) else {
        return;
    };
    let attributes = [
        ("class", "runbook"),
        ("href", url),
        ("target", "_blank"),
        ("rel", "noreferrer noopener"),
    ];
    w.own(" ");
    w.told("a", &attributes, cx.texts.journey.runbook);
}

/// What a step counted by result, and what there is to do about it.
fn below(w: &mut Writer, cx: Context<'_>, step: &StepView) {
    let texts = &cx.texts.journey;
    let seen = step.results.iter().filter(|(_, events)| *events > 0);
    let seen: Vec<_> = seen.collect();
    if !seen.is_empty() {
        let label = [("class", "results"), ("aria-label", texts.results)];
        w.element("ul", &label, |w| {
            for (result, events) in &seen {
                w.element("li", &[], |w| {
                    code(w, result);
                    w.own(" ");
                    w.told("b", &[], &grouped(*events));
                });
            }
        });
    }
    if seen.iter().any(|(result, _)| result == OUTSIDE_LAYER) {
        told(w, "p", "remark", texts.outside, &[]);
    }
    let request = step.route.as_deref().and_then(request);
    if let (true, Some(request)) = (step.never_called, request) {
        copied(w, cx, &request, texts.call);
    }
}

fn sli(w: &mut Writer, cx: Context<'_>, sli: &SliView) {
    w.element("th", &[("scope", "row")], |w| {
        name(w, &sli.sli);
        let threshold = sli.threshold.and_then(|seconds| cx.seconds(seconds));
        if let Some(threshold) = threshold {
            w.own(" ");
            w.told(
                "span",
                &[("class", "quiet")],
                &format!("≤\u{a0}{threshold}"),
            );
        }
    });
}

fn counts(w: &mut Writer, cx: Context<'_>, sli: &SliView) {
    let texts = &cx.texts.journey;
    count(w, texts.good, sli.good);
    bad(w, texts.bad, sli.bad);
    count(w, texts.excluded, sli.excluded);
}

fn slo(w: &mut Writer, cx: Context<'_>, all: &Heads, slo: &SloView) {
    let texts = &cx.texts.journey;
    sli(w, cx, &slo.counts);
    cell(w, texts.target, "", |w| {
        name(w, &slo.target);
        w.own("% ");
        let window = match slo.window.parse() {
            Ok(window) => Part::word(cx.language.window(window)),
            Err(_) => Part::Name(&slo.window),
        };
        told(w, "small", "", texts.target_over, &[("window", window)]);
    });
    counts(w, cx, &slo.counts);
    cell(w, &all.within, "number", |w| {
        let share = slo.good_share.map(numbers::share);
        w.text(share.as_deref().unwrap_or(numbers::NONE));
        w.own(" ");
        let (good, bad) = slo.within;
        let parts = [
            ("good", Part::word(grouped(good))),
            ("bad", Part::word(grouped(bad))),
        ];
        told(w, "small", "", texts.within_counts, &parts);
    });
    cell(w, &all.budget, "number budget", |w| match slo.budget_left {
        None => w.text(numbers::NONE),
        Some(left) => {
            let class = if left <= 0.0 { "spends" } else { "left" };
            w.told("span", &[("class", class)], &numbers::left(left));
            bar(w, if left < 0.5 { "bar low" } else { "bar" }, left);
        }
    });
    cell(w, texts.burn, "number", |w| {
        match slo.burn_rate.map(numbers::factor) {
            None => w.text(numbers::NONE),
            Some(factor) => {
                w.text(&factor);
                w.own("×");
            }
        }
    });
    cell(w, texts.alert, "alert", |w| alert(w, cx, slo));
}

fn alert(w: &mut Writer, cx: Context<'_>, slo: &SloView) {
    let texts = &cx.texts.alert;
    let because = match &slo.would_page {
        WouldPage::Yes { condition } => {
            let class = [("class", State::from_slo(slo).class())];
            w.told("span", &class, texts.yes);
            reason::condition(cx, *condition)
        }
        WouldPage::After { events, condition } => {
            let n = [("n", Part::word(grouped(*events)))];
            told(w, "span", "", texts.after.text(*events == 1), &n);
            reason::condition(cx, *condition)
        }
        WouldPage::Never { why } => {
            w.told("span", &[], texts.never);
            reason::never(cx, why)
        }
    };
    w.own(" ");
    w.element("small", &[], |w| because.write(w));
}
