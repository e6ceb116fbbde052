//! Where panels stand.

use super::panel::Panel;
use crate::outputs::tree::Node;

/// The columns of Grafana's grid.
const COLUMNS: u32 = 24;

/// Panels from left to right, line by line, each with an id of its own.
#[derive(Debug, Default)]
pub(super) struct Grid {
    nodes: Vec<Node>,
    /// The row that is filled, which shows nothing but its title until it is opened.
    row: Option<Row>,
    ids: u32,
    y: u32,
}

#[derive(Debug)]
struct Row {
    id: u32,
    title: String,
    y: u32,
    panels: Vec<Node>,
}

impl Grid {
    /// The title of what follows, over the whole width; what follows is folded.
    pub(super) fn row(&mut self, title: &str) {
        self.end_row();
        self.row = Some(Row {
            id: self.next_id(),
            title: title.to_owned(),
            y: self.y,
            panels: Vec::new(),
        });
        self.y += 1;
    }

    /// Panels side by side, of one height and these widths.
    pub(super) fn line(&mut self, height: u32, panels: &[(u32, Panel)]) {
        let mut x = 0;
        for (width, panel) in panels {
            let node = panel.node(self.next_id(), place(x, self.y, *width, height));
            match &mut self.row {
                Some(row) => row.panels.push(node),
                None => self.nodes.push(node),
            }
            x += width;
        }
        debug_assert!(
            x <= COLUMNS,
            "panels that overlap are moved apart by Grafana"
        );
        self.y += height;
    }

    fn next_id(&mut self) -> u32 {
        self.ids += 1;
        self.ids
    }

    fn end_row(&mut self) {
        let Some(row) = self.row.take() else { return };
        self.nodes.push(Node::map([
            ("id", row.id.into()),
            ("type", Node::from("row")),
            ("title", row.title.into()),
            ("collapsed", true.into()),
            ("gridPos", place(0, row.y, COLUMNS, 1)),
            ("panels", Node::List(row.panels)),
        ]));
        // Its panels take no place until it is opened.
        self.y = row.y + 1;
    }

    /// All of them.
    pub(super) fn into_panels(mut self) -> Node {
        self.end_row();
        Node::List(self.nodes)
    }
}

fn place(x: u32, y: u32, w: u32, h: u32) -> Node {
    Node::map([("x", x), ("y", y), ("w", w), ("h", h)].map(|(key, n)| (key, Node::from(n))))
}
