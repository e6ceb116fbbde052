//! Everything that was not as it had to be.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// What is wrong once is usually wrong often: the first ones tell.
const MAX_FINDINGS: usize = 50;

/// Findings of all who look, in the order they came.
#[derive(Debug, Default)]
pub(crate) struct Findings(Mutex<(Vec<String>, usize)>);

impl Findings {
    pub(crate) fn add(&self, finding: String) {
        let mut findings = self.lock();
        findings.1 += 1;
        if findings.0.len() < MAX_FINDINGS {
            findings.0.push(finding);
        }
    }

    /// The findings, and a last line that says how many are not among them.
    pub(crate) fn all(&self) -> Vec<String> {
        let findings = self.lock();
        let mut all = findings.0.clone();
        let more = findings.1 - all.len();
        if more > 0 {
            all.push(format!("… and {more} more"));
        }
        all
    }

    fn lock(&self) -> MutexGuard<'_, (Vec<String>, usize)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
