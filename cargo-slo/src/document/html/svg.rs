//! Pictures, drawn with whole numbers: the same everywhere.
//!
//! Services stand in columns, by how many calls they are away; within a column they are in the
//! order in which they were found, which keeps those of one caller together. Hard and soft calls
//! differ in their line and by a word, not by colour alone.

use super::{
    calendar,
    width::{width, within},
    writer::Writer,
};
use crate::document::model::{Call, Drawing, Level, Node, Picture};

/// The size of a node, and the room between two.
const NODE: (usize, usize) = (132, 46);
const GAP: (usize, usize) = (80, 18);
/// The room around a picture.
const EDGE: usize = 8;
/// Texts in nodes are this high, and labels of lines this.
const FONT: usize = 13;
const LABEL: usize = 11;

/// More columns than this are too small to be read on a phone.
const NARROW: usize = 2;

/// Whether a picture is better scrolled than made smaller where there is little room.
pub(super) fn is_wide(picture: &Picture) -> bool {
    match &picture.drawing {
        Drawing::Calls { nodes, .. } => nodes.iter().any(|node| node.column >= NARROW),
        Drawing::Levels(_) | Drawing::Calendar { .. } => false,
    }
}

/// Draws a picture. The number tells its parts from those of others on the page.
pub(super) fn draw(w: &mut Writer, picture: &Picture, number: usize) {
    match &picture.drawing {
        Drawing::Calls { nodes, calls } => self::calls(w, picture, nodes, calls, number),
        Drawing::Levels(levels) => self::levels(w, picture, levels, number),
        Drawing::Calendar {
            days,
            tenths_of_minutes,
            label,
            one_day,
        } => {
            let size = calendar::size(*days, *tenths_of_minutes);
            framed(w, picture, size, number, |w| {
                calendar::draw(w, *days, *tenths_of_minutes, label, one_day);
            });
        }
    }
}

fn framed(
    w: &mut Writer,
    picture: &Picture,
    size: (usize, usize),
    number: usize,
    inner: impl FnOnce(&mut Writer),
) {
    let (title, description) = (
        format!("picture-{number}"),
        format!("picture-{number}-text"),
    );
    let (x, y) = (size.0.to_string(), size.1.to_string());
    let attributes = [
        ("viewBox", &*format!("0 0 {x} {y}")),
        ("width", &x),
        ("height", &y),
        ("role", "img"),
        ("aria-labelledby", &*format!("{title} {description}")),
    ];
    w.block("svg", &attributes, |w| {
        w.told("title", &[("id", &title)], &picture.title);
        w.told("desc", &[("id", &description)], &picture.description);
        inner(w);
    });
}

fn calls(w: &mut Writer, picture: &Picture, nodes: &[Node], calls: &[Call], number: usize) {
    let columns = nodes.iter().map(|node| node.column).max().unwrap_or(0) + 1;
    let in_column = |column| nodes.iter().filter(|node| node.column == column).count();
    let rows = (0..columns).map(in_column).max().unwrap_or(1);
    let height = rows * NODE.1 + (rows - 1) * GAP.1;
    // Calls that lead back leave room for their curve and its word.
    let leads_back = |call: &Call| nodes[call.to].column <= nodes[call.from].column;
    let behind = if calls.iter().any(leads_back) {
        GAP.0
    } else {
        0
    };
    let size = (
        2 * EDGE + columns * NODE.0 + (columns - 1) * GAP.0 + behind,
        2 * EDGE + height,
    );
    let mut seen = vec![0; columns];
    let places: Vec<(usize, usize)> = nodes
        .iter()
        .map(|node| {
            let column = node.column;
            let own = in_column(column);
            let used = own * NODE.1 + (own - 1) * GAP.1;
            let row = seen[column];
            seen[column] += 1;
            (
                EDGE + column * (NODE.0 + GAP.0),
                EDGE + (height - used) / 2 + row * (NODE.1 + GAP.1),
            )
        })
        .collect();
    framed(w, picture, size, number, |w| {
        for call in calls {
            line(w, call, places[call.from], places[call.to]);
        }
        for (node, place) in nodes.iter().zip(&places) {
            self::node(w, node, *place);
        }
    });
}

