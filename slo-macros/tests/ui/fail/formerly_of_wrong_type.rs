use slo_sdk::{Journey, Objectives, slo};

const SHOP: Journey = Journey::new("shop").objectives(Objectives::new().availability(99.9));

const OLD: &str = "basket";

#[slo(journey = SHOP, formerly = OLD)]
async fn cart() {}

fn main() {}
