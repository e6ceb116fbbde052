use slo_sdk::{Journey, Objectives, slo};

const SHOP: Journey = Journey::new("shop").objectives(Objectives::new().availability(99.9));

#[slo(journey = SHOP, availability = 0.999%)]
async fn cart() {}

#[slo(journey = SHOP, latency = 0.1% < 500ms)]
async fn stock() {}

fn main() {}
