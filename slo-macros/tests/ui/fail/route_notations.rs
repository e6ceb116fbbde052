use slo_sdk::{Journey, Objectives, slo};

const SHOP: Journey = Journey::new("shop").objectives(Objectives::new().availability(99.9));

#[slo(journey = SHOP, route = "GET /users/:id")]
async fn colon() {}

#[slo(journey = SHOP, route = "GET /files/*path")]
async fn star() {}

#[slo(journey = SHOP, route = "GET /users/<id>")]
async fn angle() {}

#[slo(journey = SHOP, route = "ANY /any/{id}")]
async fn any() {}

#[slo(journey = SHOP, route = "GET /search?q={query}")]
async fn query() {}

#[slo(journey = SHOP, route = "PSOT /orders")]
async fn misspelt() {}

#[slo(journey = SHOP, route = "/orders")]
async fn without_method() {}

fn main() {}
