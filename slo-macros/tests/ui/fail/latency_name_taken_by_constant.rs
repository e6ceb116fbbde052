use slo_sdk::{Journey, Objectives, Latency, millis, slo};

const SHOP: Journey = Journey::new("shop").objectives(Objectives::new().availability(99.9));

#[slo(
    journey = SHOP,
    latency = 99% < 500ms,
    latency = Latency::new(50.0, millis(100)),
)]
async fn cart() {}

fn main() {}
