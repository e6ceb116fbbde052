//! A view in a line of a terminal, and in one of JSON.

use super::view::{ConditionView, Severity, SloView, View, WouldPage};
use crate::text::numbers::{self, counted, grouped};
use serde::Serialize;

/// Most SLOs in a line of JSON.
const MAX_SLOS: usize = 100;

/// What a line says.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Line {
    /// In milliseconds since 1970.
    pub at: u64,
    /// What a person reads.
    pub summary: String,
    /// How many times faster time goes than it does for the SLOs.
    pub factor: f64,
    /// Those with the least budget left first, without those beyond a hundred.
    pub slos: Vec<SloView>,
    /// How many SLOs there are.
    pub slo_count: usize,
    /// Good, bad and excluded events that no annotation covers.
    pub unannotated: [u64; 3],
    /// Requests of exporters that were refused.
    pub refused: u64,
}

impl Line {
    /// What a view comes to.
    pub fn from_view(view: &View) -> Line {
        let journeys = || view.services.iter().flat_map(|service| &service.journeys);
        let of_steps = journeys()
            .flat_map(|journey| &journey.steps)
            .flat_map(|step| &step.slos);
        let of_journeys = journeys().flat_map(|journey| &journey.slos);
        let mut slos: Vec<_> = of_journeys.chain(of_steps).cloned().collect();
        let left = |slo: &SloView| slo.budget_left.unwrap_or(1.0);
        slos.sort_by(|a, b| left(a).total_cmp(&left(b)));
        let mut unannotated = [0; 3];
        for route in view
            .services
            .iter()
            .flat_map(|service| &service.unannotated)
        {
            unannotated[0] += route.good;
            unannotated[1] += route.bad;
            unannotated[2] += route.excluded;
        }
        let refused = view.refused.iter().map(|refused| refused.count).sum();
        let slo_count = slos.len();
        let summary = summary(view, &slos, unannotated, refused);
        slos.truncate(MAX_SLOS);
        Line {
            at: view.at,
            summary,
            factor: view.scale.factor,
            slos,
            slo_count,
            unannotated,
            refused,
        }
    }
}

fn summary(view: &View, slos: &[SloView], unannotated: [u64; 3], refused: u64) -> String {
    let mut parts = Vec::new();
    if let Some(worst) = slos.iter().find(|slo| slo.budget_left.is_some()) {
        parts.push(slo(worst));
        if slos.len() > 1 {
            parts.push(format!("{} more", counted(slos.len() as u64 - 1, "SLO")));
        }
    } else if !slos.is_empty() {
        parts.push(format!(
            "{}, no event within the window",
            counted(slos.len() as u64, "SLO")
        ));
    } else if view.services.is_empty() {
        parts.push("nothing exports yet".to_owned());
    }
    let outside: u64 = unannotated.iter().sum();
    if outside > 0 {
        parts.push(format!("{} unannotated", grouped(outside)));
    }
    if refused > 0 {
        parts.push(format!(
            "{} refused: see the page",
            counted(refused, "request")
        ));
    }
    parts.join(" · ")
}

/// `checkout.availability 12 good, 2 bad, budget -1330%, would page (page over 1h)`.
fn slo(slo: &SloView) -> String {
    let name = slo
        .id
        .split_once('/')
        .map_or(slo.id.as_str(), |(_, name)| name);
    let budget = slo.budget_left.unwrap_or(1.0) * 100.0;
    let page = match &slo.would_page {
        WouldPage::Yes { condition } => {
            let outcome = match condition.severity {
                Severity::Page => "would page",
                Severity::Ticket => "would open a ticket",
            };
            format!("{outcome} ({})", called(*condition))
        }
        WouldPage::After { events, condition } => {
            format!(
                "after {} more bad: {}",
                grouped(*events),
                called(*condition)
            )
        }
        WouldPage::Never { .. } => "no alert can fire".to_owned(),
    };
    let (good, bad) = (grouped(slo.counts.good), grouped(slo.counts.bad));
    format!("{name} {good} good, {bad} bad, budget {budget:.0}% left, {page}")
}

/// `page over 1h`.
fn called(condition: ConditionView) -> String {
    let severity = match condition.severity {
        Severity::Page => "page",
        Severity::Ticket => "ticket",
    };
    format!("{severity} over {}", numbers::window(condition.minutes))
}
