//! The target was missed in each of the last three windows.
//!
//! A budget that is always spent decides nothing. Alerts go on for weeks, a freeze would never end,
//! and everyone learns that the numbers don't matter. Either the service gets better now, with the
//! work that the error budget policy asks for, or the promise is one that it can keep while the
//! work is done. A looser target that holds is worth more than a tight one that does not.
//!
//! The rule speaks where even the lower bound of each of the last three windows is above the budget,
//! with 95% confidence (Clopper and Pearson), so that bad luck with few events is not a finding. It
//! names the target that was kept and, for latency, the threshold that as many events keep, from the
//! histogram `slo.duration`: 200 ms may have been wanted where 500 ms are right.
//!
//! It needs a history, `--history FILE` or `--prometheus URL`, of three windows of the SLO. Accept it
//! with an exception that says by when the service will be better.

use crate::{
    definition::Slo,
    diagnostics::Level,
    fleet::{
        Place, Subject,
        measured::{WINDOWS, at_least, tightest, until},
    },
    input::history::{Counted, History},
    rules::{Finding, Rule, rule::Check},
    text::numbers::{counted, grouped, percent},
};
use slo_model::{Target, budget::Counts};
use std::time::Duration;

pub(in crate::rules) const RULE: Rule = Rule {
    name: "out-of-reach",
    level: Level::Warning,
    check: Check::History(check),
    source: include_str!("out_of_reach.rs"),
};

fn check(subject: &Subject<'_>, history: &History, _: &Counted) -> Vec<Finding> {
    let mut found = Vec::new();
    for slo in &subject.service.slos {
        let Some(windows) = subject.last_windows(slo) else {
            continue;
        };
        let budget = slo.target.budget().to_f64();
        if !windows.into_iter().all(|counts| at_least(counts) > budget) {
            continue;
        }
        let ratios = windows.map(|counts| counts.error_ratio().unwrap_or(0.0));
        let (best, worst) = ratios.into_iter().fold((1.0, 0.0), |(low, high), ratio| {
            (ratio.min(low), ratio.max(high))
        });
        let together = windows
            .into_iter()
            .fold(Counts::default(), |sum, counts| sum + counts);
        let name = slo.identity.name_in_service();
        let finding = Finding::new(
            &name,
            Place::first_of(&slo.sources),
            format!(
                "`{name}` promises {}, and missed it in each of the last {WINDOWS} windows",
                slo.target
            ),
        )
        .note(format!(
            "{} of {} were bad: {} in the best window, {} in the worst, and {} are allowed",
            grouped(together.bad),
            counted(together.valid(), "event"),
            percent(best),
            percent(worst),
            percent(budget)
        ))
        .note(until(history));
        let finding = match threshold(subject, slo) {
            Some(kept) => finding.help(format!(
                "loosen the threshold: {} of the events took at most {kept:?}",
                slo.target
            )),
            None => finding,
        };
        let finding = match tightest(worst).filter(|kept: &Target| *kept < slo.target) {
            Some(kept) => finding.help(format!(
                "promise {kept}, which every window kept, until the service is better"
            )),
            None => finding,
        };
        found.push(finding.help("or make it better first: the error budget is spent, and its policy says what that means"));
    }
    found
}

/// The boundary of the histogram up to which the target is kept by every endpoint.
fn threshold(subject: &Subject<'_>, slo: &Slo) -> Option<Duration> {
    let declared = slo.sli.threshold()?;
    let (_, counted) = subject.counted()?;
    let endpoints: Vec<_> = match &slo.identity.endpoint {
        Some(endpoint) => vec![endpoint.as_str()],
        None => subject
            .service
            .endpoints_of(&slo.identity.journey)
            .map(|record| record.name.as_str())
            .collect(),
    };
    let all: Option<Vec<Duration>> = endpoints
        .iter()
        .map(|endpoint| {
            let lasted = counted.durations.iter().find(|l| l.endpoint == *endpoint)?;
            let of_sli = counted
                .events
                .iter()
                .filter(|events| events.endpoint == *endpoint && events.sli == slo.identity.sli);
            let valid = of_sli.flat_map(|events| events.good.iter().chain(&events.bad));
            lasted.boundary_for(slo.target.ppb(), valid.sum())
        })
        .collect();
    let slowest = all?.into_iter().max();
    slowest.filter(|kept| *kept > declared)
}