/// A call: a curve with a tip and its word in the middle.
fn line(w: &mut Writer, call: &Call, from: (usize, usize), to: (usize, usize)) {
    let middle = NODE.1 / 2;
    let class = if call.is_hard {
        "call hard"
    } else {
        "call soft"
    };
    // Forwards from side to side; back, or within a column, around the right side.
    let (start, end, forwards) = match to.0 > from.0 {
        true => (
            (from.0 + NODE.0, from.1 + middle),
            (to.0, to.1 + middle),
            true,
        ),
        false => (
            (from.0 + NODE.0, from.1 + middle + 8),
            (to.0 + NODE.0, to.1 + middle + 8),
            false,
        ),
    };
    let tip = if forwards { end.0 - 8 } else { end.0 + 8 };
    let bend = match forwards {
        true => (start.0 + GAP.0 / 2, end.0 - GAP.0 / 2),
        false => (start.0 + GAP.0 / 2, end.0 + GAP.0 / 2),
    };
    let path = format!(
        "M{} {}C{} {} {} {} {tip} {}",
        start.0, start.1, bend.0, start.1, bend.1, end.1, end.1
    );
    w.void("path", &[("class", class), ("d", &path)]);
    w.own("</path>");
    let head = format!(
        "M{} {}L{tip} {}L{tip} {}Z",
        end.0,
        end.1,
        end.1 - 4,
        end.1 + 4
    );
    w.void("path", &[("class", "tip"), ("d", &head)]);
    w.own("</path>");
    // The word stands near the one that is called, where lines have parted.
    let at = match forwards {
        true => (end.0 - GAP.0 / 2 + 6, (start.1 + 3 * end.1) / 4),
        false => (
            start.0.max(end.0) + GAP.0 / 3,
            usize::midpoint(start.1, end.1),
        ),
    };
    let room = width(&call.kind) * LABEL / 100 + 8;
    let (x, y) = ((at.0 - room / 2).to_string(), (at.1 - 8).to_string());
    let attributes = [
        ("class", "plate"),
        ("x", &*x),
        ("y", &*y),
        ("width", &*room.to_string()),
        ("height", "16"),
    ];
    w.void("rect", &attributes);
    w.own("</rect>");
    let (x, y) = (at.0.to_string(), (at.1 + 4).to_string());
    w.told(
        "text",
        &[("class", "kind"), ("x", &x), ("y", &y)],
        &call.kind,
    );
}

fn node(w: &mut Writer, node: &Node, place: (usize, usize)) {
    let class = match (node.column, node.is_unknown) {
        (0, _) => "node own",
        (_, false) => "node",
        (_, true) => "node unknown",
    };
    w.element("g", &[("class", class)], |w| {
        let (x, y) = (place.0.to_string(), place.1.to_string());
        let attributes = [
            ("x", &*x),
            ("y", &*y),
            ("width", &*NODE.0.to_string()),
            ("height", &*NODE.1.to_string()),
            ("rx", "8"),
        ];
        w.void("rect", &attributes);
        w.own("</rect>");
        let room = (NODE.0 - 12) * 100 / FONT;
        let middle = (place.0 + NODE.0 / 2).to_string();
        let lines = match node.about.is_empty() {
            true => [(28, "name", &node.name), (0, "", &node.about)],
            false => [(20, "name", &node.name), (36, "about", &node.about)],
        };
        for (down, class, text) in lines.into_iter().filter(|(down, ..)| *down > 0) {
            let y = (place.1 + down).to_string();
            let attributes = [("class", class), ("x", &*middle), ("y", &*y)];
            w.told("text", &attributes, &within(text, room));
        }
    });
}

/// The width of the picture of a budget, and of its bar.
const BUDGET: (usize, usize) = (440, 34);

/// A budget from all of it on the left to none on the right; what happens once it is spent
/// stands in a part of its own behind that.
fn levels(w: &mut Writer, picture: &Picture, levels: &[Level], number: usize) {
    const AFTER: usize = 84;
    let bar = BUDGET.0 - 2 * EDGE - AFTER;
    let at = |from: u32| EDGE + bar * (10_000 - from.min(10_000) as usize) / 10_000;
    framed(w, picture, (BUDGET.0, 78), number, |w| {
        let mut free = 0;
        for (place, level) in levels.iter().enumerate() {
            let start = at(level.from);
            let end = match levels.get(place + 1) {
                Some(next) => at(next.from),
                None if level.from == 0 => EDGE + bar + AFTER,
                None => EDGE + bar,
            };
            part(w, level, start, end.max(start));
            // Of levels that are close together, the table beside tells the others.
            if start >= free {
                let x = start.to_string();
                let attributes = [("class", "left"), ("x", &*x), ("y", "15")];
                w.told("text", &attributes, &level.left);
                free = start + width(&level.left) * FONT / 100 + EDGE;
            }
        }
    });
}

