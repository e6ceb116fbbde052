//! What is marked in all panels: when processes started, and alerts.

use super::{panel::datasource, queries::Queries};
use crate::outputs::tree::Node;

/// The marks of a dashboard.
pub(super) fn list(queries: &Queries<'_>) -> Node {
    let starts = annotation("Starts and deploys", "blue", queries.starts())
        .and("titleFormat", Some("Process started".into()))
        .and("textFormat", Some(queries.process().into()))
        .and("useValueForTime", Some(true.into()));
    let alerts = annotation("Alerts", "red", queries.firing())
        .and("titleFormat", Some("{{alertname}}".into()))
        .and("textFormat", Some("{{slo}} {{severity}}".into()));
    Node::List(vec![starts, alerts])
}

fn annotation(name: &str, colour: &'static str, expr: String) -> Node {
    Node::map([
        ("name", Node::from(name)),
        ("datasource", datasource()),
        ("enable", true.into()),
        ("hide", false.into()),
        ("iconColor", colour.into()),
        ("expr", expr.into()),
        ("step", "60s".into()),
    ])
}
