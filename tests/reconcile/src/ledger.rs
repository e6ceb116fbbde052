//! What the client knows: every request is entered before it is sent, with all it will count.

use crate::book::{Book, Key};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The client's book. At any time, no other source may know of more than stands here.
#[derive(Debug, Default)]
pub(crate) struct Ledger(Mutex<Book>);

impl Ledger {
    pub(crate) fn enter(&self, counts: &[Key]) {
        let mut book = self.lock();
        for key in counts {
            book.add(key.clone(), 1);
        }
    }

    pub(crate) fn book(&self) -> Book {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Book> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
