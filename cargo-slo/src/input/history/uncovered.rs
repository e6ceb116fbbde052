//! Requests that no annotation covers.

use serde::{Deserialize, Serialize};

/// The route of requests that nobody served: mostly strangers that try addresses.
pub const UNMATCHED: &str = "_unmatched";

/// The route of all requests beyond the first routes, which are told apart.
pub const OTHER: &str = "_other";

/// Requests on a route that no annotation covers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Uncovered {
    /// The route, or what stands for requests that matched none.
    pub route: String,
    /// How many.
    pub count: u64,
    /// What they came to, as far as that was counted; `None` of layers that did not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcomes: Option<Outcomes>,
}

/// What requests came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Outcomes {
    /// Answered as whoever asked could expect.
    pub good: u64,
    /// Failed.
    pub bad: u64,
    /// Neither, such as a fault of the client.
    pub excluded: u64,
}

impl Outcomes {
    /// Those of an outcome, by its name in `slo.outcome`; `None` for another name.
    pub(super) fn get_mut(&mut self, outcome: &str) -> Option<&mut u64> {
        match outcome {
            "good" => Some(&mut self.good),
            "bad" => Some(&mut self.bad),
            "excluded" => Some(&mut self.excluded),
            _ => None,
        }
    }

    /// Returns all of them; `None` if there are more than a number holds.
    pub fn total(self) -> Option<u64> {
        self.good.checked_add(self.bad)?.checked_add(self.excluded)
    }
}

impl Uncovered {
    /// Requests that an SLO would count, as far as that is known.
    pub fn valid(&self) -> u64 {
        self.count - self.outcomes.map_or(0, |outcomes| outcomes.excluded)
    }

    /// Requests that failed; `None` if nobody counted that.
    pub fn failed(&self) -> Option<u64> {
        self.outcomes.map(|outcomes| outcomes.bad)
    }

    /// Returns `true` if the outcomes are those of all requests.
    pub fn is_told(&self) -> bool {
        self.outcomes
            .is_some_and(|outcomes| outcomes.total() == Some(self.count))
    }

    /// The outcomes are those of some of the requests.
    pub(super) fn is_sound(&self) -> bool {
        self.outcomes
            .is_none_or(|outcomes| outcomes.total().is_some_and(|total| total <= self.count))
    }
}
