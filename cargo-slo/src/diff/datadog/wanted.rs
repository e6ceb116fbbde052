//! What Datadog should have.

use super::identity::Identity;
use crate::input::datadog::{Monitor, Slo};
use serde::Deserialize;
use serde_json::Value;

/// An SLO as it should be, with its monitors.
#[derive(Clone, Debug)]
pub struct Objective {
    pub(super) slo: Slo,
    pub(super) identity: Identity,
    /// The body of the request that creates it.
    pub(super) body: Value,
    /// Each with the body of the request that creates it.
    pub(super) monitors: Vec<(Monitor, Value)>,
}

/// What `cargo slo generate datadog` writes for a service.
#[derive(Deserialize)]
struct Requests {
    objectives: Vec<Bodies>,
}

#[derive(Deserialize)]
struct Bodies {
    slo: Value,
    monitors: Vec<Value>,
}

/// Returns the objectives of a file of `cargo slo generate datadog`.
///
/// # Errors
/// If it is not such a file.
pub fn read_objectives(text: &str) -> serde_json::Result<Vec<Objective>> {
    let requests: Requests = serde_json::from_str(text)?;
    let objectives = requests.objectives.into_iter();
    objectives
        .map(
            |Bodies {
                 slo: body,
                 monitors,
             }| {
                let slo = Slo::deserialize(&body)?;
                let monitors = monitors.into_iter();
                let monitors = monitors.map(|body| Ok((Monitor::deserialize(&body)?, body)));
                Ok(Objective {
                    identity: Identity::from_tags(slo.tags.iter().map(String::as_str)),
                    monitors: monitors.collect::<serde_json::Result<_>>()?,
                    slo,
                    body,
                })
            },
        )
        .collect()
}

/// A name as people read it: without what keeps it from notifying somebody.
pub(super) fn readable(name: &str) -> String {
    name.replace('\u{2060}', "")
}
