//! What tells this process from every other that exports the same series.
//!
//! A forked child is another process: it has a start time and an identity of its own, made when
//! it first needs them.

use std::{
    process,
    sync::{Mutex, PoisonError},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

#[cfg(feature = "otlp")]
use std::{
    collections::hash_map::RandomState,
    hash::{BuildHasher, Hasher},
    thread,
};

/// Something that each process makes once.
struct Once<T>(Mutex<Option<(u32, T)>>);

impl<T: Clone> Once<T> {
    const fn new() -> Once<T> {
        Once(Mutex::new(None))
    }

    fn get_or(&self, make: impl FnOnce() -> T) -> T {
        let mut made = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match &*made {
            Some((process, value)) if *process == process::id() => value.clone(),
            _ => {
                let value = make();
                *made = Some((process::id(), value.clone()));
                value
            }
        }
    }
}

/// When the process began to count, as the wall clock said then: at its first `init`, its first
/// layer, or its first event. It does not change with the clock.
pub(crate) fn began() -> SystemTime {
    static BEGAN: Once<SystemTime> = Once::new();
    BEGAN.get_or(SystemTime::now)
}

/// [`began`] in seconds since the epoch.
pub(crate) fn start_time() -> f64 {
    let since_epoch = began().duration_since(UNIX_EPOCH);
    since_epoch.unwrap_or(Duration::ZERO).as_secs_f64()
}

/// A random UUID (version 4) of this process.
#[cfg(feature = "otlp")]
pub(crate) fn instance_id() -> String {
    static ID: Once<String> = Once::new();
    ID.get_or(|| uuid(random()))
}

/// 128 bits that no other process has. The keys of `RandomState` come from the system's random
/// numbers once for each thread, so a new thread has new ones, in a forked child as well.
#[cfg(feature = "otlp")]
fn random() -> u128 {
    let keys = thread::Builder::new()
        .name("slo-identity".to_owned())
        .spawn(RandomState::new)
        .ok()
        .and_then(|thread| thread.join().ok())
        .unwrap_or_default();
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let half = |which: u8| {
        let mut hasher = keys.build_hasher();
        hasher.write_u8(which);
        // Where no thread could be had, siblings of one parent may have the same keys.
        hasher.write_u32(process::id());
        hasher.write_u128(now.as_ref().map_or(0, Duration::as_nanos));
        u128::from(hasher.finish())
    };
    half(0) << 64 | half(1)
}

#[cfg(feature = "otlp")]
fn uuid(random: u128) -> String {
    const VERSION: u128 = 0xf << 76;
    const VARIANT: u128 = 0b11 << 62;
    let bits = random & !VERSION & !VARIANT | 4 << 76 | 0b10 << 62;
    let text = format!("{bits:032x}");
    let part = |from: usize, to: usize| &text[from..to];
    format!(
        "{}-{}-{}-{}-{}",
        part(0, 8),
        part(8, 12),
        part(12, 16),
        part(16, 20),
        part(20, 32)
    )
}

#[cfg(all(test, feature = "otlp"))]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn an_identity_is_a_uuid_of_version_4() {
        assert_eq!(uuid(0), "00000000-0000-4000-8000-000000000000");
        assert_eq!(uuid(u128::MAX), "ffffffff-ffff-4fff-bfff-ffffffffffff");
        assert_eq!(
            uuid(0x0123_4567_89ab_cdef_0123_4567_89ab_cdef),
            "01234567-89ab-4def-8123-456789abcdef"
        );
    }

    #[test]
    fn no_two_identities_are_equal() {
        let all: BTreeSet<_> = (0..1000).map(|_| uuid(random())).collect();
        assert_eq!(all.len(), 1000);
    }

    #[test]
    fn what_a_process_has_made_stays() {
        assert_eq!(instance_id(), instance_id());
        let began = began();
        thread::sleep(Duration::from_millis(2));
        assert_eq!(super::began(), began);
        assert!(began <= SystemTime::now());
    }
}
