use slo_sdk::{Journey, Objectives, slo};

const SHOP: Journey = Journey::new("shop").objectives(Objectives::new().availability(99.9));

const COLON: &str = "GET /users/:id";

#[slo(journey = SHOP, route = COLON)]
async fn colon() {}

const ORDERS: &str = "/orders";

#[slo(journey = SHOP, route = ORDERS)]
async fn without_method() {}

fn main() {}
