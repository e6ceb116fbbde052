//! The orders service.
//!
//! The layer stands around the whole router: the cheapest place, and one that sees requests
//! before any routing. Which route matched is not to be seen there, so the annotations say
//! theirs.

mod answer;
mod book;
mod find_order;
mod payments;
mod place_order;

use axum::{
    Router, ServiceExt,
    body::Body,
    extract::Request,
    http::Response,
    routing::{get, post},
};
use book::Book;
use payments::Payments;
use shop_process::{Faults, Parent};
use slo_tower::{SloBody, SloLayer};
use std::{error::Error, sync::Arc};
use tower::ServiceBuilder;

/// What handlers work with.
#[derive(Debug)]
struct Orders {
    book: Book,
    payments: Payments,
    faults: Faults,
}

/// The name in faults and trails.
const NAME: &str = "orders";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let _slo = slo_sdk::init();
    let faults = Faults::from_env()?;
    eprintln!("{NAME}: {faults:?}");
    let payments = Payments::at(std::env::var("SHOP_PAYMENTS_URL")?)?;
    let parent = Parent::new()?;
    let router = Router::new()
        .route("/orders", post(place_order::place_order))
        .route("/orders/{id}", get(find_order::find_order))
        .with_state(Arc::new(Orders {
            book: Book::default(),
            payments,
            faults,
        }));
    let app = ServiceBuilder::new()
        // axum serves bodies of its own type only.
        .map_response(|response: Response<SloBody<Body>>| response.map(Body::new))
        .layer(SloLayer::new())
        .service(router);
    let listener = shop_process::listen().await?;
    axum::serve(listener, ServiceExt::<Request>::into_make_service(app))
        .with_graceful_shutdown(parent.says_stop())
        .await?;
    Ok(())
}
