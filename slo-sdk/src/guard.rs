//! The end of the export, within a bound.

use crate::{
    event_log::{self, Sink},
    notice, watch,
};
use std::{
    fmt, process,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering::SeqCst},
    },
    time::Duration,
};

#[cfg(feature = "otlp")]
use crate::export::{logs::Logs, otlp::Running};
#[cfg(feature = "otlp")]
use std::{
    sync::{
        atomic::AtomicUsize,
        mpsc::{Receiver, RecvTimeoutError, channel},
    },
    thread,
    time::Instant,
};

/// The process that exports, 0 for none. In a forked child it is the parent.
static ACTIVE: AtomicU32 = AtomicU32::new(0);

/// Flushes and stops the export when dropped, within the bound set by
/// [`Builder::shutdown_timeout`](crate::Builder::shutdown_timeout) even against a collector
/// that accepts and never answers. The thread that drops it waits as long; async code that
/// can't afford that drops it in `spawn_blocking`.
#[derive(Debug)]
#[must_use = "`let _ = slo_sdk::init();` drops the guard at once and stops the export; write `let _slo = slo_sdk::init();`"]
pub struct Guard {
    #[cfg_attr(
        not(feature = "otlp"),
        expect(dead_code, reason = "there is nothing to wait for")
    )]
    shutdown_timeout: Duration,
    /// The process that made it, and whose threads export.
    process: u32,
    /// True where what is counted later is not exported.
    ends_export: bool,
    /// True where events have log records as long as it lives.
    ends_logs: bool,
    /// Why nothing is exported; `None` if something is.
    not_started: Option<String>,
    #[cfg(feature = "otlp")]
    running: Option<Running>,
    #[cfg(feature = "otlp")]
    flushes: Arc<AtomicUsize>,
}

impl Guard {
    /// The guard of this process, unless it has one already.
    pub(crate) fn claim(shutdown_timeout: Duration) -> Option<Guard> {
        let process = process::id();
        if ACTIVE.swap(process, SeqCst) == process {
            return None;
        }
        Some(Guard {
            shutdown_timeout,
            process,
            ends_export: false,
            ends_logs: false,
            not_started: None,
            #[cfg(feature = "otlp")]
            running: None,
            #[cfg(feature = "otlp")]
            flushes: Arc::default(),
        })
    }

    /// A guard that keeps nothing alive, and stands in nobody's way.
    pub(crate) fn without_export(shutdown_timeout: Duration, reason: String) -> Guard {
        Guard {
            shutdown_timeout,
            process: process::id(),
            ends_export: false,
            ends_logs: false,
            not_started: Some(reason),
            #[cfg(feature = "otlp")]
            running: None,
            #[cfg(feature = "otlp")]
            flushes: Arc::default(),
        }
    }

    #[cfg(feature = "otlp")]
    pub(crate) fn with_running(mut self, running: Running) -> Guard {
        self.running = Some(running);
        self.ends_export = true;
        self
    }

    /// From now on events have log records, which this one takes.
    pub(crate) fn with_logs(mut self, sink: Arc<dyn Sink>, good_share: f64) -> Guard {
        event_log::start(sink, good_share);
        self.ends_logs = true;
        self
    }

    /// Exports now and waits for it, at most as long as
    /// [`Builder::shutdown_timeout`](crate::Builder::shutdown_timeout).
    ///
    /// Does nothing where the application owns the provider.
    ///
    /// # Errors
    /// See [`FlushError`].
    pub fn flush(&self) -> Result<(), FlushError> {
        if self.is_forked() {
            return Err(FlushError::Forked);
        }
        if let Some(reason) = &self.not_started {
            return Err(FlushError::NotStarted(reason.clone()));
        }
        #[cfg(feature = "otlp")]
        if let Some(running) = &self.running {
            let (provider, progress) = (running.provider.clone(), running.progress.clone());
            // Who gave up leaves a thread behind until the collector is given up, too.
            const MAX_FLUSHES: usize = 16;
            if self.flushes.load(SeqCst) >= MAX_FLUSHES {
                return Err(FlushError::TimedOut(self.shutdown_timeout));
            }
            let flushing = || {
                self.flushes.fetch_add(1, SeqCst);
                Ended(Arc::clone(&self.flushes))
            };
            let flushes = flushing();
            let began = Instant::now();
            let logs = running.logs.clone().filter(Logs::is_waiting);
            let logs = logs.and_then(|logs| {
                let flushes = flushing();
                aside(move || {
                    let _flushes = flushes;
                    logs.flush();
                })
            });
            let flushed = bounded(self.shutdown_timeout, move || {
                let _flushes = flushes;
                progress.flush(&provider)
            });
            wait_for(logs, self.shutdown_timeout.saturating_sub(began.elapsed()));
            return flushed;
        }
        Ok(())
    }

