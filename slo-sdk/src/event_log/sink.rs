//! Where records go, while somebody takes them.

use super::record::{Facts, Judged, Record, outcome};
use crate::{Endpoint, clock::Moment, registry};
use opentelemetry::{
    Context, InstrumentationScope,
    logs::{Logger, LoggerProvider},
};
use slo_model::{Ending, Outcome};
use std::{
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, OnceLock, PoisonError, RwLock,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
};

/// Who takes records.
pub(crate) trait Sink: fmt::Debug + Send + Sync {
    /// False where a record would be lost.
    fn has_room(&self) -> bool {
        true
    }

    fn emit(&self, record: Record);
}

/// True while somebody takes them.
static ON: AtomicBool = AtomicBool::new(false);

/// Of 2⁶⁴ good events, so many have a record.
static GOOD_SHARE: AtomicU64 = AtomicU64::new(0);

static SINK: RwLock<Option<Arc<dyn Sink>>> = RwLock::new(None);

/// From now on this one takes the records, and those of a share of the good events, from 0 to 1.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share of the numbers of 64 bits is one"
)]
pub(crate) fn start(sink: Arc<dyn Sink>, good_share: f64) {
    const ALL: f64 = u64::MAX as f64;
    let share = (good_share.clamp(0.0, 1.0) * ALL) as u64;
    GOOD_SHARE.store(share, Relaxed);
    *SINK.write().unwrap_or_else(PoisonError::into_inner) = Some(sink);
    ON.store(true, Relaxed);
    if share > 0 {
        for endpoint in registry::endpoints() {
            endpoint.look_at_each_event();
        }
    }
}

/// Nobody takes records any more. What was suppressed and not said is said.
pub(crate) fn stop() {
    ON.store(false, Relaxed);
    let sink = SINK.write().unwrap_or_else(PoisonError::into_inner).take();
    let Some(sink) = sink else { return };
    for endpoint in registry::endpoints() {
        let suppressed = endpoint.limiter().take_suppressed();
        if suppressed > 0 {
            emit(
                sink.as_ref(),
                Record {
                    endpoint,
                    event: None,
                    suppressed,
                },
            );
        }
    }
}

#[inline]
pub(crate) fn is_on() -> bool {
    ON.load(Relaxed)
}

/// True where a good event may have a record.
pub(crate) fn looks_at_each_event() -> bool {
    is_on() && GOOD_SHARE.load(Relaxed) > 0
}

/// True where a record of this endpoint would be taken now.
pub(crate) fn has_room(endpoint: &Endpoint) -> bool {
    is_on() && endpoint.limiter().has_room(now())
}

/// An event ended so, having passed so many latency thresholds.
pub(crate) fn ended(
    endpoint: &'static Endpoint,
    ending: Ending,
    level: usize,
    facts: impl FnOnce() -> Facts,
) {
    let outcome = outcome(endpoint, ending, level);
    let is_marked = matches!(
        ending,
        Ending::MarkedGood | Ending::MarkedBad | Ending::MarkedExcluded
    );
    let limiter = endpoint.limiter();
    let is_wanted = is_marked || outcome == Outcome::Bad;
    let is_allowed = if is_wanted {
        limiter.allow(now())
    } else {
        outcome == Outcome::Good && is_sampled() && limiter.allow_sample(now())
    };
    let sink = || SINK.read().unwrap_or_else(PoisonError::into_inner).clone();
    let taken_by = is_allowed
        .then(sink)
        .flatten()
        .filter(|sink| sink.has_room());
    let Some(sink) = taken_by else {
        if is_wanted {
            limiter.suppress();
        }
        return;
    };
    let record = Record {
        endpoint,
        event: Some((Judged::new(endpoint, ending, level), facts())),
        suppressed: limiter.take_suppressed(),
    };
    emit(sink.as_ref(), record);
}

/// Outside every trace: the SDK would add whatever is current where the event happens to end. A
/// processor of an application may do anything, and an event may end by a panic.
fn emit(sink: &dyn Sink, record: Record) {
    let _nowhere = Context::new().attach();
    let emitted = catch_unwind(AssertUnwindSafe(|| sink.emit(record)));
    if emitted.is_err() {
        tracing::error!("a panic while a log record of an event was handed on; it is lost");
    }
}

/// One of so many good ones, spread as if by chance.
fn is_sampled() -> bool {
    static EVENTS: AtomicU64 = AtomicU64::new(0);
    // splitmix64.
    let mut z = EVENTS.fetch_add(0x9e37_79b9_7f4a_7c15, Relaxed);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (z ^ (z >> 31)) < GOOD_SHARE.load(Relaxed)
}

/// Nanoseconds since the first time somebody asked.
fn now() -> u64 {
    static FIRST: OnceLock<Moment> = OnceLock::new();
    FIRST.get_or_init(Moment::now).elapsed()
}

#[derive(Debug)]
struct ToLogger<L>(L);

impl<L: Logger + fmt::Debug + Send + Sync> Sink for ToLogger<L> {
    fn emit(&self, record: Record) {
        let ToLogger(logger) = self;
        if logger.event_enabled(record.severity(), SCOPE, Some(record.name())) {
            let mut written = logger.create_log_record();
            record.write(&mut written);
            logger.emit(written);
        }
    }
}

const SCOPE: &str = "slo-sdk";

/// Hands records to a logger of this provider.
pub(crate) fn logger<P>(provider: &P) -> Arc<dyn Sink>
where
    P: LoggerProvider + ?Sized,
    P::Logger: fmt::Debug + Send + Sync + 'static,
{
    let scope = InstrumentationScope::builder(SCOPE)
        .with_version(env!("CARGO_PKG_VERSION"))
        .build();
    Arc::new(ToLogger(provider.logger_with_scope(scope)))
}
