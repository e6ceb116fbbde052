//! Another target, as an annotation has it.

use super::Finding;
use crate::{
    definition::{Sli, Slo},
    diagnostics::{Change, Edit, Method},
    fleet::{Fleet, Subject, dependencies::hard},
    input::manifest::Kind,
};
use slo_model::{Target, budget, record::SourceRecord};
use std::{collections::BTreeSet, time::Duration};

/// A budget of fewer events says more about luck than about the service.
pub(in crate::rules) const FEW_EVENTS: u64 = 10;

impl Finding {
    /// Advises another target: what to write, where nothing else speaks against it, else the words.
    pub(in crate::rules) fn promise(
        self,
        fleet: &Fleet<'_>,
        subject: &Subject<'_>,
        slo: &Slo,
        target: Target,
        words: impl Into<String>,
    ) -> Finding {
        let edit = match is_free(fleet, subject, slo, target) {
            true => written(slo, target),
            false => None,
        };
        match edit {
            Some(edit) => self.changes([Change::decision(words, edit)]),
            None => self.help(words),
        }
    }
}

/// True where an SLO can have a target without a new error: its alerts can fire, its budget holds some
/// events, what it depends on promises as much, and nobody who depends on it promises more.
fn is_free(fleet: &Fleet<'_>, subject: &Subject<'_>, slo: &Slo, target: Target) -> bool {
    let can_fire = |target| {
        subject
            .alerts
            .over(slo)
            .iter()
            .all(|one| one.can_fire(target))
    };
    let holds_enough = || {
        subject.traffic(slo).is_none_or(|expected| {
            let valid = expected.traffic.within(slo.window);
            // One that holds none may go on to: that is no other finding.
            [target, slo.target].map(|target| budget::events(valid, target)) == [0, 0]
                || budget::events(valid, target) >= FEW_EVENTS
                || (target < slo.target && budget::events(valid, slo.target) > 0)
        })
    };
    let is_tighter = target > slo.target;
    let callers = callers(fleet, subject);
    // Who needs itself would follow its own target.
    let is_in_cycle = hard_dependencies(subject).any(|name| callers.contains(name));
    !is_in_cycle
        && (is_tighter || can_fire(target) || !can_fire(slo.target))
        && holds_enough()
        && (slo.sli != Sli::Availability
            || match is_tighter {
                true => is_kept_by_dependencies(fleet, subject, slo, target),
                false => is_enough_for(fleet, &callers, subject, target),
            })
}

fn is_kept_by_dependencies(
    fleet: &Fleet<'_>,
    subject: &Subject<'_>,
    slo: &Slo,
    target: Target,
) -> bool {
    let all = hard(fleet, subject);
    let own = all.iter().find(|(other, _)| std::ptr::eq(*other, slo));
    let calls = own.map_or(&[][..], |(_, calls)| &calls[..]);
    calls
        .iter()
        .filter_map(|call| call.availability())
        .all(|promise| promise.target >= target)
}

/// The names of all services that need this one, directly or through others, and its own.
fn callers<'a>(fleet: &Fleet<'a>, subject: &Subject<'a>) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::from([subject.service.name.as_str()]);
    loop {
        let known = reached.len();
        for caller in &fleet.subjects {
            if hard_dependencies(caller).any(|name| reached.contains(name)) {
                reached.insert(&caller.service.name);
            }
        }
        if reached.len() == known {
            return reached;
        }
    }
}

fn hard_dependencies<'a>(subject: &Subject<'a>) -> impl Iterator<Item = &'a str> {
    let dependencies = subject
        .facts()
        .into_iter()
        .flat_map(|facts| &facts.dependency);
    let hard = dependencies.filter(|one| *one.kind.get_ref() == Kind::Hard);
    hard.map(|one| one.service.get_ref().as_str())
}

/// Whether no caller promises more.
fn is_enough_for(
    fleet: &Fleet<'_>,
    callers: &BTreeSet<&str>,
    subject: &Subject<'_>,
    target: Target,
) -> bool {
    let callers = fleet.subjects.iter().filter(|caller| {
        let name = caller.service.name.as_str();
        name != subject.service.name && callers.contains(name)
    });
    let mut slos = callers.flat_map(|caller| &caller.service.slos);
    slos.all(|slo| slo.sli != Sli::Availability || slo.target <= target)
}

/// What to write, and on what; `None` where nothing says where an annotation is.
fn written(slo: &Slo, target: Target) -> Option<Edit> {
    let percent = target.to_string();
    let number = match percent.trim_end_matches('%') {
        whole if !whole.contains('.') => format!("{whole}.0"),
        decimals => decimals.to_owned(),
    };
    let text = match (&slo.identity.endpoint, &slo.sli) {
        (Some(_), Sli::Availability) => format!("availability = {percent}"),
        (
            Some(_),
            Sli::Latency {
                name, threshold, ..
            },
        ) => match &**name {
            "latency" => format!("latency = {percent} < {threshold:?}"),
            name => format!("latency({name:?}, {percent} < {threshold:?})"),
        },
        (None, Sli::Availability) => format!(".availability({number})"),
        (
            None,
            Sli::Latency {
                name, threshold, ..
            },
        ) => {
            let threshold = duration(*threshold);
            match &**name {
                "latency" => format!(".latency({number}, {threshold})"),
                name => format!(".latency_named({name:?}, {number}, {threshold})"),
            }
        }
    };
    by_hand(slo.sources.first()?, slo, text)
}

fn by_hand(source: &SourceRecord, slo: &Slo, text: String) -> Option<Edit> {
    let function = &source.function;
    Some(match &slo.identity.endpoint {
        Some(_) => annotation(source, text, None),
        None => Edit {
            line: None,
            section: Some(format!(
                "the objectives of the journey `{}`, which `{function}` names",
                slo.identity.journey
            )),
            ..annotation(source, text, None)
        },
    })
}

/// What to write into the annotation of a function, and what goes for it.
pub(in crate::rules) fn annotation(
    source: &SourceRecord,
    text: String,
    replaces: Option<String>,
) -> Edit {
    Edit {
        file: source.file.clone(),
        line: Some(source.line),
        section: Some(format!(
            "the annotation `#[slo(…)]` of `{}`",
            source.function
        )),
        replaces,
        text,
        method: Method::ByHand,
    }
}

/// A threshold, as Rust has it.
fn duration(threshold: Duration) -> String {
    match (threshold.as_millis(), threshold.as_nanos() % 1_000_000) {
        (milliseconds, 0) => format!("millis({milliseconds})"),
        _ => format!("Duration::from_nanos({})", threshold.as_nanos()),
    }
}