    #[cfg(feature = "otlp")]
    fn stop(&mut self) -> Result<(), FlushError> {
        let timeout = self.shutdown_timeout;
        match self.running.take() {
            Some(running) if self.is_forked() => {
                // It would wait for threads that only the parent has.
                std::mem::forget(running);
                Ok(())
            }
            Some(mut running) => {
                let began = Instant::now();
                let logs = running.logs.take();
                let logs = logs.and_then(|logs| aside(move || logs.finish(timeout)));
                let stopped = bounded(timeout, move || {
                    running
                        .progress
                        .finish(&running.provider, running.zeros_first)
                });
                wait_for(logs, timeout.saturating_sub(began.elapsed()));
                stopped
            }
            None => Ok(()),
        }
    }

    #[cfg(not(feature = "otlp"))]
    #[expect(
        clippy::unused_self,
        clippy::unnecessary_wraps,
        reason = "the feature's other side"
    )]
    fn stop(&mut self) -> Result<(), FlushError> {
        Ok(())
    }

    fn is_forked(&self) -> bool {
        self.process != process::id()
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        if self.ends_logs && !self.is_forked() {
            event_log::stop();
        }
        if let Err(error) = self.stop() {
            notice::warn(format_args!(
                "the last SLO metrics were not exported: {error}"
            ));
        }
        if self.not_started.is_some() {
            return;
        }
        if self.ends_export && !self.is_forked() {
            watch::ended();
        }
        // A forked child may have a guard of its own beside the one it inherited.
        let _ = ACTIVE.compare_exchange(self.process, 0, SeqCst, SeqCst);
    }
}

#[cfg(feature = "otlp")]
struct Ended(Arc<AtomicUsize>);

#[cfg(feature = "otlp")]
impl Drop for Ended {
    fn drop(&mut self) {
        self.0.fetch_sub(1, SeqCst);
    }
}

/// Does something with log records elsewhere: they don't hold up the counts. `None` if there is no
/// thread for it.
#[cfg(feature = "otlp")]
fn aside(export: impl FnOnce() + Send + 'static) -> Option<Receiver<()>> {
    let (done, wait) = channel();
    let spawned = thread::Builder::new()
        .name("slo-flush-logs".to_owned())
        .spawn(move || {
            export();
            // Nobody listens any more after the bound.
            let _ = done.send(());
        });
    spawned.is_ok().then_some(wait)
}

/// Waits until it is done, no longer than this.
#[cfg(feature = "otlp")]
fn wait_for(done: Option<Receiver<()>>, timeout: Duration) {
    if let Some(done) = done {
        let _ = done.recv_timeout(timeout);
    }
}

/// Runs an export elsewhere and waits for it no longer than the bound: the SDK's own limits
/// are longer, and it does not keep them against a collector that never answers.
#[cfg(feature = "otlp")]
fn bounded(
    timeout: Duration,
    export: impl FnOnce() -> Result<(), String> + Send + 'static,
) -> Result<(), FlushError> {
    let (done, wait) = channel();
    let failed = |error: &dyn fmt::Display| FlushError::Failed(error.to_string());
    thread::Builder::new()
        .name("slo-flush".to_owned())
        .spawn(move || {
            // Nobody listens any more after the bound.
            let _ = done.send(export());
        })
        .map_err(|error| failed(&error))?;
    match wait.recv_timeout(timeout) {
        Ok(result) => result.map_err(FlushError::Failed),
        Err(RecvTimeoutError::Timeout) => Err(FlushError::TimedOut(timeout)),
        Err(error @ RecvTimeoutError::Disconnected) => Err(failed(&error)),
    }
}

/// Why an export did not happen.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FlushError {
    /// The collector did not answer within the bound.
    TimedOut(Duration),
    /// The collector could not be reached, or refused.
    Failed(String),
    /// This process was forked after `init`, and the threads that export stayed behind.
    Forked,
    /// [`init`](crate::Builder::init) could not start the export, for this reason.
    NotStarted(String),
}

impl fmt::Display for FlushError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FlushError::TimedOut(bound) => {
                write!(f, "the collector did not answer within {bound:?}")
            }
            FlushError::Failed(why) => write!(f, "the export failed: {why}"),
            FlushError::Forked => f.write_str(
                "this process was forked after slo_sdk::init(), which has to follow the fork",
            ),
            FlushError::NotStarted(why) => write!(f, "no SLO metrics are exported: {why}"),
        }
    }
}

impl std::error::Error for FlushError {}
