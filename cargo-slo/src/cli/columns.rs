//! How wide what is written for people may be.

use std::io::{self, IsTerminal};

/// Columns of standard output; `None` without a terminal: as many as it takes.
pub(super) fn columns() -> Option<usize> {
    let asked = std::env::var("COLUMNS")
        .ok()
        .and_then(|columns| columns.parse().ok());
    asked.or_else(|| {
        let terminal = io::stdout()
            .is_terminal()
            .then(terminal_size::terminal_size)??;
        Some(terminal.0.0.into())
    })
}
