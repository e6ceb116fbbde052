use slo_sdk::{Journey, Objectives, slo};

const SHOP: Journey = Journey::new("shop").objectives(Objectives::new().availability(99.9));

#[slo(journey = SHOP, every = 5m, bad_status = [429])]
async fn settle() {}

fn main() {}
