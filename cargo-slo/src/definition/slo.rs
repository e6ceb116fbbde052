//! One service level objective.

use serde::{Serialize, Serializer};
use slo_model::{AVAILABILITY, Target, Window, record::SourceRecord};
use std::{fmt, time::Duration};

/// What tells an SLO from every other: `service/journey.sli` over all endpoints of a journey
/// in a service, `service/journey/endpoint.sli` for one endpoint.
///
/// It stays the same when the target, the owner or the code changes, so history goes on.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Identity {
    /// Name of the service, as in `service.name`.
    pub service: String,
    /// Name of the journey.
    pub journey: String,
    /// Name of the endpoint, nothing for the journey as a whole.
    pub endpoint: Option<String>,
    /// Name of the SLI.
    pub sli: String,
}

impl Identity {
    /// Whose events it is about, in its service: `journey` or `journey/endpoint`.
    pub fn part(&self) -> String {
        match &self.endpoint {
            None => self.journey.clone(),
            Some(endpoint) => format!("{}/{endpoint}", self.journey),
        }
    }

    /// Its name in its service: `journey.sli` or `journey/endpoint.sli`.
    pub fn name_in_service(&self) -> String {
        format!("{}.{}", self.part(), self.sli)
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Rules are full of them, and this is twice as fast as with a format.
        f.write_str(&self.service)?;
        f.write_str("/")?;
        f.write_str(&self.journey)?;
        if let Some(endpoint) = &self.endpoint {
            f.write_str("/")?;
            f.write_str(endpoint)?;
        }
        f.write_str(".")?;
        f.write_str(&self.sli)
    }
}

impl Serialize for Identity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Whose events an SLO is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Those of all endpoints of a journey in the service.
    Journey,
    /// Those of one endpoint.
    Endpoint,
}

impl Level {
    /// Returns the word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Level::Journey => "journey",
            Level::Endpoint => "endpoint",
        }
    }
}

/// What is measured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sli {
    /// The share of valid events that did not fail.
    Availability,
    /// The share of valid events that ended in time.
    Latency {
        /// Its name, `latency` unless the annotation gives it another.
        name: String,
        /// An event is in time if it took at most this long.
        threshold: Duration,
        /// True where an endpoint of the journey judges its events by a threshold of its own.
        overridden: bool,
    },
}

impl Sli {
    /// Returns the name, as in the attribute `slo.sli`.
    pub fn name(&self) -> &str {
        match self {
            Sli::Availability => AVAILABILITY,
            Sli::Latency { name, .. } => name,
        }
    }

    /// Returns the threshold of a latency SLI.
    pub fn threshold(&self) -> Option<Duration> {
        match self {
            Sli::Availability => None,
            Sli::Latency { threshold, .. } => Some(*threshold),
        }
    }
}

/// One service level objective: what is measured, over whose events, and what is promised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slo {
    /// What tells it from others.
    pub identity: Identity,
    /// What is measured.
    pub sli: Sli,
    /// The share of valid events that is promised to be good.
    pub target: Target,
    /// The period it is promised over.
    pub window: Window,
    /// The team that answers for it, where one is named.
    pub owner: String,
    /// The page that tells what to do when its alerts fire, where there is one.
    pub runbook: String,
    /// What it was before its journey or endpoint was renamed: the events of these are in its
    /// error budget, too. No other SLO of the service is or was any of them.
    pub formerly: Vec<Identity>,
    /// Where the endpoints whose events it counts are annotated.
    pub sources: Vec<SourceRecord>,
}

impl Slo {
    /// Whose events it is about.
    pub const fn level(&self) -> Level {
        match self.identity.endpoint {
            None => Level::Journey,
            Some(_) => Level::Endpoint,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identities_of_both_levels() {
        let journey = Identity {
            service: "orders".into(),
            journey: "checkout".into(),
            endpoint: None,
            sli: "availability".into(),
        };
        assert_eq!(journey.to_string(), "orders/checkout.availability");
        let endpoint = Identity {
            endpoint: Some("cart".into()),
            ..journey
        };
        assert_eq!(endpoint.to_string(), "orders/checkout/cart.availability");
        assert_eq!(endpoint.name_in_service(), "checkout/cart.availability");
        assert_eq!(endpoint.part(), "checkout/cart");
    }
}
