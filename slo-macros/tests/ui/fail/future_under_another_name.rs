use slo_sdk::{Journey, Objectives, slo};
use std::future::Future;
use std::pin::Pin;

const SHOP: Journey = Journey::new("shop").objectives(Objectives::new().availability(99.0));

type Later = Pin<Box<dyn Future<Output = u8>>>;

fn later() -> Later {
    Box::pin(async { 1 })
}

#[slo(journey = SHOP)]
fn cart() -> Later {
    later()
}

#[slo(journey = SHOP, per = call)]
fn stock() -> std::future::Ready<u8> {
    std::future::ready(1)
}

fn main() {}
