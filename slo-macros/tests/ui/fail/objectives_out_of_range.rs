use slo_sdk::{Journey, Objectives, slo};

const SHOP: Journey = Journey::new("shop").objectives(Objectives::new().availability(99.9));

#[slo(journey = SHOP, objectives = Objectives::new().availability(100.5))]
async fn cart() {}

fn main() {}
