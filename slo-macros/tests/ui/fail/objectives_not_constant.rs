use slo_sdk::{Journey, Objectives, slo};

const SHOP: Journey = Journey::new("shop").objectives(Objectives::new().availability(99.9));

#[slo(journey = SHOP, objectives = measured())]
async fn cart() {}

fn measured() -> Objectives {
    Objectives::new()
}

fn main() {}
