//! Where panels stand.

use super::panel::Panel;
use crate::outputs::tree::Node;

/// The columns of Grafana's grid.
const COLUMNS: u32 = 24;

/// Panels from left to right, line by line, each with an id of its own.
#[derive(Debug, Default)]
pub(super) struct Grid {
    nodes: Vec<Node>,
    y: u32,
}

impl Grid {
    /// The title of what follows, over the whole width.
    pub(super) fn row(&mut self, title: &str) {
        let node = Node::map([
            ("id", self.id().into()),
            ("type", Node::from("row")),
            ("title", title.into()),
            ("collapsed", false.into()),
            ("gridPos", place(0, self.y, COLUMNS, 1)),
            ("panels", Node::List(Vec::new())),
        ]);
        self.nodes.push(node);
        self.y += 1;
    }

    /// Panels side by side, of one height and these widths.
    pub(super) fn line(&mut self, height: u32, panels: &[(u32, Panel)]) {
        let mut x = 0;
        for (width, panel) in panels {
            let node = panel.node(self.id(), place(x, self.y, *width, height));
            self.nodes.push(node);
            x += width;
        }
        debug_assert!(
            x <= COLUMNS,
            "panels that overlap are moved apart by Grafana"
        );
        self.y += height;
    }

    fn id(&self) -> u32 {
        u32::try_from(self.nodes.len()).unwrap_or(u32::MAX) + 1
    }

    /// All of them.
    pub(super) fn into_panels(self) -> Node {
        Node::List(self.nodes)
    }
}

fn place(x: u32, y: u32, w: u32, h: u32) -> Node {
    Node::map([("x", x), ("y", y), ("w", w), ("h", h)].map(|(key, n)| (key, Node::from(n))))
}
