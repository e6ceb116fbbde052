//! What Grafana writes down for each kind of panel, where we want nothing but its defaults, too:
//! its types know no absent field, so a dashboard that is saved there unchanged stays the same.

use super::panel::Kind;
use crate::outputs::tree::Node;

/// The options of a kind of panel with data.
pub(super) fn for_kind(kind: Kind) -> Node {
    match kind {
        Kind::Stat => Node::map([
            ("reduceOptions", last_value()),
            ("colorMode", "background".into()),
            ("graphMode", "area".into()),
            ("justifyMode", "auto".into()),
            ("textMode", "auto".into()),
            ("orientation", "auto".into()),
            ("wideLayout", true.into()),
            ("showPercentChange", false.into()),
            ("percentChangeColorMode", "standard".into()),
        ]),
        Kind::Bars | Kind::Counts => Node::map([
            ("reduceOptions", last_value()),
            ("orientation", "horizontal".into()),
            ("displayMode", "basic".into()),
            ("valueMode", "color".into()),
            ("namePlacement", "auto".into()),
            ("showUnfilled", true.into()),
            ("sizing", "auto".into()),
            ("minVizWidth", 8.into()),
            ("minVizHeight", 16.into()),
            ("maxVizHeight", 300.into()),
            ("legend", legend(false)),
        ]),
        Kind::HeatMap => heat_map(),
        Kind::Lines | Kind::Stack | Kind::Text => Node::map([
            ("legend", legend(true)),
            (
                "tooltip",
                Node::map([("mode", Node::from("multi")), ("sort", "none".into())]),
            ),
        ]),
    }
}

fn heat_map() -> Node {
    let number = |text: &str| Node::Number(text.to_owned());
    Node::map([
        ("calculate", Node::from(false)),
        (
            "color",
            Node::map([
                ("mode", Node::from("scheme")),
                ("scheme", "Oranges".into()),
                ("fill", "dark-orange".into()),
                ("scale", "exponential".into()),
                ("exponent", number("0.5")),
                ("steps", number("64")),
                ("reverse", false.into()),
            ]),
        ),
        ("filterValues", Node::map([("le", number("1e-9"))])),
        ("showValue", "never".into()),
        ("cellGap", number("1")),
        (
            "yAxis",
            Node::map([("unit", Node::from("s")), ("axisPlacement", "left".into())]),
        ),
        ("legend", Node::map([("show", Node::from(true))])),
        (
            "tooltip",
            Node::map([
                ("mode", Node::from("single")),
                ("yHistogram", false.into()),
                ("showColorScale", false.into()),
            ]),
        ),
        (
            "exemplars",
            Node::map([("color", Node::from("rgba(255,0,255,0.7)"))]),
        ),
        ("selectionMode", "x".into()),
    ])
}

fn last_value() -> Node {
    Node::map([("calcs", Node::list(["lastNotNull"]))])
}

fn legend(shown: bool) -> Node {
    Node::map([
        ("displayMode", Node::from("list")),
        ("placement", "bottom".into()),
        ("showLegend", shown.into()),
        ("calcs", Node::List(Vec::new())),
    ])
}

/// A link that opens beside the dashboard.
pub(super) fn link(title: &str, url: &str) -> Node {
    Node::map([
        ("title", title.into()),
        ("type", "link".into()),
        ("icon", "external link".into()),
        ("tooltip", "".into()),
        ("url", url.into()),
        ("tags", Node::List(Vec::new())),
        ("asDropdown", false.into()),
        ("targetBlank", true.into()),
        ("includeVars", false.into()),
        ("keepTime", false.into()),
    ])
}
