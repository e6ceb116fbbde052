//! What the SDK has to tell whoever runs the program.
//!
//! It goes to `tracing`, or to standard error where no subscriber was ever installed: a program
//! that has none says nothing otherwise, whatever is wrong.

use std::{
    env, fmt,
    io::{self, Write as _},
    sync::atomic::{AtomicBool, Ordering::Relaxed},
};
use tracing::dispatcher;
#[cfg(feature = "otlp")]
use tracing::{Dispatch, dispatcher::DefaultGuard};

/// False once the application wants standard error for itself.
static MAY_USE_STDERR: AtomicBool = AtomicBool::new(true);

/// Whether standard error may be used from now on.
pub(crate) fn use_stderr(used: bool) {
    MAY_USE_STDERR.store(used, Relaxed);
}

/// For authors of layers: says that something is wrong, to `tracing`, or to standard error where no
/// subscriber was installed and nobody said no; see [`Builder::stderr`](crate::Builder::stderr).
///
/// It says it each time: what may happen with each request is the caller's to say once.
pub fn warn(line: fmt::Arguments<'_>) {
    tracing::warn!("{line}");
    to_stderr("warning: ", line);
}

/// Says what is as it should be.
pub(crate) fn info(line: fmt::Arguments<'_>) {
    tracing::info!("{line}");
    to_stderr("", line);
}

/// For what a module of its own has told `tracing` already.
pub(crate) fn to_stderr(kind: &str, line: fmt::Arguments<'_>) {
    let is_heard = dispatcher::has_been_set();
    if is_heard || !MAY_USE_STDERR.load(Relaxed) || env::var("SLO_STDERR").is_ok_and(|v| v == "off")
    {
        return;
    }
    // A standard error that is closed must not end the program.
    let _ = writeln!(io::stderr(), "slo: {kind}{line}");
}

/// Nobody hears what this thread logs while the guard lives.
///
/// Where there is no subscriber, nothing is done: `tracing` would take this for one and hand
/// nothing on to `log` any more, of the whole process.
#[cfg(feature = "otlp")]
pub(crate) fn silence() -> Option<DefaultGuard> {
    let is_heard = dispatcher::has_been_set();
    is_heard.then(|| dispatcher::set_default(&Dispatch::none()))
}

/// A number and what it counts, in words: `1 endpoint`, `2 endpoints`.
pub(crate) fn counted(number: u64, thing: &str) -> String {
    match number {
        1 => format!("1 {thing}"),
        number => format!("{number} {thing}s"),
    }
}
