use slo_sdk::{Journey, Objectives, slo};

const SHOP: Journey = Journey::new("shop").objectives(Objectives::new().availability(99.9));

#[slo]
async fn cart() {}

#[slo(availability = 99.9%)]
async fn stock() {}

fn main() {}
