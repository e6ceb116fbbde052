use slo_sdk::{Journey, Objectives, slo};

const NIGHT: Journey = Journey::new("night").objectives(Objectives::new().availability(99.0));

#[slo(journey = NIGHT, every = 24h)]
fn main() {}
