//! The panels about a service as a whole.

use super::{
    endpoints,
    grid::Grid,
    panel::{Kind, Panel, Query},
    queries::Queries,
    unannotated,
};
use crate::{definition::Service, outputs::prometheus::Metric, text::grafana::markdown};
use slo_model::Decimal;

/// How much is left, from nothing to plenty.
pub(super) fn budget_colours() -> Vec<(Option<Decimal>, &'static str)> {
    vec![
        (None, "red"),
        (Some(Decimal::new(0, 1)), "orange"),
        (Some(Decimal::new(1, 4)), "yellow"),
        (Some(Decimal::new(1, 2)), "green"),
    ]
}

/// Puts them at the top, beside what can't be shown.
pub(super) fn add(grid: &mut Grid, service: &Service, queries: &Queries<'_>, about: &str) {
    grid.line(
        7,
        &[
            (12, budgets(service, queries)),
            (3, worst(queries)),
            (3, alerts(queries)),
            (3, in_flight(queries)),
            (3, unannotated::all(queries)),
        ],
    );
    grid.line(
        8,
        &[
            (12, budgets_over_time(service, queries)),
            (12, endpoints::failing(queries)),
        ],
    );
    grid.line(
        5,
        &[(
            24,
            Panel {
                kind: Kind::Text,
                title: String::new(),
                description: about.to_owned(),
                queries: Vec::new(),
                unit: "none",
                thresholds: Vec::new(),
                runbook: None,
            },
        )],
    );
}

fn budgets(service: &Service, queries: &Queries<'_>) -> Panel {
    Panel {
        kind: Kind::Bars,
        title: "Error budget left".to_owned(),
        description: format!(
            "What is left of the error budget of every SLO of {}, each over its own window: 100 % \
             is untouched, 0 is spent, below that the objective is missed.",
            markdown(&service.name)
        ),
        queries: vec![Query::new(
            queries.of_all("slo:error_budget_left:ratio"),
            queries.legend("{{slo}}"),
        )],
        unit: "percentunit",
        thresholds: budget_colours(),
        runbook: None,
    }
}

fn budgets_over_time(service: &Service, queries: &Queries<'_>) -> Panel {
    Panel {
        kind: Kind::Lines,
        title: "Error budget left, over time".to_owned(),
        description: format!(
            "How the error budgets of {} came to be what they are: a step is an outage, a slope is \
             what happens all the time. In a rolling window, bad events leave again.",
            markdown(&service.name)
        ),
        queries: vec![Query::new(
            queries.of_all("slo:error_budget_left:ratio"),
            queries.legend("{{slo}}"),
        )],
        unit: "percentunit",
        thresholds: budget_colours(),
        runbook: None,
    }
}

fn worst(queries: &Queries<'_>) -> Panel {
    let rates = queries.of_all("slo:burn_rate:ratio1h");
    Panel {
        kind: Kind::Stat,
        title: "Fastest burn, 1 h".to_owned(),
        description: "How many times as fast as sustainable the budget of the worst SLO burns; \
                      at 1 it is spent by the end of its window. Nothing without events."
            .to_owned(),
        queries: vec![Query::new(format!("max({rates})"), "burn rate")],
        unit: "none",
        thresholds: vec![
            (None, "green"),
            (Some(Decimal::new(1, 1)), "yellow"),
            (Some(Decimal::new(6, 1)), "orange"),
            (Some(Decimal::new(144, 10)), "red"),
        ],
        runbook: None,
    }
}

fn alerts(queries: &Queries<'_>) -> Panel {
    Panel {
        kind: Kind::Stat,
        title: "Alerts firing".to_owned(),
        description: "SLO alerts of the service that fire now.".to_owned(),
        queries: vec![Query::new(queries.alerts(), "alerts")],
        unit: "none",
        thresholds: vec![(None, "green"), (Some(Decimal::new(1, 1)), "red")],
        runbook: None,
    }
}

fn in_flight(queries: &Queries<'_>) -> Panel {
    let started = queries.exported(Metric::InFlight, &[]);
    Panel {
        kind: Kind::Stat,
        title: "In flight".to_owned(),
        description: "Events that have started and not ended.".to_owned(),
        queries: vec![Query::new(format!("sum({started})"), "events")],
        unit: "none",
        thresholds: vec![(None, "blue")],
        runbook: None,
    }
}
