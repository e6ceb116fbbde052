use slo_sdk::{Journey, Objectives, slo};

const SHOP: Journey = Journey::new("shop").objectives(Objectives::new().availability(99.9));

#[slo(journey = SHOP, formerly = "Place Order")]
async fn cart() {}

fn main() {}
