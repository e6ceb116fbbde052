//! Export health: logged on change, readable at any time.

use super::lost;
use crate::notice;
use std::{
    fmt,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
    time::SystemTime,
};

/// Whether the export that [`init`](crate::init()) started works, for debug pages.
///
/// It knows nothing of the exports of an application's own meter provider.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExportHealth {
    /// When exports began to fail; `None` while they work.
    pub failing_since: Option<SystemTime>,
    /// Why the last export failed, or what the collector had to say though it took it, as a
    /// partial success does over HTTP (over gRPC it is not seen). `None` when all is well.
    pub last_error: Option<String>,
    /// Why [`init`](crate::init()) could not start the export; nothing once it has.
    pub not_started: Option<String>,
    /// Events that failed exports took with them since the process started. Always 0 with
    /// cumulative temporality.
    pub lost_events: u64,
}

/// Returns whether the export works.
///
/// ```
/// if let Some(since) = slo_sdk::export_health().failing_since {
///     println!("no SLO metrics since {since:?}");
/// }
/// ```
pub fn export_health() -> ExportHealth {
    let state = state();
    ExportHealth {
        failing_since: state.failing_since,
        last_error: state.verdict.reason().map(str::to_owned),
        not_started: state.not_started.clone(),
        lost_events: lost::total(),
    }
}

/// What came of an export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Taken,
    /// Taken, and the collector had something to say.
    Questioned(String),
    Failed(String),
}

impl Verdict {
    fn reason(&self) -> Option<&str> {
        match self {
            Verdict::Taken => None,
            Verdict::Questioned(reason) | Verdict::Failed(reason) => Some(reason),
        }
    }

    /// True where one follows the other unsaid.
    fn is_alike(&self, other: &Verdict) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}

struct State {
    watch: u64,
    verdict: Verdict,
    failing_since: Option<SystemTime>,
    not_started: Option<String>,
}

static STATE: Mutex<State> = Mutex::new(State {
    watch: 0,
    verdict: Verdict::Taken,
    failing_since: None,
    not_started: None,
});

fn state() -> MutexGuard<'static, State> {
    STATE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Keeps the reason for [`ExportHealth::not_started`].
pub(crate) fn note_not_started(reason: &str) {
    state().not_started = Some(reason.to_owned());
}

/// The eye on one exporter. A later one takes over: an export that still hangs when its
/// guard is gone says nothing about the next.
#[derive(Debug)]
pub(super) struct Watch(u64);

impl Watch {
    pub(super) fn new() -> Watch {
        static WATCHES: AtomicU64 = AtomicU64::new(0);
        let watch = WATCHES.fetch_add(1, Relaxed) + 1;
        *state() = State {
            watch,
            verdict: Verdict::Taken,
            failing_since: None,
            not_started: None,
        };
        Watch(watch)
    }

    pub(super) fn note(&self, verdict: &Verdict, is_delta: bool) {
        let mut state = state();
        if state.watch != self.0 {
            return;
        }
        let was = std::mem::replace(&mut state.verdict, verdict.clone());
        let since = state.failing_since;
        state.failing_since = match verdict {
            Verdict::Failed(_) => since.or_else(|| Some(SystemTime::now())),
            Verdict::Taken | Verdict::Questioned(_) => None,
        };
        // A subscriber may do anything, even ask for the health.
        drop(state);
        if !was.is_alike(verdict) {
            say(verdict, since, is_delta);
        }
    }
}

fn say(verdict: &Verdict, failing_since: Option<SystemTime>, is_delta: bool) {
    let lost = lost::total();
    // A collector that comes and goes does not fill the standard error of a program.
    static TOLD: [AtomicBool; 3] = [const { AtomicBool::new(false) }; 3];
    let stderr = |place: usize, kind: &str, line: fmt::Arguments<'_>| {
        if !TOLD[place].swap(true, Relaxed) {
            notice::to_stderr(kind, line);
        }
    };
    match verdict {
        Verdict::Failed(reason) => {
            let meaning = if is_delta {
                "with delta temporality the events of each failed export are lost, and counted in \
                 slo.lost"
            } else {
                "nothing is lost, the counts catch up with the next export that succeeds"
            };
            tracing::warn!(reason, lost, "SLO metrics can't be exported; {meaning}");
            let line = format_args!("SLO metrics can't be exported: {reason}; {meaning}");
            stderr(0, "warning: ", line);
        }
        Verdict::Questioned(reason) => {
            tracing::warn!(reason, "SLO metrics were sent, but may not have been taken");
            let line = format_args!("SLO metrics were sent, but may not have been taken: {reason}");
            stderr(1, "warning: ", line);
        }
        Verdict::Taken => {
            let failed_for = failing_since.and_then(|since| since.elapsed().ok());
            tracing::info!(?failed_for, lost, "SLO metrics are exported again");
            stderr(2, "", format_args!("SLO metrics are exported again"));
        }
    }
}
