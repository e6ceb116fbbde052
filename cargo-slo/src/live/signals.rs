//! Signals that ask the command to end.

use std::io;

/// What somebody asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// `SIGINT`: from a terminal.
    Interrupt,
    /// `SIGTERM`.
    Terminate,
    /// `SIGHUP`: the terminal is gone.
    HangUp,
}

impl Asked {
    /// The number of its signal, which an exit code tells.
    pub(super) fn number(self) -> u8 {
        match self {
            Asked::HangUp => 1,
            Asked::Interrupt => 2,
            Asked::Terminate => 15,
        }
    }
}

/// Signals, from now on noted instead of ending the program.
#[cfg(unix)]
#[derive(Debug)]
pub(super) struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
    hang_up: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    pub(super) fn noted() -> io::Result<Signals> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Signals {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hang_up: signal(SignalKind::hangup())?,
        })
    }

    pub(super) async fn next(&mut self) -> Asked {
        tokio::select! {
            _ = self.interrupt.recv() => Asked::Interrupt,
            _ = self.terminate.recv() => Asked::Terminate,
            _ = self.hang_up.recv() => Asked::HangUp,
        }
    }
}

#[cfg(not(unix))]
#[derive(Debug)]
pub(super) struct Signals(());

#[cfg(not(unix))]
impl Signals {
    pub(super) fn noted() -> io::Result<Signals> {
        Ok(Signals(()))
    }

    pub(super) async fn next(&mut self) -> Asked {
        let _ = tokio::signal::ctrl_c().await;
        Asked::Interrupt
    }
}
