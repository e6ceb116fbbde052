//! Which SLOs have rules that differ in nothing but names and numbers.

use crate::{
    definition::{Level, Service, Slo},
    fleet::Subject,
};
use slo_model::{Window, burn_rate::Condition};
use std::collections::BTreeSet;

/// What the rules of an SLO depend on, beside its name, its target and the texts of its alerts.
#[derive(Debug, PartialEq)]
pub(super) struct Shape {
    level: Level,
    window: Window,
    /// The conditions whose windows are recorded.
    conditions: Vec<Condition>,
    /// How many of them can fire, which are those of the lowest thresholds.
    able: usize,
    /// Whether it has alerts of its own beside rules for all.
    is_chosen: bool,
    /// How many names it had before.
    former: usize,
    /// Whether it counts nothing but runs of jobs.
    of_jobs: bool,
}

impl Shape {
    /// Returns the shape of the rules of an SLO.
    pub(super) fn of(slo: &Slo, subject: &Subject<'_>) -> Shape {
        Shape {
            level: slo.level(),
            window: slo.window,
            conditions: subject.alerts.over(slo),
            able: subject.alerts.that_can_fire(slo).len(),
            is_chosen: subject.alerts.are_chosen(slo),
            former: slo.formerly.len(),
            of_jobs: counts_jobs(slo, subject.service),
        }
    }
}

/// Returns an SLO of each shape there is, with its shape: one of an SLI that none of the others is
/// about, where there is a choice.
pub(super) fn representatives<'a>(subject: &Subject<'a>) -> Vec<(Shape, &'a Slo)> {
    let mut shapes: Vec<(Shape, Vec<&Slo>)> = Vec::new();
    for slo in &subject.service.slos {
        let shape = Shape::of(slo, subject);
        match shapes.iter_mut().find(|(known, _)| *known == shape) {
            Some((_, alike)) => alike.push(slo),
            None => shapes.push((shape, vec![slo])),
        }
    }
    let mut slis = BTreeSet::new();
    let chosen = shapes.into_iter().filter_map(|(shape, alike)| {
        let of_new_sli = alike.iter().find(|slo| !slis.contains(&*slo.identity.sli));
        let slo = *of_new_sli.or(alike.first())?;
        slis.insert(&*slo.identity.sli);
        Some((shape, slo))
    });
    chosen.collect()
}

/// True where all endpoints whose events an SLO counts are jobs.
fn counts_jobs(slo: &Slo, service: &Service) -> bool {
    let mut endpoints = service.endpoints_of(&slo.identity.journey);
    match &slo.identity.endpoint {
        Some(name) => endpoints.any(|e| e.name == *name && e.every.is_some()),
        None => endpoints.all(|endpoint| endpoint.every.is_some()),
    }
}
