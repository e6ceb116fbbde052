//! Exports, passed on to another collector: as many as a bounded queue holds, and those that it can't
//! hold are counted.

use super::{otlp::Signal, view::Remark};
use crate::input::http::{Address, Sender, Tls};
use bytes::Bytes;
use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed},
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread,
    time::Duration,
};

/// Most exports that wait.
const MAX_WAITING: usize = 256;
/// Most bytes that wait.
const MAX_BYTES: usize = 64 << 20;
/// How long the other collector may take for one.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

/// A way to another collector.
#[derive(Clone, Debug)]
pub(crate) struct Forward {
    address: String,
    queue: SyncSender<Passed>,
    counts: Arc<Passing>,
}

#[derive(Debug, Default)]
struct Passing {
    waiting: AtomicUsize,
    waiting_bytes: AtomicUsize,
    passed: AtomicU64,
    dropped: AtomicU64,
    failed: AtomicU64,
    /// Why the last one did.
    why: Mutex<Option<String>>,
}

#[derive(Debug)]
struct Passed {
    signal: Signal,
    is_json: bool,
    message: Bytes,
}

impl Forward {
    /// Starts a thread that passes exports on to a collector, with OTLP over HTTP.
    pub(crate) fn start(address: &Address, tls: &Tls) -> Forward {
        let (queue, waiting) = sync_channel(MAX_WAITING);
        let counts = Arc::new(Passing::default());
        let forward = Forward {
            address: address.as_str().to_owned(),
            queue,
            counts: Arc::clone(&counts),
        };
        let address = forward.address.clone();
        let sender = Sender::new(tls.clone(), PATIENCE);
        thread::spawn(move || pass(&sender, &address, &waiting, &counts));
        forward
    }

    /// Passes an export on, unless too many wait.
    pub(crate) fn pass_on(&self, signal: Signal, is_json: bool, message: Bytes) {
        let bytes = message.len();
        let before = self.counts.waiting_bytes.fetch_add(bytes, Relaxed);
        let passed = Passed {
            signal,
            is_json,
            message,
        };
        self.counts.waiting.fetch_add(1, Relaxed);
        if before + bytes > MAX_BYTES || self.queue.try_send(passed).is_err() {
            self.counts.waiting.fetch_sub(1, Relaxed);
            self.counts.waiting_bytes.fetch_sub(bytes, Relaxed);
            self.counts.dropped.fetch_add(1, Relaxed);
        }
    }

    /// Whether none waits any more.
    pub(crate) fn is_idle(&self) -> bool {
        self.counts.waiting.load(Relaxed) == 0
    }

    /// What became of them so far.
    pub(crate) fn remark(&self) -> Remark {
        let count = |counter: &AtomicU64| counter.load(Relaxed);
        Remark::Forwarded {
            address: self.address.clone(),
            passed: count(&self.counts.passed),
            failed: count(&self.counts.failed),
            dropped: count(&self.counts.dropped),
            why: self.counts.why().clone(),
        }
    }
}

impl Passing {
    fn why(&self) -> MutexGuard<'_, Option<String>> {
        self.why.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn pass(sender: &Sender, address: &str, waiting: &Receiver<Passed>, counts: &Passing) {
    for Passed {
        signal,
        is_json,
        message,
    } in waiting
    {
        let kind = if is_json {
            "application/json"
        } else {
            "application/x-protobuf"
        };
        let url = format!("{address}{}", signal.path());
        let counter = match sender.send(&url, kind, &message) {
            Ok(()) => &counts.passed,
            Err(why) => {
                *counts.why() = Some(why);
                &counts.failed
            }
        };
        counter.fetch_add(1, Relaxed);
        counts.waiting_bytes.fetch_sub(message.len(), Relaxed);
        counts.waiting.fetch_sub(1, Relaxed);
    }
}
