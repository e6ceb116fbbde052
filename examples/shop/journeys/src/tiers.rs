//! Objectives to choose from, so that no team has to start from an empty page.

use slo_sdk::{Objectives, Window, millis, secs};

/// For what earns money while the user waits.
pub const GOLD: Objectives = Objectives::new()
    .availability(99.9)
    .latency(99.0, millis(500));

/// For what a user can do again a moment later.
pub const SILVER: Objectives = Objectives::new()
    .availability(99.5)
    .latency(95.0, millis(800));

/// For what nobody waits for. Four whole weeks hold the same number of weekends each time.
pub const BATCH: Objectives = Objectives::new()
    .availability(99.0)
    .latency_named("in-time", 95.0, secs(30))
    .window(Window::weeks(4));
