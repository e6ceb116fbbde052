use slo_sdk::{Journey, Objectives, slo};

const SHOP: Journey = Journey::new("shop").objectives(Objectives::new().availability(99.9));

const BARE: Journey = Journey::new("bare");

#[slo(
    route = "GET /cart",
    journey = BARE,
)]
async fn cart() {}

fn main() {}
