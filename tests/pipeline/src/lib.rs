//! What the service and the job of `cargo xtask interop pipeline` promise, and how they hear of
//! their end.

use slo_sdk::{Journey, Objectives};
use std::{io, time::Duration};

/// The journey of both.
pub const PIPELINE: Journey =
    Journey::new("pipeline").objectives(Objectives::new().availability(99.0));

/// How long the last export may take: longer than a store that is stopped for a minute or two
/// of scaled time, and shorter than what kills a pod.
pub const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(20);

/// Becomes ready on SIGTERM.
///
/// # Errors
/// The system's, if the signal can't be listened for.
pub fn terminated() -> io::Result<impl Future<Output = ()>> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate())?;
        Ok(async move {
            terminate.recv().await;
        })
    }
    #[cfg(not(unix))]
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
