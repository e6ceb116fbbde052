//! The indicators an endpoint is measured by.

use crate::{Declaration, Objectives, objective::MAX_LATENCY_OBJECTIVES, text};
use std::time::Duration;

/// Name of the SLI that counts failed events.
pub const AVAILABILITY: &str = "availability";

/// Name of the latency SLI where a latency objective has none of its own.
pub const LATENCY: &str = "latency";

/// Most latency SLIs one endpoint can have: the journey's and its own.
pub const MAX_LATENCY_SLIS: usize = 2 * MAX_LATENCY_OBJECTIVES;

/// A latency SLI: its name, and the threshold that parts in time from late.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sli {
    /// Name, unique on the endpoint.
    pub name: &'static str,
    /// An event is in time if it took at most this long.
    pub threshold: Duration,
}

/// What one endpoint is measured by: every SLI that its own objectives or its journey's
/// speak of. Each event is judged once per SLI, by the endpoint's threshold where it has
/// one, else the journey's, and counts for both levels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slis {
    availability: bool,
    latencies: [Option<Sli>; MAX_LATENCY_SLIS],
}

impl Slis {
    /// Returns the SLIs of a declaration, thresholds in ascending order.
    pub const fn from_declaration(declaration: &Declaration) -> Slis {
        let mut slis = Slis {
            availability: false,
            latencies: [None; MAX_LATENCY_SLIS],
        };
        if let Some(own) = declaration.objectives {
            slis = slis.and(&own);
        }
        if let Some(of_journey) = declaration.journey.get_objectives() {
            slis = slis.and(&of_journey);
        }
        slis
    }

    /// Adds the SLIs that are not there yet.
    const fn and(mut self, objectives: &Objectives) -> Slis {
        if objectives.get_availability().is_some() {
            self.availability = true;
        }
        let mut i = 0;
        while i < MAX_LATENCY_OBJECTIVES {
            if let Some(latency) = objectives.latency_at(i) {
                self.insert(Sli {
                    name: latency.name(),
                    threshold: latency.threshold(),
                });
            }
            i += 1;
        }
        self
    }

    const fn insert(&mut self, sli: Sli) {
        let mut i = 0;
        while i < MAX_LATENCY_SLIS {
            match self.latencies[i] {
                Some(other) if text::equal(other.name, sli.name) => return,
                _ => i += 1,
            }
        }
        // Insertion into a sorted list: carry the larger one on to the next place.
        let mut carried = sli;
        i = 0;
        while i < MAX_LATENCY_SLIS {
            match self.latencies[i] {
                None => {
                    self.latencies[i] = Some(carried);
                    return;
                }
                Some(other) => {
                    if carried.threshold.as_nanos() < other.threshold.as_nanos() {
                        self.latencies[i] = Some(carried);
                        carried = other;
                    }
                }
            }
            i += 1;
        }
    }

    /// Returns `true` if availability is measured.
    pub const fn availability(&self) -> bool {
        self.availability
    }

    /// Returns the latency SLIs by ascending threshold.
    pub fn latencies(&self) -> impl Iterator<Item = &Sli> {
        self.latencies.iter().flatten()
    }

    /// Returns the latency SLI at a place below [`MAX_LATENCY_SLIS`], for constant evaluation.
    pub const fn latency_at(&self, place: usize) -> Option<Sli> {
        self.latencies[place]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Journey, millis};

    #[test]
    fn own_threshold_wins_and_all_are_sorted() {
        const JOURNEY: Journey = Journey::new("j").objectives(
            Objectives::new()
                .availability(99.9)
                .latency(99.0, millis(500))
                .latency_named("worst", 99.9, millis(900)),
        );
        const DECLARATION: Declaration = Declaration::new("e", JOURNEY).objectives(
            Objectives::new().latency(99.0, millis(300)).latency_named(
                "typical",
                50.0,
                millis(100),
            ),
        );
        const SLIS: Slis = Slis::from_declaration(&DECLARATION);
        assert!(SLIS.availability());
        let all: Vec<_> = SLIS
            .latencies()
            .map(|s| (s.name, s.threshold.as_millis()))
            .collect();
        assert_eq!(all, [("typical", 100), ("latency", 300), ("worst", 900)]);
    }
}
