use slo_sdk::{Journey, Objectives, millis, slo};

const SHOP: Journey = Journey::new("shop").objectives(Objectives::new().availability(99.9));

#[slo(journey = SHOP, latency = 99% < millis(0))]
async fn cart() {}

fn main() {}
