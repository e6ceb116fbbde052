//! Room for all series, in a provider of ours or of an application.

use super::series;
use opentelemetry_sdk::metrics::{Instrument, Stream};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

static ASKED: AtomicU64 = AtomicU64::new(0);

/// Raises the limit of an instrument to the number of its series, which is fixed when the
/// process starts.
pub(crate) fn room_for_all(instrument: &Instrument) -> Option<Stream> {
    ASKED.fetch_add(1, Relaxed);
    let limit = series::limit(instrument.name())?;
    Stream::builder().with_cardinality_limit(limit).build().ok()
}

/// True where a provider asks [`room_for_all`] meanwhile: it does when an instrument is made.
pub(crate) fn was_asked(meanwhile: impl FnOnce()) -> bool {
    let before = ASKED.load(Relaxed);
    meanwhile();
    ASKED.load(Relaxed) > before
}
