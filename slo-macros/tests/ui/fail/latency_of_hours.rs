use slo_sdk::{Journey, Objectives, hours, slo};

const SHOP: Journey = Journey::new("shop").objectives(Objectives::new().availability(99.9));

#[slo(journey = SHOP, latency = 99% < 90m)]
async fn cart() {}

#[slo(journey = SHOP, latency = 99% < hours(2))]
async fn stock() {}

const BATCH: Journey = Journey::new("batch").objectives(Objectives::new().latency(99.0, hours(3)));

#[slo(journey = BATCH)]
async fn report() {}

// Jobs and calls may take as long.
#[slo(journey = BATCH, every = 24h)]
async fn nightly() {}

#[slo(journey = BATCH, per = call)]
async fn import() {}

fn main() {}
