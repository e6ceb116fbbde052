//! As in slo-sdk, but loom's.

pub(crate) use loom::sync::{
    Arc, Mutex, MutexGuard,
    atomic::{AtomicBool, AtomicU64, Ordering},
};
use std::{
    fmt,
    sync::{OnceLock as Value, PoisonError},
};

/// Stands for the standard library's, as loom has none: what one thread has made another may not
/// see yet, and of several that would make it one does while the others wait.
pub(crate) struct OnceLock<T> {
    value: Value<T>,
    is_made: AtomicBool,
    making: Mutex<()>,
}

impl<T> OnceLock<T> {
    pub(crate) fn new() -> OnceLock<T> {
        OnceLock {
            value: Value::new(),
            is_made: AtomicBool::new(false),
            making: Mutex::new(()),
        }
    }

    pub(crate) fn get(&self) -> Option<&T> {
        self.is_made
            .load(Ordering::Acquire)
            .then(|| self.value.get())
            .flatten()
    }

    pub(crate) fn get_or_init(&self, make: impl FnOnce() -> T) -> &T {
        if let Some(value) = self.get() {
            return value;
        }
        let _making = self.making.lock().unwrap_or_else(PoisonError::into_inner);
        let value = self.value.get_or_init(make);
        self.is_made.store(true, Ordering::Release);
        value
    }
}

impl<T: fmt::Debug> fmt::Debug for OnceLock<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}
