//! An axum service: one layer, one annotation per handler.
//!
//! ```console
//! cargo run -p slo-tower --example axum --features axum
//! ```

#![expect(clippy::print_stdout, reason = "it shows what was counted")]

use axum::{Router, body::Body, http::Request, http::StatusCode, routing::get};
use http_body_util::BodyExt;
use slo_sdk::{EventResult, Journey, Objectives, millis, slo};
use slo_tower::SloLayer;
use tower::ServiceExt;

const CHECKOUT: Journey = Journey::new("checkout")
    .title("Buy what is in the cart")
    .objectives(
        Objectives::new()
            .availability(99.9)
            .latency(99.0, millis(500)),
    );

#[slo(journey = CHECKOUT, route = "GET /orders/{id}")]
async fn order(axum::extract::Path(id): axum::extract::Path<u32>) -> Result<String, StatusCode> {
    match id {
        0 => Err(StatusCode::INTERNAL_SERVER_ERROR),
        _ => Ok(format!("order {id}")),
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // A service would call `slo_sdk::init()` here, and serve `app` on a socket.
    let app = Router::new()
        .route("/orders/{id}", get(order))
        .layer(SloLayer::new());
    for path in ["/orders/1", "/orders/2", "/orders/0", "/orders/none"] {
        let request = Request::get(path).body(Body::empty())?;
        let response = app.clone().oneshot(request).await?;
        // An event ends with the last byte of the body.
        response.into_body().collect().await?;
    }
    let counts = slo_sdk::snapshot();
    let order = counts.endpoint("order").expect("it is annotated");
    let seen = [
        EventResult::Ok,
        EventResult::ClientError,
        EventResult::ServerError,
    ];
    let seen = seen.map(|result| order.result(result));
    println!("ok, client_error, server_error: {seen:?}");
    assert_eq!(seen, [2, 1, 1]);
    Ok(())
}
