//! All who take part, and the proof that each recorded what it was given.
//!
//! A middleware that is fast because it lost its exporter would win every table. So each is
//! asked in the end, through its own exporter, how many requests it has seen.

use crate::{otel, ours, prometheus, traced};
use axum::Router;
use slo_benches::{
    cases,
    drive::{Case, requests},
};
use std::{fmt, rc::Rc};
use tokio::runtime::{Builder, Runtime};

/// Requests that someone was given, and those that it recorded.
#[derive(Clone, Copy, Debug)]
pub struct Account {
    /// Sent into it.
    pub given: u64,
    /// Found in its exporter.
    pub recorded: u64,
}

struct Check {
    key: &'static str,
    account: Box<dyn FnMut(u64) -> Account>,
}

/// All who take part.
pub struct Contest {
    /// The first is not a layer at all: what the others are added to.
    pub cases: Vec<Case>,
    checks: Vec<Check>,
    between: Vec<Box<dyn FnMut()>>,
    runtime: Rc<Runtime>,
}

impl fmt::Debug for Contest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Contest")
            .field("cases", &self.cases)
            .finish_non_exhaustive()
    }
}

impl Contest {
    /// Ours, in every placement and with every option.
    pub fn ours() -> Contest {
        // A peer of Prometheus' waits for a clock in this runtime.
        let runtime = Builder::new_current_thread().enable_time().build();
        let mut contest = Contest {
            cases: Vec::new(),
            checks: Vec::new(),
            between: Vec::new(),
            runtime: Rc::new(runtime.expect("a runtime needs little more than memory")),
        };
        let is_counted = |key| cases::counted().iter().any(|(counted, _)| *counted == key);
        for case in cases::all() {
            let key = case.key;
            if is_counted(key) {
                contest.enter(case, move || of(&cases::counted(), key));
            } else {
                contest.cases.push(case);
            }
        }
        ours::enter(&mut contest);
        contest
    }

    /// Ours and all others.
    pub fn all() -> Contest {
        let mut contest = Contest::ours();
        otel::enter(&mut contest);
        prometheus::enter(&mut contest);
        traced::enter(&mut contest);
        contest
    }

    pub(crate) fn runtime(&self) -> &Rc<Runtime> {
        &self.runtime
    }

    /// Requests into this router, which is finished as a server does it: once, and not again for
    /// each request.
    pub(crate) fn requests(&self, key: &'static str, name: &'static str, router: Router) -> Case {
        requests(key, name, &self.runtime, router.with_state(()))
    }

    /// One more, and how many requests its exporter knows.
    pub(crate) fn enter(&mut self, case: Case, mut recorded: impl FnMut() -> u64 + 'static) {
        let key = case.key;
        self.cases.push(case);
        self.check(key, move |given| Account {
            given,
            recorded: recorded(),
        });
    }

    /// A check of its own: of the requests that each case was given, or of others.
    pub(crate) fn check(
        &mut self,
        key: &'static str,
        account: impl FnMut(u64) -> Account + 'static,
    ) {
        self.checks.push(Check {
            key,
            account: Box::new(account),
        });
    }

    /// Work that a peer leaves to a thread of its own, every few seconds.
    pub(crate) fn between_rounds(&mut self, work: impl FnMut() + 'static) {
        self.between.push(Box::new(work));
    }

    /// Does what is due between two rounds.
    pub fn rest(&mut self) {
        for work in &mut self.between {
            work();
        }
    }

    /// Compares what was recorded with the requests that each case was given.
    ///
    /// # Errors
    /// Every case that has recorded anything else than what it was given.
    pub fn settle(&mut self, given: u64) -> Result<Vec<(&'static str, Account)>, String> {
        let mut accounts = Vec::new();
        let mut wrong = Vec::new();
        for check in &mut self.checks {
            let account = (check.account)(given);
            let Account { given, recorded } = account;
            if given != recorded {
                wrong.push(format!(
                    "{} was given {given} requests and recorded {recorded}",
                    check.key
                ));
            }
            accounts.push((check.key, account));
        }
        if wrong.is_empty() {
            Ok(accounts)
        } else {
            Err(wrong.join("\n"))
        }
    }
}

fn of(counted: &[(&'static str, u64)], key: &str) -> u64 {
    let known = counted.iter().find(|(counted, _)| *counted == key);
    known.map_or(0, |(_, count)| *count)
}
