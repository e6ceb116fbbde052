use slo_sdk::{Journey, Objectives, Target, slo};

const SHOP: Journey = Journey::new("shop").objectives(Objectives::new().availability(99.9));

#[slo(journey = SHOP, availability = Target::from_percent(100.0))]
async fn cart() {}

fn main() {}
