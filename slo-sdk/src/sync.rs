//! What threads share, in one place: `tests/loom` runs the modules that use it with loom's.

pub(crate) use std::sync::{
    Arc, Mutex, MutexGuard, OnceLock,
    atomic::{AtomicU64, Ordering},
};
