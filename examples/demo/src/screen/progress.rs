//! What is going on, on standard error.

use std::{
    io::{self, IsTerminal, Write},
    time::{Duration, Instant},
};

/// A line that tells what is going on. On a terminal it is rewritten in place; elsewhere
/// each step is a line, and what changes within a step is told once a second.
#[derive(Debug)]
pub(crate) struct Progress {
    terminal: bool,
    told: Option<Instant>,
}

impl Progress {
    pub(crate) fn new() -> Progress {
        Progress {
            terminal: io::stderr().is_terminal(),
            told: None,
        }
    }

    /// A step begins.
    pub(crate) fn step(&mut self, what: &str) {
        self.told = Some(Instant::now());
        self.write(what);
    }

    /// Something changed within a step.
    pub(crate) fn update(&mut self, what: impl FnOnce() -> String) {
        let pause = Duration::from_millis(if self.terminal { 100 } else { 1_000 });
        if self.told.is_none_or(|told| told.elapsed() >= pause) {
            self.step(&what());
        }
    }

    /// A step is over and what it came to stays on the screen.
    pub(crate) fn done(&mut self, what: &str) {
        self.write(what);
        if self.terminal {
            let _ = writeln!(io::stderr());
        }
    }

    // Nobody may be there to read it, which is not a reason to fail.
    fn write(&self, what: &str) {
        let _ = if self.terminal {
            write!(io::stderr(), "\r\x1b[2K{what}")
        } else {
            writeln!(io::stderr(), "{what}")
        };
    }
}
