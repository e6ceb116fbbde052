//! How long something takes.
//!
//! The processor's own counter is read several times faster than the system's clock. It is
//! used where it counts at a constant rate, and where the kernel has not found out that it
//! is wrong on this machine: the system's clock is then the one that holds.

use quanta::Clock;
use std::{sync::OnceLock, time::Instant};

#[cfg(feature = "test-clock")]
pub(crate) mod set;

/// A moment, to measure from: what the clock of the process read then.
#[derive(Clone, Copy, Debug)]
pub struct Moment(u64);

/// The processor's counter, where it is trusted.
#[derive(Debug)]
struct Counter {
    clock: Clock,
    /// Nanoseconds of a tick, times 2³².
    factor: u64,
}

impl Counter {
    fn new() -> Counter {
        let clock = Clock::new();
        let factor = clock.delta_as_nanos(0, 1 << 32);
        Counter { clock, factor }
    }

    #[inline]
    fn ticks(&self) -> u64 {
        self.clock.raw()
    }

    /// What so many ticks took. The factor is wrong by less than a billionth.
    #[inline]
    #[expect(
        clippy::cast_possible_truncation,
        reason = "64 bits of nanoseconds last for centuries"
    )]
    fn nanoseconds(&self, ticks: u64) -> u64 {
        ((u128::from(ticks) * u128::from(self.factor)) >> 32) as u64
    }
}

/// Nothing before the first event, and where the counter is not trusted.
static COUNTER: OnceLock<Counter> = OnceLock::new();

impl Moment {
    /// Returns the current moment.
    #[inline]
    pub fn now() -> Moment {
        #[cfg(feature = "test-clock")]
        if let Some(nanoseconds) = set::nanoseconds() {
            return Moment(nanoseconds);
        }
        match COUNTER.get() {
            Some(counter) => Moment(counter.ticks()),
            None => Moment::from_elsewhere(),
        }
    }

    /// Returns the nanoseconds from this moment until now; never less than none.
    #[inline]
    pub(crate) fn elapsed(self) -> u64 {
        #[cfg(feature = "test-clock")]
        if let Some(nanoseconds) = set::nanoseconds() {
            return nanoseconds.saturating_sub(self.0);
        }
        match COUNTER.get() {
            Some(counter) => counter.nanoseconds(counter.ticks().saturating_sub(self.0)),
            None => Moment::from_elsewhere().0.saturating_sub(self.0),
        }
    }

    #[cold]
    #[inline(never)]
    fn from_elsewhere() -> Moment {
        calibrate();
        match COUNTER.get() {
            Some(counter) => Moment(counter.ticks()),
            None => Moment::of_system(),
        }
    }

    /// The system's clock, in nanoseconds since it was first asked.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "64 bits of nanoseconds last for centuries"
    )]
    fn of_system() -> Moment {
        static START: OnceLock<Instant> = OnceLock::new();
        Moment(START.get_or_init(Instant::now).elapsed().as_nanos() as u64)
    }
}

/// Decides for a clock and prepares it, which takes milliseconds once in a process. Whoever
/// started to measure by one clock goes on with it.
pub(crate) fn calibrate() {
    static IS_TRUSTED: OnceLock<bool> = OnceLock::new();
    if *IS_TRUSTED.get_or_init(is_counter_trusted) {
        COUNTER.get_or_init(Counter::new);
    }
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
        let counter = Counter::new();
        let (start, system) = (counter.ticks(), Instant::now());
        thread::sleep(SLEEP);
        let measured = Duration::from_nanos(counter.nanoseconds(counter.ticks() - start));
        let expected = system.elapsed();
        assert!(measured >= SLEEP - SLEEP / 100, "{measured:?}");
        assert!(
            measured <= expected + SLEEP / 100,
            "{measured:?} of {expected:?}"
        );
    }

    /// As long as a process lasts, and as exactly as the clock was calibrated.
    #[test]
    fn a_factor_is_as_exact_as_the_clock() {
        const CENTURY_OF_TICKS: u64 = 100 * 365 * 86_400 * 3_000_000_000;
        let counter = Counter::new();
        for ticks in [0, 1, 1000, 3_000_000_000, CENTURY_OF_TICKS] {
            let exact = counter.clock.delta_as_nanos(0, ticks);
            let off = counter.nanoseconds(ticks).abs_diff(exact);
            assert!(
                off <= 1 + exact / 1_000_000_000,
                "{ticks} ticks: {off} ns off"
            );
        }
    }

    #[test]
    fn the_system_clock_goes_forwards() {
        let start = Moment::of_system();
        thread::sleep(Duration::from_millis(5));
        let elapsed = Moment::of_system().0 - start.0;
        assert!((5_000_000..5_000_000_000).contains(&elapsed), "{elapsed}");
    }
}