fn part(w: &mut Writer, level: &Level, start: usize, end: usize) {
    let class = match level.gravity {
        0 => "part calm",
        1 => "part grave",
        _ => "part gravest",
    };
    w.element("g", &[("class", class)], |w| {
        let (x, room) = (start.to_string(), end - start);
        let attributes = [
            ("x", &*x),
            ("y", "22"),
            ("width", &*room.to_string()),
            ("height", &*BUDGET.1.to_string()),
        ];
        w.void("rect", &attributes);
        w.own("</rect>");
        let middle = usize::midpoint(start, end).to_string();
        let most = room.saturating_sub(8) * 100 / FONT;
        if most > 150 {
            let attributes = [("class", "then"), ("x", &*middle), ("y", "44")];
            w.told("text", &attributes, &within(&level.then, most));
        }
    });
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use proptest::{prelude::*, sample::Index};

    fn drawn(drawing: Drawing) -> String {
        let mut w = Writer::default();
        let picture = Picture {
            title: "t".to_owned(),
            description: "d".to_owned(),
            drawing,
        };
        draw(&mut w, &picture, 1);
        w.finish()
    }

    /// The size of a picture, and all points of its paths, boxes and texts.
    pub(in crate::document::html) fn points(svg: &str) -> ((f64, f64), Vec<(f64, f64)>) {
        let page = scraper::Html::parse_fragment(svg);
        let mut points = Vec::new();
        let mut size = (0.0, 0.0);
        let elements = page
            .tree
            .nodes()
            .filter_map(|node| node.value().as_element());
        for element in elements {
            let number = |name| {
                element
                    .attr(name)
                    .map(|value| value.parse::<f64>().unwrap())
            };
            match (element.name(), number("x"), number("y")) {
                ("svg", ..) => size = (number("width").unwrap(), number("height").unwrap()),
                (_, Some(x), Some(y)) => {
                    points.push((x, y));
                    let far = (
                        number("width").unwrap_or(0.0),
                        number("height").unwrap_or(0.0),
                    );
                    points.push((x + far.0, y + far.1));
                }
                _ => {}
            }
            let path = element.attr("d").unwrap_or_default();
            let numbers = path
                .split(|c: char| !c.is_ascii_digit())
                .filter(|n| !n.is_empty());
            let numbers: Vec<f64> = numbers.map(|n| n.parse().unwrap()).collect();
            points.extend(numbers.chunks(2).map(|pair| (pair[0], pair[1])));
        }
        (size, points)
    }

    proptest! {
        /// Whatever is called by whom, nothing is drawn outside of the picture, and no service
        /// over another.
        #[test]
        fn everything_is_inside(
            widths in prop::collection::vec(1usize..6, 1..5),
            ends in prop::collection::vec((any::<Index>(), any::<Index>(), any::<bool>()), 0..20),
        ) {
            let nodes: Vec<Node> = widths.iter().enumerate().flat_map(|(column, count)| {
                (0..*count).map(move |n| Node {
                    name: format!("a-service-with-a-long-name-{n}"),
                    about: "99.9%".to_owned(),
                    column,
                    is_unknown: n == 0,
                })
            }).collect();
            let calls = ends.iter().map(|(from, to, is_hard)| Call {
                from: from.index(nodes.len()),
                to: to.index(nodes.len()),
                is_hard: *is_hard,
                kind: "hard".to_owned(),
            }).collect();
            let count = nodes.len();
            let svg = drawn(Drawing::Calls { nodes, calls });
            let ((width, height), points) = points(&svg);
            for (x, y) in points {
                prop_assert!(x >= 0.0 && x <= width && y >= 0.0 && y <= height, "{x} {y}: {svg}");
            }
            let boxes: std::collections::BTreeSet<_> = svg
                .match_indices("<rect x=")
                .map(|(at, _)| svg[at..].split(" width").next().unwrap())
                .collect();
            prop_assert_eq!(boxes.len(), count);
        }

        #[test]
        fn budgets_have_their_levels_in_order(mut from in prop::collection::vec(0u32..=10_000, 1..8)) {
            from.sort_unstable_by(|a, b| b.cmp(a));
            let levels = from.iter().map(|from| Level {
                from: *from,
                left: format!("{}%", from / 100),
                then: "review".to_owned(),
                gravity: 1,
            });
            let ((width, height), points) = points(&drawn(Drawing::Levels(levels.collect())));
            for (x, y) in points {
                prop_assert!(x >= 0.0 && x <= width && y >= 0.0 && y <= height);
            }
        }
    }
}
