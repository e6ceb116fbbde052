use slo_sdk::{Journey, Objectives, slo};

const SHOP: Journey = Journey::new("shop").objectives(Objectives::new().availability(99.9));

#[slo(journey = SHOP)]
const fn constant() {}

#[slo(journey = SHOP)]
unsafe fn dangerous() {}

#[slo(journey = SHOP)]
extern "C" fn foreign() {}

fn main() {}
