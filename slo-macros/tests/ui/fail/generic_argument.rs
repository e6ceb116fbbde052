use slo_sdk::{Journey, Objectives, slo};

const SHOP: Journey = Journey::new("shop").objectives(Objectives::new().availability(99.9));

#[slo(journey = T::JOURNEY)]
fn generic<T: Serves>() {}

trait Serves {
    const JOURNEY: Journey;
}

fn main() {}
