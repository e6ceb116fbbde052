//! How the names of the telemetry contract are spelt in a store.

use crate::input::prometheus::Labels;

/// How a series of events is called: what the store made of `slo.events` and `service.name`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spelling {
    /// Dots stayed dots.
    pub has_dots: bool,
    /// A counter ends in `_total`.
    pub has_suffixes: bool,
    /// The label `job` says whose it is, else `service.name`.
    pub has_job: bool,
}

impl Spelling {
    /// That of a series with this name and these labels.
    pub(super) fn of(name: &str, labels: &Labels) -> Spelling {
        Spelling {
            has_dots: name.contains('.'),
            has_suffixes: name.ends_with("_total"),
            has_job: labels.get("job").is_some(),
        }
    }
}
