use slo_sdk::{Journey, Objectives, slo};

const SHOP: Journey = Journey::new("shop")
    .formerly(&["store", "shop"])
    .objectives(Objectives::new().availability(99.9));

#[slo(journey = SHOP)]
async fn cart() {}

fn main() {}
