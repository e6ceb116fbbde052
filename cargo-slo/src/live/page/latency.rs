//! How long events took, and which share of them each threshold would let pass.

use super::{
    bar::bar,
    numbers,
    table::{cell, count, heads},
    words::{Context, Part, anchor, fill, told},
};
use crate::{
    live::view::{HistogramView, StepView},
    text::html::Writer,
};

pub(super) fn write(w: &mut Writer, cx: Context<'_>, names: &[&str; 3], step: &StepView) {
    let Some(durations) = &step.durations else {
        return;
    };
    let texts = &cx.texts.latency;
    let thresholds: Vec<f64> = step.slis.iter().filter_map(|sli| sli.threshold).collect();
    w.block("details", &[("id", &anchor("durations", names))], |w| {
        w.told("summary", &[], texts.heading);
        w.element("table", &[("class", "numbers")], |w| {
            w.element("caption", &[("class", "unseen")], |w| {
                fill(w, texts.caption, &[("endpoint", Part::Name(&step.name))]);
            });
            heads(w, &[texts.within, texts.events, texts.share]);
            w.block("tbody", &[], |w| rows(w, cx, durations, &thresholds));
        });
        if let Some(sum) = cx.seconds(durations.sum) {
            told(w, "p", "quiet", texts.sum, &[("sum", Part::word(sum))]);
        }
    });
}

fn rows(w: &mut Writer, cx: Context<'_>, durations: &HistogramView, thresholds: &[f64]) {
    let texts = &cx.texts.latency;
    let total: u128 = durations.counts.iter().map(|n| u128::from(*n)).sum();
    let bounds = durations.bounds.iter().map(|bound| Some(*bound));
    let mut passed = 0;
    for (bound, events) in bounds.chain([None]).zip(&durations.counts) {
        passed += u128::from(*events);
        let is_threshold = bound.is_some_and(|bound| thresholds.contains(&bound));
        let row = is_threshold.then_some(("class", "threshold"));
        w.block("tr", row.as_slice(), |w| {
            w.element("th", &[("scope", "row")], |w| {
                match bound {
                    None => w.text(texts.longer),
                    Some(bound) => {
                        let bound = cx.seconds(bound);
                        w.text(bound.as_deref().unwrap_or(numbers::NONE));
                    }
                }
                if is_threshold {
                    w.own(" ");
                    w.told("span", &[("class", "state")], texts.threshold);
                }
            });
            count(w, texts.events, *events);
            cell(w, texts.share, "number budget", |w| match total {
                0 => w.text(numbers::NONE),
                _ => {
                    let share = ratio(passed, total);
                    w.told("span", &[], &numbers::share(share));
                    bar(w, "bar", share);
                }
            });
        });
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "sixteen digits of a share are more than are shown"
)]
fn ratio(part: u128, whole: u128) -> f64 {
    part as f64 / whole as f64
}
