use slo_sdk::{Journey, Objectives, slo};

const SHOP: Journey = Journey::new("shop").objectives(Objectives::new().availability(99.9));

const SHARE: Objectives = Objectives::new().availability(0.999);

#[slo(journey = SHOP, objectives = SHARE)]
async fn cart() {}

fn main() {}
