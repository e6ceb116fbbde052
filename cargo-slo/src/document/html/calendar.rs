//! A window as days in squares, with the part of it that may fail.
//!
//! Less than a quarter of a day can't be seen in a square, so one square is opened into a bar of
//! 24 hours below.

use super::writer::Writer;

/// So many squares stand in a row.
const ROW: u32 = 30;
/// The side of a square, and the room to the next.
const SIDE: u32 = 14;
const GAP: u32 = 2;
const EDGE: u32 = 4;
/// The height of the bar of one day, and the room above it for the lines that lead there.
const BAR: u32 = 16;
const ABOVE: u32 = 14;
/// The room for a line of text.
const TEXT: u32 = 20;
const DAY: u32 = 14_400;
const WIDTH: u32 = 2 * EDGE + ROW * (SIDE + GAP) - GAP;

/// The width and height of the picture.
pub(super) fn size(days: u32, tenths: u32) -> (usize, usize) {
    let rows = days.div_ceil(ROW);
    let squares = rows * (SIDE + GAP) - GAP;
    let bar = if is_opened(tenths) { ABOVE + BAR } else { 0 };
    let height = 2 * EDGE + squares + bar + TEXT;
    (WIDTH as usize, height as usize)
}

fn is_opened(tenths: u32) -> bool {
    tenths < DAY / 4
}

/// Draws the squares, and how much of them may fail.
pub(super) fn draw(w: &mut Writer, days: u32, tenths: u32, label: &str, one_day: &str) {
    for day in 0..days {
        let place = (
            EDGE + day % ROW * (SIDE + GAP),
            EDGE + day / ROW * (SIDE + GAP),
        );
        square(w, "day", place, (SIDE, SIDE));
        let failing = tenths.saturating_sub(day * DAY).min(DAY) * SIDE / DAY;
        if failing > 0 {
            square(w, "failing", place, (failing, SIDE));
        }
    }
    let below = EDGE + days.div_ceil(ROW) * (SIDE + GAP) - GAP;
    if !is_opened(tenths) {
        text(w, (EDGE, below + TEXT - 5), label);
        return;
    }
    let width = WIDTH - 2 * EDGE;
    // From the sides of the first square of the last row to those of the bar.
    let top = below + ABOVE;
    for (from, to) in [(EDGE, EDGE), (EDGE + SIDE, EDGE + width)] {
        let path = format!("M{from} {below}L{to} {top}");
        w.void("path", &[("class", "opened"), ("d", &path)]);
        w.own("</path>");
    }
    square(w, "day", (EDGE, top), (width, BAR));
    let failing = (tenths * width / DAY).max(1);
    square(w, "failing", (EDGE, top), (failing, BAR));
    text(
        w,
        (EDGE, top + BAR + TEXT - 5),
        &format!("{label} / {one_day}"),
    );
}

fn square(w: &mut Writer, class: &str, place: (u32, u32), size: (u32, u32)) {
    let [x, y, width, height] = [place.0, place.1, size.0, size.1].map(|number| number.to_string());
    let attributes = [
        ("class", class),
        ("x", &*x),
        ("y", &*y),
        ("width", &*width),
        ("height", &*height),
    ];
    w.void("rect", &attributes);
    w.own("</rect>");
}

fn text(w: &mut Writer, place: (u32, u32), text: &str) {
    let (x, y) = (place.0.to_string(), place.1.to_string());
    w.told("text", &[("class", "left"), ("x", &x), ("y", &y)], text);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{
        html::svg::{self, tests::points},
        model::{Drawing, Picture},
    };
    use proptest::prelude::*;

    fn drawn(days: u32, tenths_of_minutes: u32) -> String {
        let mut w = Writer::default();
        let picture = Picture {
            title: "t".to_owned(),
            description: "d".to_owned(),
            drawing: Drawing::Calendar {
                days,
                tenths_of_minutes,
                label: "l".to_owned(),
                one_day: "o".to_owned(),
            },
        };
        svg::draw(&mut w, &picture, 1);
        w.finish()
    }

    /// The widths of what may fail, in the order of the days.
    fn failing(svg: &str) -> Vec<u32> {
        let parts = svg.split("class=\"failing\"").skip(1);
        let widths = parts.map(|part| part.split("width=\"").nth(1).unwrap());
        widths
            .map(|width| width.split('"').next().unwrap().parse().unwrap())
            .collect()
    }

    #[test]
    fn as_much_is_marked_as_may_fail() {
        // 95% of 30 days: a day and a half.
        assert_eq!(failing(&drawn(30, 21_600)), [14, 7]);
        // 99%: 7.2 hours, a bit less than a third of a day.
        assert_eq!(failing(&drawn(30, 4_320)), [4]);
        // 99.9%: 43 minutes of the bar of a day.
        let bar = WIDTH - 2 * EDGE;
        assert_eq!(failing(&drawn(30, 432)), [432 * bar / DAY]);
        assert_eq!(failing(&drawn(30, 0)), [1]);
        assert_eq!(drawn(30, 0).matches("class=\"day\"").count(), 31);
    }

    proptest! {
        #[test]
        fn everything_is_inside(days in 1u32..=366, share in 0u32..=100) {
            let svg = drawn(days, days * 144 * share);
            let ((width, height), points) = points(&svg);
            for (x, y) in points {
                prop_assert!(x >= 0.0 && x <= width && y >= 0.0 && y <= height, "{x} {y}: {svg}");
            }
        }
    }
}
