//! A timeline: a bar per interval, bad events at its foot, drawn with whole numbers.

use super::{
    numbers,
    table::{bad, count, heads},
    words::{Context, Part, anchor, cut, fill, time, told},
};
use crate::{
    live::view::{Interval, JourneyView, ServiceView},
    text::{html::Writer, numbers::grouped},
};
use std::time::Duration;

/// The width of an interval, of its bar, and the height of all.
const STEP: usize = 10;
const BAR: usize = 8;
const HEIGHT: u64 = 60;
/// What happened at all is seen.
const MIN_HEIGHT: u64 = 3;

/// Draws what a journey counted, and where processes of its service began.
pub(super) fn draw(w: &mut Writer, cx: Context<'_>, service: &ServiceView, journey: &JourneyView) {
    let timeline = &journey.timeline;
    let Some(width) = spacing(timeline) else {
        return;
    };
    let id = anchor("timeline", &[&service.name, &journey.name]);
    let size = (timeline.len() * STEP).to_string();
    let attributes = [
        ("class", "timeline"),
        ("viewBox", &*format!("0 0 {size} {HEIGHT}")),
        ("preserveAspectRatio", "none"),
        ("role", "img"),
        ("aria-labelledby", &*id),
    ];
    let peak = timeline.iter().map(total).max().unwrap_or(0);
    w.element("svg", &attributes, |w| {
        w.element("title", &[("id", &id)], |w| {
            w.text(
                &cx.texts
                    .service
                    .timeline
                    .replace("{journey}", &cut(&journey.name)),
            );
        });
        for (place, interval) in timeline.iter().enumerate() {
            if total(interval) > 0 {
                bar(w, cx, interval, place * STEP, peak);
            }
        }
        for process in &service.processes {
            let place = process
                .started
                .and_then(|started| started.checked_sub(timeline[0].start))
                .map(|after| after / width)
                .and_then(|place| usize::try_from(place).ok())
                .filter(|place| *place < timeline.len());
            if let Some(place) = place {
                began(w, cx, place * STEP);
            }
        }
    });
    let span = Part::word(cx.language.duration(Duration::from_millis(width)));
    let parts = [("interval", span), ("peak", Part::word(grouped(peak)))];
    told(w, "p", "span", cx.texts.service.span, &parts);
}

/// The milliseconds from one interval to the next; `None` for a timeline without intervals.
fn spacing(timeline: &[Interval]) -> Option<u64> {
    match timeline {
        [] | [_] => None,
        [first, second, ..] => Some(second.start.saturating_sub(first.start).max(1)),
    }
}

fn total(interval: &Interval) -> u64 {
    let valid = interval.good.saturating_add(interval.bad);
    valid.saturating_add(interval.excluded)
}

fn bar(w: &mut Writer, cx: Context<'_>, interval: &Interval, x: usize, peak: u64) {
    w.block("g", &[], |w| {
        w.element("title", &[], |w| {
            let text = cx.texts.service.bar;
            let (_, time) = numbers::utc(interval.start);
            let text = text
                .replace("{time}", &time)
                .replace("{good}", &grouped(interval.good))
                .replace("{bad}", &grouped(interval.bad))
                .replace("{excluded}", &grouped(interval.excluded));
            w.text(&text);
        });
        let parts = [
            ("bad", interval.bad),
            ("good", interval.good),
            ("excluded", interval.excluded),
        ];
        let mut top = HEIGHT;
        for (class, events) in parts {
            if events == 0 {
                continue;
            }
            let scaled = u128::from(events) * u128::from(HEIGHT) / u128::from(peak);
            let height = u64::try_from(scaled)
                .unwrap_or(HEIGHT)
                .max(MIN_HEIGHT)
                .min(top);
            top -= height;
            let path = format!("M{x} {}v-{height}h{BAR}v{height}z", top + height);
            w.element("path", &[("class", class), ("d", &path)], |_| {});
        }
    });
}

fn began(w: &mut Writer, cx: Context<'_>, x: usize) {
    w.element("g", &[("class", "began")], |w| {
        w.told("title", &[], cx.texts.service.began);
        let path = format!("M{x} 0v{HEIGHT}");
        w.element("path", &[("d", &path)], |_| {});
    });
}

/// The same in numbers, for those who don't see it or want it exactly.
pub(super) fn table(w: &mut Writer, cx: Context<'_>, service: &ServiceView, journey: &JourneyView) {
    if journey.timeline.is_empty() {
        return;
    }
    let texts = &cx.texts.journey;
    let id = anchor("intervals", &[&service.name, &journey.name]);
    w.block("details", &[("id", &id)], |w| {
        w.told("summary", &[], cx.texts.service.intervals);
        w.element("table", &[("class", "numbers")], |w| {
            w.element("caption", &[("class", "unseen")], |w| {
                fill(
                    w,
                    cx.texts.service.timeline,
                    &[("journey", Part::Name(&journey.name))],
                );
            });
            let columns = [
                cx.texts.service.interval,
                texts.good,
                texts.bad,
                texts.excluded,
            ];
            heads(w, &columns);
            w.element("tbody", &[], |w| {
                for interval in &journey.timeline {
                    w.block("tr", &[], |w| {
                        w.element("th", &[("scope", "row")], |w| time(w, interval.start));
                        count(w, texts.good, interval.good);
                        bad(w, texts.bad, interval.bad);
                        count(w, texts.excluded, interval.excluded);
                    });
                }
            });
        });
    });
}
