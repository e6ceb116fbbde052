use slo_sdk::{Journey, Objectives, slo};

const SHOP: Journey = Journey::new("shop").objectives(Objectives::new().availability(99.9));

#[slo(journey = SHOP)]
struct Cart;

#[slo(journey = SHOP)]
impl Cart {
    fn method(&self) {}
}

#[slo(journey = SHOP)]
mod handlers {}

#[slo(journey = SHOP)]
const LIMIT: u8 = 1;

trait Repository {
    #[slo(journey = SHOP)]
    async fn load(&self);
}

fn main() {}
