use slo_sdk::{Journey, Objectives, slo};

const SHOP: Journey = Journey::new("shop").objectives(Objectives::new().availability(99.9));

use std::future::Future;

type MyFuture = std::future::Ready<u8>;

#[slo(journey = SHOP)]
fn alias() -> MyFuture {
    std::future::ready(1)
}

#[slo(journey = SHOP)]
fn unpinned() -> Box<dyn Future<Output = u8> + Unpin> {
    Box::new(std::future::ready(1))
}

fn main() {}
