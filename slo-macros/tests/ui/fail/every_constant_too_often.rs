use slo_sdk::{Journey, Objectives, millis, slo};

const SHOP: Journey = Journey::new("shop").objectives(Objectives::new().availability(99.9));

#[slo(journey = SHOP, every = millis(10))]
async fn cart() {}

fn main() {}
