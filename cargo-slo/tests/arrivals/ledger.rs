//! What the rules should say: from what was exported, and from our own engine.

use crate::{
    replay::{Counter, Timeline},
    writers::{Counts, Process},
};
use slo_model::budget;
use std::{collections::BTreeMap, time::Duration};

/// The events of one SLO.
#[derive(Debug)]
pub(crate) struct Ledger {
    /// All that was exported of them, without what processes had counted before the rules saw
    /// them first, where that is too long ago to be counted.
    pub(crate) exported: budget::Counts,
    /// The same events, each in the evaluation that saw it first.
    pub(crate) timeline: Timeline,
}

/// Writers of one series follow each other under one id.
type Writers<'a> = BTreeMap<&'a str, Vec<&'a Process>>;

/// What the evaluations at these moments see of a service, for the events of these endpoints.
pub(crate) fn ledger(processes: &[Process], evaluated: &[f64], endpoints: &[usize]) -> Ledger {
    let mut writers = Writers::new();
    for process in processes {
        writers.entry(&process.id).or_default().push(process);
    }
    let mut exported = budget::Counts::default();
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    for process in processes {
        let Some(last) = process.exports.last() else {
            continue;
        };
        let before = first_seen(process, evaluated);
        for &endpoint in endpoints {
            exported.good += last.counts[endpoint][0] - before[endpoint][0];
            exported.bad += last.counts[endpoint][1] - before[endpoint][1];
            good.push(counter(process, evaluated, endpoint, 0, before));
            bad.push(counter(process, evaluated, endpoint, 1, before));
        }
    }
    Ledger {
        exported,
        timeline: Timeline::new(&good, &bad),
    }
}

/// What of a process is not counted: what it showed first, where it began more than an hour
/// before that.
fn first_seen(process: &Process, evaluated: &[f64]) -> Counts {
    let first = evaluated
        .iter()
        .find_map(|&at| Some((at, seen(process, at)?)));
    match first {
        Some((at, counts)) if !is_counted_at_once(process, at) => counts,
        _ => Counts::default(),
    }
}

/// True where all that a process shows at a moment is new: it began within the memory of the rules.
pub(crate) fn is_counted_at_once(process: &Process, first: f64) -> bool {
    process.start > first - 3540.0
}

/// What the newest sample says that has arrived.
fn seen(process: &Process, at: f64) -> Option<Counts> {
    let mut arrived = process.exports.iter().filter(|export| export.arrives <= at);
    arrived.next_back().map(|export| export.counts)
}

fn counter(
    process: &Process,
    evaluated: &[f64],
    endpoint: usize,
    outcome: usize,
    before: Counts,
) -> Counter {
    let values = evaluated.iter().filter_map(|&at| {
        let value = seen(process, at)?[endpoint][outcome] - before[endpoint][outcome];
        Some((moment(at), value))
    });
    values.collect()
}

/// A moment of the judge as one of our engine.
pub(crate) fn moment(at: f64) -> Duration {
    Duration::from_secs_f64(at)
}
