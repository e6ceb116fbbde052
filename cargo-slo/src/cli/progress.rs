//! What a person at a terminal sees while it takes long.

use std::{
    io::{self, IsTerminal, Write},
    time::{Duration, Instant},
};

/// Nothing is shown before: most runs end sooner.
const PATIENCE: Duration = Duration::from_millis(500);

/// Back to the start of the line, which is erased.
const ERASE: &str = "\r\x1b[2K";

/// A line on standard error that counts, where that is a terminal, and is gone at the end.
#[derive(Debug)]
pub(super) struct Progress {
    what: &'static str,
    is_terminal: bool,
    next: Instant,
    is_shown: bool,
}

impl Progress {
    /// Starts to count these.
    pub(super) fn new(what: &'static str) -> Progress {
        Progress {
            what,
            is_terminal: io::stderr().is_terminal(),
            next: Instant::now() + PATIENCE,
            is_shown: false,
        }
    }

    /// Shows how many there are, if it is time to.
    pub(super) fn show(&mut self, n: usize, err: &mut dyn Write) -> io::Result<()> {
        if !self.is_terminal || Instant::now() < self.next {
            return Ok(());
        }
        self.next = Instant::now() + PATIENCE / 5;
        self.is_shown = true;
        write!(err, "{ERASE}{n} {}", self.what)?;
        err.flush()
    }

    /// Makes room for what is written next.
    pub(super) fn clear(&mut self, err: &mut dyn Write) -> io::Result<()> {
        if self.is_shown {
            self.is_shown = false;
            write!(err, "{ERASE}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_on_terminals_only_and_only_where_it_takes_long() {
        let mut progress = Progress {
            is_terminal: true,
            ..Progress::new("files generated")
        };
        let mut err = Vec::new();
        progress.show(1, &mut err).unwrap();
        progress.clear(&mut err).unwrap();
        assert!(err.is_empty());
        progress.next = Instant::now();
        progress.show(2, &mut err).unwrap();
        progress.show(3, &mut err).unwrap();
        progress.clear(&mut err).unwrap();
        assert_eq!(err, b"\r\x1b[2K2 files generated\r\x1b[2K");

        let mut progress = Progress {
            is_terminal: false,
            next: Instant::now(),
            ..progress
        };
        err.clear();
        progress.show(2, &mut err).unwrap();
        assert!(err.is_empty());
    }
}
