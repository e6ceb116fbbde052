//! A share as a bar. The number stands beside it, so a screen reader is not told about it.

use crate::text::html::Writer;

/// The parts that a bar is made of.
const PARTS: f64 = 1000.0;

/// Draws a share between 0 and 1.
pub(super) fn bar(w: &mut Writer, class: &'static str, share: f64) {
    let share = if share.is_finite() {
        share.clamp(0.0, 1.0)
    } else {
        0.0
    };
    let filled = format!("{:.0}", share * PARTS);
    let attributes = [
        ("class", class),
        ("viewBox", "0 0 1000 10"),
        ("preserveAspectRatio", "none"),
        ("aria-hidden", "true"),
    ];
    w.element("svg", &attributes, |w| {
        for (class, width) in [("whole", "1000"), ("share", &*filled)] {
            let attributes = [("class", class), ("width", width), ("height", "10")];
            w.element("rect", &attributes, |_| {});
        }
    });
}
