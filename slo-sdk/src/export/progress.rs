//! What came of the exports of one provider, for who waits for one.

use super::zeros;
use opentelemetry_sdk::{error::OTelSdkResult, metrics::SdkMeterProvider};
use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
};

/// Shared by an exporter and the guard. The SDK's reader is told that every export went well,
/// as it would say otherwise each time, whatever was said before; who flushes asks here.
#[derive(Clone, Debug, Default)]
pub(crate) struct Progress(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    /// Why the last export failed.
    failure: Option<String>,
    /// True where the last export had zeros instead of counts.
    owes_counts: bool,
    /// To export them; nothing once that can't be needed any more.
    provider: Option<SdkMeterProvider>,
}

impl Progress {
    /// The provider whose exports these are. It is let go in [`Progress::finish`].
    pub(super) fn set_provider(&self, provider: SdkMeterProvider) {
        self.state().provider = Some(provider);
    }

    /// An export ended; whether it had zeros instead of counts.
    pub(super) fn ended(&self, failure: Option<String>, owes_counts: bool) {
        let mut state = self.state();
        state.failure = failure;
        state.owes_counts = owes_counts;
    }

    /// Exports the counts soon after the zeros, on a thread of its own: the reader's is busy
    /// with the zeros.
    pub(super) fn counts_follow(&self) {
        let progress = self.clone();
        let follow = move || {
            // Whoever flushes brings them by himself.
            thread::sleep(zeros::GAP * 4);
            let state = progress.state();
            let provider = state.provider.clone().filter(|_| state.owes_counts);
            drop(state);
            if let Some(provider) = provider {
                // What came of it is said by the exporter.
                let _ = provider.force_flush();
            }
        };
        // Without a thread they come with the next export.
        let _ = thread::Builder::new()
            .name("slo-counts".to_owned())
            .spawn(follow);
    }

    /// Exports now: the counts, too, where zeros come first.
    ///
    /// # Errors
    /// Why the last export failed.
    pub(crate) fn flush(&self, provider: &SdkMeterProvider) -> Result<(), String> {
        told(provider.force_flush())?;
        self.last()?;
        if self.state().owes_counts {
            told(provider.force_flush())?;
        }
        self.last()
    }

    /// The last export, which has the counts.
    ///
    /// # Errors
    /// Why it failed.
    pub(crate) fn finish(
        &self,
        provider: &SdkMeterProvider,
        zeros_first: bool,
    ) -> Result<(), String> {
        self.state().provider = None;
        if zeros_first && zeros::are_due() && has_counted() {
            // Whatever comes of it, the counts follow: there is no later time.
            let _ = provider.force_flush();
            zeros::are_over();
        }
        told(provider.shutdown())?;
        self.last()
    }

    fn last(&self) -> Result<(), String> {
        self.state().failure.clone().map_or(Ok(()), Err)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn told(result: OTelSdkResult) -> Result<(), String> {
    result.map_err(|error| error.to_string())
}

/// True where zeros would not be the counts.
fn has_counted() -> bool {
    !crate::snapshot().is_zero()
}
