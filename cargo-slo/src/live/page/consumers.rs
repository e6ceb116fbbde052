//! Who called a journey, and how it went for them.

use super::{
    numbers,
    table::{bad, cell, count, heads},
    words::{Context, Part, anchor, fill, name, told},
};
use crate::{
    live::view::{JourneyView, ServiceView},
    text::{html::Writer, numbers::grouped},
};

pub(super) fn write(w: &mut Writer, cx: Context<'_>, service: &ServiceView, journey: &JourneyView) {
    if journey.consumers.is_empty() && journey.more_consumers == 0 {
        return;
    }
    let (texts, of_journey) = (&cx.texts.consumers, &cx.texts.journey);
    let id = anchor("consumers", &[&service.name, &journey.name]);
    w.block("details", &[("id", &id)], |w| {
        w.told("summary", &[], texts.heading);
        w.element("table", &[("class", "numbers")], |w| {
            w.element("caption", &[("class", "unseen")], |w| {
                let journey = [("journey", Part::Name(&journey.name))];
                fill(w, texts.caption, &journey);
            });
            let columns = [
                texts.consumer,
                of_journey.sli,
                of_journey.good,
                of_journey.bad,
                texts.share,
            ];
            heads(w, &columns);
            w.block("tbody", &[], |w| {
                for row in &journey.consumers {
                    w.block("tr", &[], |w| {
                        w.element("th", &[("scope", "row")], |w| name(w, &row.name));
                        cell(w, of_journey.sli, "", |w| name(w, &row.sli));
                        count(w, of_journey.good, row.good);
                        bad(w, of_journey.bad, row.bad);
                        cell(w, texts.share, "number", |w| {
                            w.text(&share(row.good, row.bad));
                        });
                    });
                }
            });
        });
        if journey.more_consumers > 0 {
            let more = [("n", Part::word(grouped(journey.more_consumers)))];
            told(w, "p", "quiet", texts.more, &more);
        }
    });
}

/// The share of valid events that were good.
#[expect(
    clippy::cast_precision_loss,
    reason = "sixteen digits of a share are more than are shown"
)]
fn share(good: u64, bad: u64) -> String {
    match good.saturating_add(bad) {
        0 => numbers::NONE.to_owned(),
        valid => numbers::share(good as f64 / valid as f64),
    }
}
