//! Requests that the receiver refused, each kind with what mends it.

use super::{
    reason::why_refused,
    words::{Context, Part, code, copied, fill, told},
};
use crate::{
    live::view::Refused,
    text::{html::Writer, numbers::grouped},
};

pub(super) fn write(w: &mut Writer, cx: Context<'_>) {
    if cx.view.refused.is_empty() {
        return;
    }
    let texts = &cx.texts.refused;
    let attributes = [("class", "refused"), ("aria-labelledby", "refused")];
    w.block("section", &attributes, |w| {
        w.told("h2", &[("id", "refused")], texts.heading);
        w.element("p", &[], |w| fill(w, texts.intro, &[]));
        w.block("ul", &[], |w| {
            for refused in &cx.view.refused {
                w.block("li", &[], |w| kind(w, cx, refused));
            }
        });
    });
}

fn kind(w: &mut Writer, cx: Context<'_>, refused: &Refused) {
    let texts = &cx.texts.refused;
    w.element("p", &[("class", "what")], |w| {
        code(w, &refused.what);
        w.own(" ");
        let count = [("n", Part::word(grouped(refused.count)))];
        told(
            w,
            "span",
            "quiet",
            texts.count.text(refused.count == 1),
            &count,
        );
        told(
            w,
            "span",
            "quiet",
            texts.last,
            &[("time", Part::Time(refused.last))],
        );
    });
    w.element("p", &[], |w| why_refused(cx.texts, &refused.why).write(w));
    if let Some(mend) = &refused.mend {
        w.told("p", &[("class", "quiet")], texts.mend);
        copied(w, cx, mend, mend);
    }
}
