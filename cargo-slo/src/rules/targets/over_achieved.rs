//! The target was beaten tenfold in each of the last three windows: a looser one would do.
//!
//! A budget that nobody spends is paid for all the same: with machines that wait, with releases that
//! are held back, with reviews and tests for a reliability that nobody asked for. Users get used to
//! it, too, and take what they see for what is promised. So an SLO whose budget stays untouched is
//! wrong in one of two ways. Either users need what they get, then the target should say so, and the
//! alerts watch over it. Or they don't, then the budget is room to move: release more often, try
//! the cheaper machines, rehearse a failure, or stop the work that goes into more nines.
//!
//! The rule speaks where even the upper bound of each of the last three windows is below a tenth of
//! the budget, with 95% confidence (Clopper and Pearson): a quiet month of few events shows nothing,
//! and does not count. The finding names the target that was kept.
//!
//! Where the policy says what happens when too much of a budget is left, `hoarded-budget` speaks in its
//! place.
//!
//! It needs a history, `--history FILE` or `--prometheus URL`, of three windows of the SLO. Accept it
//! with an exception where the reliability comes for free.

use crate::{
    diagnostics::Level,
    fleet::{
        Place, Subject,
        measured::{WINDOWS, at_most, tightest, until},
    },
    input::history::{Counted, History},
    rules::{Finding, Rule, rule::Check},
    text::numbers::{at_most_percent, counted, grouped},
};
use slo_model::budget::Counts;

pub(in crate::rules) const RULE: Rule = Rule {
    name: "over-achieved",
    level: Level::Note,
    check: Check::History(check),
    source: include_str!("over_achieved.rs"),
};

/// A nine more than is promised.
const PART: f64 = 0.1;

fn check(subject: &Subject<'_>, history: &History, _: &Counted) -> Vec<Finding> {
    if subject.unspent().is_some() {
        return Vec::new();
    }
    let mut found = Vec::new();
    for slo in &subject.service.slos {
        let Some(windows) = subject.last_windows(slo) else {
            continue;
        };
        let budget = slo.target.budget().to_f64();
        let worst = windows.map(at_most).into_iter().fold(0.0, f64::max);
        if worst >= budget * PART {
            continue;
        }
        let together = windows
            .into_iter()
            .fold(Counts::default(), |sum, counts| sum + counts);
        let name = slo.identity.name_in_service();
        let finding = Finding::new(
            &name,
            Place::first_of(&slo.sources),
            format!(
                "`{name}` has spent less than a tenth of its budget in each of the last {WINDOWS} windows"
            ),
        )
        .note(format!(
            "{} of {} were bad; in the worst window {} of the budget was spent, with 95% \
             confidence",
            grouped(together.bad),
            counted(together.valid(), "event"),
            at_most_percent(worst / budget)
        ))
        .note(until(history))
        .help(format!(
            "if {} is what users are content with, spend the rest: release more often, run on \
             less, rehearse a failure",
            slo.target
        ));
        let kept = tightest(2.0 * worst).filter(|kept| *kept > slo.target);
        found.push(match kept {
            Some(kept) => finding.help(format!(
                "if they need what they get, promise {kept}: every window kept it with half of its \
                 budget left"
            )),
            None => finding,
        });
    }
    found
}
