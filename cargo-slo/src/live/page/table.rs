//! Tables, which are cards where there is little room: each cell knows its head.

use super::words::classes;
use crate::text::{html::Writer, numbers::grouped};

/// The heads of the columns; the first is of the rows.
pub(super) fn heads(w: &mut Writer, heads: &[&str]) {
    w.block("thead", &[], |w| {
        w.element("tr", &[], |w| {
            for head in heads {
                w.told("th", &[("scope", "col")], head);
            }
        });
    });
}

/// A cell below a head.
pub(super) fn cell(
    w: &mut Writer,
    head: &str,
    class: &'static str,
    inner: impl FnOnce(&mut Writer),
) {
    let mut attributes = classes(class);
    attributes.push(("data-title", head));
    w.element("td", &attributes, |w| w.element("div", &[], inner));
}

/// A number below a head.
pub(super) fn count(w: &mut Writer, head: &str, count: u64) {
    let class = if count == 0 { "number zero" } else { "number" };
    cell(w, head, class, |w| w.text(&grouped(count)));
}

/// A number of bad events.
pub(super) fn bad(w: &mut Writer, head: &str, count: u64) {
    let class = if count == 0 {
        "number zero"
    } else {
        "number spends"
    };
    cell(w, head, class, |w| w.text(&grouped(count)));
}
