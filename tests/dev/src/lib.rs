//! What the service that `cargo slo dev` watches promises.

use slo_sdk::{Journey, Objectives, millis};

/// The journey of the service.
pub const CHECKOUT: Journey = Journey::new("checkout")
    .title("Buy what is in the cart")
    .owner("team-orders")
    .objectives(
        Objectives::new()
            .availability(99.0)
            .latency(95.0, millis(100)),
    );
