//! The front door of the shop.
//!
//! The layer stands inside the router (`Router::layer`), where it sees which route matched:
//! the annotations need no `route`, requests that are refused before their handler runs are
//! attributed by what earlier requests on the same route taught, and `/healthz`, which
//! nobody annotated, is listed by name. It tells apart who calls, by a header.

mod answer;
mod capacity;
mod checkout;
mod order_status;
mod orders;
mod products;

use axum::{
    Router,
    http::HeaderName,
    routing::{get, post},
};
use capacity::Capacity;
use orders::Orders;
use shop_journeys::CONSUMERS;
use shop_process::{Faults, Parent};
use slo_tower::{Consumers, SloLayer};
use std::{error::Error, sync::Arc};

/// What handlers work with.
#[derive(Debug)]
struct Gateway {
    orders: Orders,
    faults: Faults,
    capacity: Capacity,
}

/// The name in faults and trails.
const NAME: &str = "gateway";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let consumers = Consumers::by_header(HeaderName::from_static("x-consumer"), CONSUMERS);
    let _slo = slo_sdk::init();
    let faults = Faults::from_env()?;
    eprintln!("{NAME}: {faults:?}");
    let orders = Orders::at(&std::env::var("SHOP_ORDERS_URL")?)?;
    let parent = Parent::new()?;
    let app = Router::new()
        .route("/checkout", post(checkout::checkout))
        .route("/orders/{id}", get(order_status::order_status))
        .route("/products", get(products::products))
        .route("/healthz", get(async || "well"))
        .layer(SloLayer::new().consumers(consumers))
        .with_state(Arc::new(Gateway {
            orders,
            faults,
            capacity: Capacity::from_env()?,
        }));
    let listener = shop_process::listen().await?;
    axum::serve(listener, app)
        .with_graceful_shutdown(parent.says_stop())
        .await?;
    Ok(())
}
