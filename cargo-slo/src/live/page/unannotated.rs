//! Routes that no annotation covers, with one to paste.

use super::{
    table::{bad, cell, count, heads},
    words::{Context, anchor, code, copied},
};
use crate::{live::view::ServiceView, text::html::Writer};

pub(super) fn write(w: &mut Writer, cx: Context<'_>, service: &ServiceView) {
    if service.unannotated.is_empty() {
        return;
    }
    let (texts, journey) = (&cx.texts.unannotated, &cx.texts.journey);
    let id = anchor("unannotated", &[&service.name]);
    let attributes = [("class", "unannotated"), ("aria-labelledby", &*id)];
    w.block("section", &attributes, |w| {
        w.told("h3", &[("id", &id)], texts.heading);
        w.told("p", &[("class", "quiet")], texts.intro);
        w.block("table", &[], |w| {
            let columns = [
                texts.route,
                journey.good,
                journey.bad,
                journey.excluded,
                texts.annotation,
            ];
            heads(w, &columns);
            w.block("tbody", &[], |w| {
                for route in &service.unannotated {
                    w.block("tr", &[], |w| {
                        w.element("th", &[("scope", "row")], |w| code(w, &route.route));
                        count(w, journey.good, route.good);
                        bad(w, journey.bad, route.bad);
                        count(w, journey.excluded, route.excluded);
                        cell(w, texts.annotation, "paste", |w| {
                            match route.annotation.is_empty() {
                                true => w.told("span", &[("class", "quiet")], texts.no_route),
                                false => copied(w, cx, &route.annotation, &route.route),
                            }
                        });
                    });
                }
            });
        });
    });
}
