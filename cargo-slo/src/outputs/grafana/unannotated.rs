//! The panels about requests that no annotation covers.

use super::{
    grid::Grid,
    panel::{Kind, Panel, Query},
    queries::Queries,
};
use slo_model::Decimal;

/// So many routes are shown.
const SHOWN: u32 = 10;

/// Puts them below everything that is promised.
pub(super) fn add(grid: &mut Grid, queries: &Queries<'_>) {
    grid.row("Not annotated: nothing is promised about these");
    grid.line(8, &[(12, requests(queries)), (12, failures(queries))]);
}

/// All of them in one number.
pub(super) fn all(queries: &Queries<'_>) -> Panel {
    let served = queries.unannotated(None);
    Panel {
        kind: Kind::Stat,
        title: "Not annotated".to_owned(),
        description:
            "Requests in the chosen time that no annotation covers, so that no SLO counts \
                      them; without those that were a client's fault, or that nobody served. By \
                      route they are at the end."
                .to_owned(),
        queries: vec![Query::new(
            format!("sum(increase({served}[$__range])) or vector(0)"),
            "events",
        )],
        unit: "short",
        thresholds: vec![(None, "green"), (Some(Decimal::new(1, 1)), "yellow")],
        runbook: None,
    }
}

fn requests(queries: &Queries<'_>) -> Panel {
    by_route(
        queries,
        None,
        "Requests, by route",
        "The routes without an annotation that were asked for most in the chosen time, but for what \
         was a client's fault or nobody served. `_other` are all routes beyond those that are told \
         apart.",
        "blue",
    )
}

fn failures(queries: &Queries<'_>) -> Panel {
    by_route(
        queries,
        Some("bad"),
        "Failures, by route",
        "The routes without an annotation that failed most in the chosen time: errors that nobody \
         promised anything about, and that no alert tells of.",
        "red",
    )
}

fn by_route(
    queries: &Queries<'_>,
    outcome: Option<&str>,
    title: &str,
    description: &str,
    colour: &'static str,
) -> Panel {
    let counted = queries.unannotated(outcome);
    let labels = ["http.route", "rpc.method"].map(|attribute| queries.label(attribute));
    let by = labels.join(", ");
    let name = labels.map(|label| queries.value_of(&label)).concat();
    Panel {
        kind: Kind::Counts,
        title: title.to_owned(),
        description: description.to_owned(),
        queries: vec![Query::new(
            format!("topk({SHOWN}, sum by ({by}) (increase({counted}[$__range])) > 0)"),
            name,
        )],
        unit: "short",
        thresholds: vec![(None, colour)],
        runbook: None,
    }
}
