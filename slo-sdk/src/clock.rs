//! How long something takes.
//!
//! The processor's own counter is read several times faster than the system's clock. It is
//! used where it counts at a constant rate, and where the kernel has not found out that it
//! is wrong on this machine: the system's clock is then the one that holds.

use std::{
    sync::{
        OnceLock,
        atomic::{AtomicU8, Ordering::Relaxed},
    },
    time::Instant,
};

/// A moment, to measure from.
#[derive(Clone, Copy, Debug)]
pub struct Moment(quanta::Instant);

impl Moment {
    /// This one.
    #[inline]
    pub fn now() -> Moment {
        match SOURCE.load(Relaxed) {
            COUNTER => Moment(quanta::Instant::now()),
            _ => Moment::from_elsewhere(),
        }
    }

    /// Nanoseconds from this moment until now; never less than none.
    #[inline]
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the clock itself counts 64 bits of nanoseconds"
    )]
    pub(crate) fn elapsed(self) -> u64 {
        Moment::now().0.saturating_duration_since(self.0).as_nanos() as u64
    }

    #[cold]
    fn from_elsewhere() -> Moment {
        if SOURCE.load(Relaxed) == UNKNOWN {
            calibrate();
            return Moment::now();
        }
        static START: OnceLock<(quanta::Instant, Instant)> = OnceLock::new();
        let (counted, start) = START.get_or_init(|| (quanta::Instant::now(), Instant::now()));
        Moment(*counted + start.elapsed())
    }
}

const UNKNOWN: u8 = 0;
const COUNTER: u8 = 1;
const SYSTEM: u8 = 2;

static SOURCE: AtomicU8 = AtomicU8::new(UNKNOWN);

/// Decides for a clock and prepares it, which takes milliseconds once in a process.
pub(crate) fn calibrate() {
    let source = if is_counter_trusted() {
        COUNTER
    } else {
        SYSTEM
    };
    if source == COUNTER {
        let _ = quanta::Instant::now();
    }
    // Whoever started to measure by one clock goes on with it.
    let _ = SOURCE.compare_exchange(UNKNOWN, source, Relaxed, Relaxed);
}

/// Where there is no counter of constant rate, `quanta` asks the system by itself. What it
/// does not know is that a kernel may have measured the counters of several sockets against
/// each other and given them up.
fn is_counter_trusted() -> bool {
    const AVAILABLE: &str = "/sys/devices/system/clocksource/clocksource0/available_clocksource";
    if !cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        return true;
    }
    match std::fs::read_to_string(AVAILABLE) {
        Ok(sources) => names_the_counter(&sources),
        // A container that hides it says nothing about the machine.
        Err(_) => true,
    }
}

/// A source that the kernel has given up is no longer available. The ones that hypervisors
/// bring are made from the counter.
fn names_the_counter(sources: &str) -> bool {
    sources
        .split_whitespace()
        .any(|source| matches!(source, "tsc" | "kvm-clock" | "hyperv_clocksource_tsc_page"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{thread, time::Duration};

    #[test]
    fn a_counter_the_kernel_gave_up_is_not_trusted() {
        assert!(names_the_counter("tsc hpet acpi_pm \n"));
        assert!(names_the_counter("kvm-clock acpi_pm"));
        assert!(!names_the_counter("hpet acpi_pm \n"));
        assert!(!names_the_counter(""));
    }

    #[test]
    #[cfg_attr(miri, ignore = "miri's clocks do not agree")]
    fn both_clocks_measure_the_same() {
        const SLEEP: Duration = Duration::from_millis(200);
        calibrate();
        let (counter, system) = (Moment(quanta::Instant::now()), Instant::now());
        thread::sleep(SLEEP);
        let measured = quanta::Instant::now().saturating_duration_since(counter.0);
        let expected = system.elapsed();
        assert!(measured >= SLEEP - SLEEP / 100, "{measured:?}");
        assert!(
            measured <= expected + SLEEP / 100,
            "{measured:?} of {expected:?}"
        );
    }

    #[test]
    fn the_system_clock_goes_forwards() {
        SOURCE.store(SYSTEM, Relaxed);
        let start = Moment::now();
        thread::sleep(Duration::from_millis(5));
        let elapsed = start.elapsed();
        SOURCE.store(COUNTER, Relaxed);
        assert!((5_000_000..5_000_000_000).contains(&elapsed), "{elapsed}");
    }
}
