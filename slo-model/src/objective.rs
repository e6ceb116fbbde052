//! What is promised: availability and latency objectives over a window.

use crate::{
    sli::{AVAILABILITY, LATENCY},
    target::Target,
    text,
    window::Window,
};
use std::time::Duration;

/// Most latency objectives one set of [`Objectives`] may hold.
pub const MAX_LATENCY_OBJECTIVES: usize = 4;

/// A latency objective: the share of valid events answered within a threshold.
///
/// ```
/// use slo_model::{Latency, millis};
/// const FAST: Latency = Latency::new(99.0, millis(500));
/// assert_eq!(FAST.name(), "latency");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Latency {
    name: &'static str,
    target: Target,
    threshold: Duration,
}

impl Latency {
    /// `percent` of the valid events end within `threshold`.
    ///
    /// # Panics
    /// As [`Target::from_percent`], or if the threshold is 0 or longer than a day.
    pub const fn new(percent: f64, threshold: Duration) -> Latency {
        Latency::named(LATENCY, percent, threshold)
    }

    /// The same under a name of its own, to tell several on one endpoint apart.
    ///
    /// # Panics
    /// As [`Latency::new`], or if the name is not a lower-case word or is `availability`.
    pub const fn named(name: &'static str, percent: f64, threshold: Duration) -> Latency {
        Latency::exact(name, Target::from_percent(percent), threshold)
    }

    /// The same from a [`Target`].
    ///
    /// # Panics
    /// If the name is not a lower-case word or is `availability`, or if the threshold is
    /// 0 or longer than a day.
    pub const fn exact(name: &'static str, target: Target, threshold: Duration) -> Latency {
        assert!(
            text::is_sli_name(name),
            "the name of a latency objective is made of lower-case letters, digits and single `-`"
        );
        assert!(
            !text::equal(name, AVAILABILITY),
            "`availability` is the name of another SLI; call the latency objective something else"
        );
        assert!(
            threshold.as_nanos() > 0,
            "a latency threshold is longer than nothing"
        );
        assert!(
            threshold.as_secs() <= 86_400,
            "a latency threshold is at most a day long"
        );
        Latency {
            name,
            target,
            threshold,
        }
    }

    /// Returns the name that tells it from other latency objectives; `latency` by default.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Returns the share of valid events that must end in time.
    pub const fn target(&self) -> Target {
        self.target
    }

    /// Returns an event is in time if it took at most this long.
    pub const fn threshold(&self) -> Duration {
        self.threshold
    }
}

/// The objectives of a journey or of one endpoint, built up in a constant.
///
/// ```
/// use slo_model::{Objectives, Window, millis};
/// const GOLD: Objectives = Objectives::new()
///     .availability(99.9)
///     .latency(99.0, millis(500))
///     .latency_named("typical", 50.0, millis(100))
///     .window(Window::days(28));
/// // One tier, tightened for one endpoint:
/// const STRICT: Objectives = GOLD.latency(99.0, millis(120));
/// assert_eq!(STRICT.latencies().count(), 2);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Objectives {
    availability: Option<Target>,
    latencies: [Option<Latency>; MAX_LATENCY_OBJECTIVES],
    window: Window,
}

impl Objectives {
    /// No objective yet, over the default window of 30 days.
    pub const fn new() -> Objectives {
        Objectives {
            availability: None,
            latencies: [None; MAX_LATENCY_OBJECTIVES],
            window: Window::DEFAULT,
        }
    }

    /// `percent` of the valid events are good.
    ///
    /// # Panics
    /// As [`Target::from_percent`].
    #[must_use]
    pub const fn availability(self, percent: f64) -> Objectives {
        self.availability_exact(Target::from_percent(percent))
    }

    /// The same from a [`Target`].
    #[must_use]
    pub const fn availability_exact(mut self, target: Target) -> Objectives {
        self.availability = Some(target);
        self
    }

    /// `percent` of the valid events end within `threshold`; replaces an objective of the
    /// default name.
    ///
    /// # Panics
    /// As [`Latency::new`].
    #[must_use]
    pub const fn latency(self, percent: f64, threshold: Duration) -> Objectives {
        self.latency_objective(Latency::new(percent, threshold))
    }

    /// Returns a latency objective under a name of its own; replaces one of the same name.
    ///
    /// # Panics
    /// As [`Latency::named`], or if there would be more than
    /// [`MAX_LATENCY_OBJECTIVES`].
    #[must_use]
    pub const fn latency_named(
        self,
        name: &'static str,
        percent: f64,
        threshold: Duration,
    ) -> Objectives {
        self.latency_objective(Latency::named(name, percent, threshold))
    }

    /// Adds a [`Latency`], or replaces the one of the same name.
    ///
    /// # Panics
    /// If there would be more than [`MAX_LATENCY_OBJECTIVES`].
    #[must_use]
    pub const fn latency_objective(mut self, latency: Latency) -> Objectives {
        let mut i = 0;
        while i < MAX_LATENCY_OBJECTIVES {
            match self.latencies[i] {
                Some(other) if !text::equal(other.name, latency.name) => i += 1,
                _ => {
                    self.latencies[i] = Some(latency);
                    return self;
                }
            }
        }
        panic!("an endpoint or journey has at most four latency objectives");
    }

    /// The period the objectives are promised over.
    #[must_use]
    pub const fn window(mut self, window: Window) -> Objectives {
        self.window = window;
        self
    }

    /// Returns `true` if nothing is promised.
    pub const fn is_empty(&self) -> bool {
        self.availability.is_none() && self.latencies[0].is_none()
    }

    /// Returns the availability target, if there is one.
    pub const fn get_availability(&self) -> Option<Target> {
        self.availability
    }

    /// Returns the latency objectives in the order they were added.
    pub fn latencies(&self) -> impl Iterator<Item = &Latency> {
        self.latencies.iter().flatten()
    }

    /// Returns the latency objective at a place below [`MAX_LATENCY_OBJECTIVES`], for constant
    /// evaluation.
    pub const fn latency_at(&self, place: usize) -> Option<Latency> {
        self.latencies[place]
    }

    /// Returns the period the objectives are promised over.
    pub const fn get_window(&self) -> Window {
        self.window
    }
}

impl Default for Objectives {
    fn default() -> Objectives {
        Objectives::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::threshold::{hours, millis};

    #[test]
    fn latency_of_one_name_is_replaced() {
        let tier = Objectives::new().latency(99.0, millis(500)).latency_named(
            "typical",
            50.0,
            millis(100),
        );
        let strict = tier.latency(95.0, millis(120));
        let all: Vec<_> = strict
            .latencies()
            .map(|l| (l.name(), l.threshold()))
            .collect();
        assert_eq!(all, [("latency", millis(120)), ("typical", millis(100))]);
    }

    #[test]
    fn too_many_or_senseless_objectives_are_refused() {
        let four = Objectives::new()
            .latency(99.0, millis(1))
            .latency_named("b", 99.0, millis(1))
            .latency_named("c", 99.0, millis(1))
            .latency_named("d", 99.0, millis(1));
        let refused: [fn() -> Latency; 5] = [
            || Latency::new(99.0, Duration::ZERO),
            || Latency::new(99.0, hours(25)),
            || Latency::named("very.typical", 99.0, millis(1)),
            || Latency::named("availability", 99.0, millis(1)),
            || Latency::new(100.0, millis(1)),
        ];
        for make in refused {
            assert!(std::panic::catch_unwind(make).is_err());
        }
        assert!(std::panic::catch_unwind(|| four.latency_named("e", 99.0, millis(1))).is_err());
    }
}
