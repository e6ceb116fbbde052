//! Panels.

use super::options;
use crate::outputs::tree::Node;
use slo_model::Decimal;

/// What a panel shows.
#[derive(Clone, Debug)]
pub(super) struct Panel {
    pub(super) kind: Kind,
    pub(super) title: String,
    /// Markdown.
    pub(super) description: String,
    pub(super) queries: Vec<Query>,
    /// How Grafana calls the unit.
    pub(super) unit: &'static str,
    /// From which value on which colour; the first is below all others.
    pub(super) thresholds: Vec<(Option<Decimal>, &'static str)>,
    /// Address of a page, if there is one.
    pub(super) runbook: Option<String>,
}

/// How it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The latest value, large.
    Stat,
    /// The latest value of each series, as bars between 0 and 1.
    Bars,
    /// The same for numbers of any size.
    Counts,
    /// Lines over time, with the thresholds as dashed lines.
    Lines,
    /// Areas on top of each other.
    Stack,
    /// Buckets of a histogram over time, by colour.
    HeatMap,
    /// No data: the description is what is shown.
    Text,
}

/// A query and how its series are called.
#[derive(Clone, Debug)]
pub(super) struct Query {
    pub(super) expr: String,
    pub(super) legend: String,
}

impl Query {
    pub(super) fn new(expr: impl Into<String>, legend: impl Into<String>) -> Query {
        Query {
            expr: expr.into(),
            legend: legend.into(),
        }
    }
}

/// The data source that the reader chose.
pub(super) fn datasource() -> Node {
    Node::map([
        ("type", Node::from("prometheus")),
        ("uid", "${datasource}".into()),
    ])
}

/// Colours of the results of events, good to bad.
const COLOURS: [(&str, &str); 13] = [
    ("ok", "green"),
    ("good", "green"),
    ("marked_good", "light-green"),
    ("client_error", "blue"),
    ("cancelled", "light-blue"),
    ("marked_excluded", "text"),
    ("outside_layer", "purple"),
    ("bad", "red"),
    ("server_error", "red"),
    ("body_error", "light-red"),
    ("panicked", "dark-red"),
    ("timed_out", "orange"),
    ("marked_bad", "light-orange"),
];

impl Panel {
    /// The panel as Grafana reads it, with this id and at this place.
    pub(super) fn node(&self, id: u32, place: Node) -> Node {
        let node = Node::map([
            ("id", id.into()),
            ("type", self.kind.as_str().into()),
            ("title", Node::from(&*self.title)),
            ("gridPos", place),
        ]);
        if self.kind == Kind::Text {
            let options = Node::map([
                ("mode", Node::from("markdown")),
                ("content", Node::from(&*self.description)),
            ]);
            return node.and("options", Some(options));
        }
        let links = self
            .runbook
            .as_deref()
            .map(|url| Node::list([options::link("Runbook", url)]));
        let targets = self.queries.iter().enumerate().map(|(i, query)| {
            Node::map([
                ("refId", Node::from(reference(i))),
                ("datasource", datasource()),
                ("expr", Node::from(&*query.expr)),
                ("legendFormat", Node::from(&*query.legend)),
            ])
            .and(
                "format",
                (self.kind == Kind::HeatMap).then(|| "heatmap".into()),
            )
        });
        node.and("description", Some(Node::from(&*self.description)))
            .and("links", links)
            .and("datasource", Some(datasource()))
            .and("targets", Some(Node::list(targets)))
            .and("fieldConfig", Some(self.field_config()))
            .and("options", Some(options::for_kind(self.kind)))
    }

    fn field_config(&self) -> Node {
        let steps = self.thresholds.iter().map(|(from, colour)| {
            Node::map([("color", Node::from(*colour))]).and("value", from.map(Node::from))
        });
        let thresholds = Node::map([
            ("mode", Node::from("absolute")),
            ("steps", Node::list(steps)),
        ]);
        let mut defaults = Node::map([("unit", Node::from(self.unit))]);
        defaults = match self.kind {
            Kind::Bars => defaults
                .and("min", Some(Node::Number("0".to_owned())))
                .and("max", Some(Node::Number("1".to_owned()))),
            _ => defaults,
        };
        let custom = match self.kind {
            Kind::Lines => Some(Node::map([
                ("lineWidth", Node::from(1)),
                ("showPoints", "never".into()),
                (
                    "thresholdsStyle",
                    Node::map([("mode", Node::from("dashed"))]),
                ),
            ])),
            Kind::Stack => Some(Node::map([
                ("fillOpacity", Node::from(30)),
                ("showPoints", "never".into()),
                ("stacking", Node::map([("mode", Node::from("normal"))])),
            ])),
            _ => None,
        };
        let defaults = defaults
            .and("thresholds", Some(thresholds))
            .and("custom", custom);
        let overrides = match self.kind {
            Kind::Stack => Node::list(COLOURS.map(|(name, colour)| coloured(name, colour))),
            _ => Node::List(Vec::new()),
        };
        Node::map([("defaults", defaults), ("overrides", overrides)])
    }
}

/// The name of a query in its panel: `A` to `Z`, then `A1` and so on.
fn reference(place: usize) -> String {
    let letter = char::from(b'A' + u8::try_from(place % 26).unwrap_or_default());
    match place / 26 {
        0 => letter.to_string(),
        round => format!("{letter}{round}"),
    }
}

fn coloured(name: &str, colour: &str) -> Node {
    let matcher = Node::map([("id", Node::from("byName")), ("options", name.into())]);
    let value = Node::map([("mode", Node::from("fixed")), ("fixedColor", colour.into())]);
    let property = Node::map([("id", Node::from("color")), ("value", value)]);
    Node::map([("matcher", matcher), ("properties", Node::list([property]))])
}

impl Kind {
    const fn as_str(self) -> &'static str {
        match self {
            Kind::Stat => "stat",
            Kind::Bars | Kind::Counts => "bargauge",
            Kind::Lines | Kind::Stack => "timeseries",
            Kind::HeatMap => "heatmap",
            Kind::Text => "text",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::reference;

    #[test]
    fn every_query_has_a_name_of_its_own() {
        assert_eq!([0, 25, 26, 53].map(reference), ["A", "Z", "A1", "B2"]);
    }
}
