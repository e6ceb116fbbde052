//! Every export against everything else that is known when it arrives.

use super::export;
use crate::{
    book::{Book, Key},
    findings::Findings,
    invariants::{ahead, behind, sums},
    ledger::Ledger,
    sli_rules::SliRules,
};
use std::sync::Arc;

/// Checks exports in the order they arrive.
#[derive(Debug)]
pub(crate) struct Audit {
    ledger: Arc<Ledger>,
    findings: Arc<Findings>,
    sli_rules: SliRules,
    /// The series that are to be there from the start; others may only be routes.
    always: Book,
    /// A snapshot of when the last export arrived: the next one was collected after it.
    floor: Book,
    body: Vec<u8>,
    last: Book,
    checked: u64,
}

impl Audit {
    pub(crate) fn new(ledger: Arc<Ledger>, findings: Arc<Findings>, sli_rules: SliRules) -> Audit {
        let now = Book::from_snapshot(&slo_sdk::snapshot());
        Audit {
            ledger,
            findings,
            sli_rules,
            always: now.clone(),
            floor: now,
            body: Vec::new(),
            last: Book::default(),
            checked: 0,
        }
    }

    /// How many exports were checked.
    pub(crate) fn checked(&self) -> u64 {
        self.checked
    }

    /// The counts of the last export.
    pub(crate) fn last(&self) -> &Book {
        &self.last
    }

    /// Checks the body of an export.
    pub(super) fn check(&mut self, body: &[u8]) {
        if self.body == body {
            // Sent again after a failure.
            return;
        }
        self.checked += 1;
        match export::read(body) {
            Ok(book) => self.compare(book),
            Err(why) => self.finding(&why),
        }
        self.body = body.to_vec();
    }

    fn compare(&mut self, book: Book) {
        // In this order: what the export knows, the process knows, and its client before it.
        let now = Book::from_snapshot(&slo_sdk::snapshot());
        let ledger = self.ledger.book();
        for (key, _) in self.always.iter().filter(|(key, _)| !book.holds(key)) {
            self.finding(&format!("the series {key} is missing"));
        }
        for (key, _) in book.iter().filter(|(key, _)| !self.always.holds(key)) {
            if !matches!(key, Key::Unannotated(_)) {
                self.finding(&format!("the series {key} appeared late"));
            }
        }
        let wrong = [
            sums(&book),
            self.sli_rules.broken(&book),
            behind(&book, &self.last, "in the export before"),
            behind(&book, &self.floor, "in a snapshot before"),
            ahead(&book, &now, "in a snapshot after"),
            ahead(&book, &ledger, "in the ledger"),
        ];
        for why in wrong.concat() {
            self.finding(&why);
        }
        self.floor = now;
        self.last = book;
    }

    fn finding(&self, why: &str) {
        self.findings.add(format!("export {}: {why}", self.checked));
    }
}
