use slo_sdk::{Journey, Objectives, slo};

const SHOP: Journey = Journey::new("shop").objectives(Objectives::new().availability(99.9));

#[slo(
    journey = SHOP,
    latency("a", 50% < 1ms),
    latency("b", 60% < 2ms),
    latency("c", 70% < 3ms),
    latency("d", 80% < 4ms),
    latency("e", 90% < 5ms),
)]
async fn cart() {}

fn main() {}
