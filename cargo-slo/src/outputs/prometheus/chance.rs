//! The guard against single events: how many bad events chance explains.
//!
//! A service that keeps its objective exactly has bad events, too, and at low traffic a
//! handful in a row are many times the sustainable rate. The formula is
//! [`slo_model::binomial::explained_by_chance`], which is never below the exact binomial guard.

use super::{file::Rule, promql::duration, subject::Subject, sums};
use slo_model::{
    binomial::{CHANCE_OFFSET, CHANCE_QUANTILE},
    burn_rate::Condition,
};

/// Name of what is recorded for a long window.
pub(super) fn name(minutes: u32) -> String {
    format!("slo:events_by_chance:sum{}", duration(minutes))
}

/// The rules that record how many bad events chance explains in each long window.
pub(super) fn rules(subject: Subject<'_>, conditions: &[Condition]) -> Vec<Rule> {
    let recorded = |minutes| {
        let valid = sums::valid(subject, &sums::name(minutes));
        let expr = format!(
            "{CHANCE_OFFSET}\n+ {valid} * {}\n+ {CHANCE_QUANTILE} * sqrt({valid} * {})",
            subject.budget(),
            subject.variance(),
        );
        Rule::record(name(minutes), expr, &[])
    };
    sums::long(conditions).into_iter().map(recorded).collect()
}
