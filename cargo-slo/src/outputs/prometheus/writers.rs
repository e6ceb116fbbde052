//! What each process counted since the rules looked last.
//!
//! Every process writes series of its own, told apart by `service.instance.id`, and each series
//! is counted for itself before anything is summed up. The rules remember the value that they
//! counted up to ([`SEEN`]), and count what a counter shows above it. Nothing hangs on when a
//! sample arrives, when the last evaluation was, or whether a zero came first:
//!
//! - a sample that arrives late is counted by the evaluation that sees it first;
//! - an evaluation that is skipped leaves the difference to the next one;
//! - a series without such a value counts from 0 if its process began within the memory of the
//!   rules, as nothing of it can have been counted before;
//! - a series whose process began again under the same id, or that fell, counts from 0.
//!
//! The mark is recorded first, and counts are differences of marks: two rules of a group would see
//! two values of a counter, and what arrived in between would never be counted.
//!
//! A series of an older process that was not seen within the memory counts from now on:
//! whatever it shows may have been counted before. `gap` says so.

use super::{file::Rule, job::Labelled, names::Instrument, promql};

/// The value that a series was counted up to.
pub(super) const SEEN: &str = "slo:events:seen";

/// When the process began that the series were counted of.
pub(super) const SEEN_START: &str = "slo:start_time:seen";

/// How long the rules remember, and how far back they look for a sample: a queue that was held
/// back for less loses nothing, not even what processes counted that have ended since.
pub(super) const MEMORY: &str = "1h";

/// A process that began within that many seconds can't have been seen before the memory of the
/// rules begins. A minute less than that: clocks differ.
const NEWBORN: u32 = 59 * 60;

/// The processes whose series rules count.
#[derive(Clone, Copy, Debug)]
pub(super) struct Writers<'a> {
    labelled: Labelled,
    /// Matchers for what they export.
    matchers: &'a [String],
}

impl<'a> Writers<'a> {
    /// Those that matchers let through.
    pub(super) fn new(labelled: Labelled, matchers: &'a [String]) -> Writers<'a> {
        Writers { labelled, matchers }
    }

    /// What the series of a selector show beyond what was counted of them.
    ///
    /// `seen` selects the recorded values of the same series, `seen_start` the recorded starts
    /// of their processes.
    ///
    /// Both are recorded before, at the same moment, and nothing else is read: a sample that
    /// arrives while rules are evaluated is in the value or comes with the next one.
    pub(super) fn growth(self, seen: &str, seen_start: &str) -> String {
        let before = self.remembered(seen);
        let restarted = format!("{seen_start} > {}", self.remembered(seen_start));
        let newborn = format!("{seen_start} > time() - {NEWBORN}");
        let on = self.on();
        let base = format!(
            "{before}\nunless on ({on})\n{}\nor\n0 * {seen}\nand on ({on})\n{}",
            parenthesized(&restarted),
            parenthesized(&format!("{restarted}\nor\n{newborn}")),
        );
        format!(
            "{seen} - {} >= 0\nor\n{seen} < {before}",
            parenthesized(&base)
        )
    }

    /// The rules that remember what is counted up to, and of which processes. They stand before
    /// those that count.
    pub(super) fn remember(self, events: &str) -> [Rule; 2] {
        [
            Rule::record(SEEN, self.last(events), &[]),
            self.remember_starts(&[]),
        ]
    }

    /// The rule that remembers the processes.
    pub(super) fn remember_starts(self, labels: &[(&'static str, String)]) -> Rule {
        Rule::record(SEEN_START, self.last(&self.start()), labels)
    }

    /// The processes that began before the memory of the rules, and that it knew nothing of until
    /// now. `seen_start` selects their recorded starts.
    pub(super) fn unseen(self, seen_start: &str) -> String {
        format!(
            "{seen_start} <= time() - {NEWBORN}\nunless\n{}",
            self.remembered(seen_start)
        )
    }

    /// When each process began.
    fn start(self) -> String {
        let (names, _) = self.labelled.spelling();
        names.selector(Instrument::StartTime, self.matchers)
    }

    /// The last samples of a selector, with a label to join by.
    fn last(self, selector: &str) -> String {
        self.labelled
            .joinable(&format!("last_over_time({selector}[{MEMORY}])"))
    }

    fn on(self) -> &'static str {
        self.labelled.writer()
    }

    /// What was recorded before this evaluation. It takes no order of rules for given: some rulers
    /// evaluate those side by side that do not use each other.
    fn remembered(self, recorded: &str) -> String {
        let before = self.labelled.before();
        format!("last_over_time({recorded}[{MEMORY}] offset {before})")
    }
}

fn parenthesized(expr: &str) -> String {
    format!("(\n{}\n)", promql::indented(expr))
}
