use slo_sdk::{Journey, Objectives, slo};

const SHOP: Journey = Journey::new("shop").objectives(Objectives::new().availability(99.9));

#[slo(SHOP)]
async fn cart() {}

#[slo("shop")]
async fn stock() {}

fn main() {}
