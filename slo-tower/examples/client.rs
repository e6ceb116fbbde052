//! A client: the layer counts the calls of this service to another.
//!
//! ```console
//! cargo run -p slo-tower --example client
//! ```

#![expect(clippy::print_stdout, reason = "it shows what was counted")]

use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Empty};
use slo_sdk::{Endpoint, EventResult, Journey, Objectives, endpoint, millis};
use slo_tower::SloLayer;
use std::convert::Infallible;
use tower::{Service, ServiceBuilder, ServiceExt, service_fn};

const PAYMENT: Journey = Journey::new("payment")
    .title("Pay for an order")
    .objectives(
        Objectives::new()
            .availability(99.5)
            .latency(99.0, millis(300)),
    );

/// All calls count for one endpoint: no handler of this process claims them.
static CHARGE: &Endpoint = endpoint!(name = "charge", journey = PAYMENT);

type Body = Empty<bytes::Bytes>;

/// Stands for hyper's client or tonic's `Channel`.
async fn bank(request: Request<Body>) -> Result<Response<Body>, Infallible> {
    let mut response = Response::new(Body::new());
    if request.uri().path() == "/closed" {
        *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    }
    Ok(response)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut client = ServiceBuilder::new()
        .layer(SloLayer::new().endpoint(CHARGE))
        .service(service_fn(bank));
    for path in ["/charge", "/charge", "/closed"] {
        let request = Request::post(path).body(Body::new())?;
        let response = client.ready().await?.call(request).await?;
        response.into_body().collect().await?;
    }
    let counts = slo_sdk::snapshot();
    let charge = counts.endpoint("charge").expect("it is declared");
    let seen = [EventResult::Ok, EventResult::ServerError].map(|result| charge.result(result));
    println!("ok, server_error: {seen:?}");
    assert_eq!(seen, [2, 1]);
    Ok(())
}
