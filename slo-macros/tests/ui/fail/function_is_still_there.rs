use slo_sdk::{Journey, Objectives, slo};

const SHOP: Journey = Journey::new("shop").objectives(Objectives::new().availability(99.9));

#[slo(jorney = SHOP)]
async fn cart() -> u8 {
    1
}

#[allow(dead_code)]
async fn caller() -> u8 {
    cart().await + 1
}

fn main() {}
