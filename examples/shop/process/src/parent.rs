//! What whoever started a process says to it.

use std::{env, io, thread};
use tokio::{signal, sync::mpsc};

/// Whoever started this process: a person, a supervisor, or the demo.
///
/// It says [`ParentSignal::Stop`] with SIGTERM or SIGINT. Where `SHOP_STDIN` is set, it also speaks
/// on standard input: a line says [`ParentSignal::Go`], and the end of the input says
/// [`ParentSignal::Stop`]. The end comes when the parent dies, however it dies, so none of its
/// children outlives it.
#[derive(Debug)]
pub struct Parent {
    lines: mpsc::UnboundedReceiver<()>,
    /// Kept, so that the channel stays open where nobody reads standard input.
    _silent: Option<mpsc::UnboundedSender<()>>,
    #[cfg(unix)]
    terminate: signal::unix::Signal,
}

/// What the parent said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParentSignal {
    /// To do now what is due later; for jobs.
    Go,
    /// To come to an end.
    Stop,
}

impl Parent {
    /// Listens to the parent from now on.
    ///
    /// # Errors
    /// If the system lets nobody listen to signals.
    pub fn new() -> io::Result<Parent> {
        let (sender, lines) = mpsc::unbounded_channel();
        let silent = if env::var_os("SHOP_STDIN").is_some() {
            // A thread of its own: the runtime would wait for one of its own to end.
            thread::Builder::new()
                .name("stdin".to_owned())
                .spawn(move || {
                    let lines = io::stdin().lines();
                    lines.map_while(Result::ok).all(|_| sender.send(()).is_ok())
                })?;
            None
        } else {
            Some(sender)
        };
        Ok(Parent {
            lines,
            _silent: silent,
            #[cfg(unix)]
            terminate: signal::unix::signal(signal::unix::SignalKind::terminate())?,
        })
    }

    /// The next thing it says.
    pub async fn signal(&mut self) -> ParentSignal {
        #[cfg(unix)]
        let terminated = self.terminate.recv();
        #[cfg(not(unix))]
        let terminated = std::future::pending::<()>();
        tokio::select! {
            line = self.lines.recv() => line.map_or(ParentSignal::Stop, |()| ParentSignal::Go),
            _ = terminated => ParentSignal::Stop,
            _ = signal::ctrl_c() => ParentSignal::Stop,
        }
    }

    /// Waits until it says to stop.
    pub async fn says_stop(mut self) {
        while self.signal().await != ParentSignal::Stop {}
    }
}
