//! A classifier: what an answer means, where the house disagrees with the table.
//!
//! ```console
//! cargo run -p slo-tower --example classifier
//! ```

#![expect(clippy::print_stdout, reason = "it shows what was counted")]

use axum::{Router, body::Body, http::Request, http::StatusCode, routing::get};
use http_body_util::BodyExt;
use slo_sdk::{Ending, EventResult, Journey, Objectives, slo};
use slo_tower::{Classifier, SloLayer, StatusSeen};
use tower::ServiceExt;

const SEARCH: Journey = Journey::new("search")
    .title("Find a product")
    .objectives(Objectives::new().availability(99.9));

/// Too many requests are our fault, and announced maintenance is nobody's.
#[derive(Clone)]
struct House;

impl Classifier for House {
    fn answer(&self, answer: &StatusSeen<'_>) -> Option<Ending> {
        if answer.headers().contains_key("x-maintenance") {
            return Some(Ending::MarkedExcluded);
        }
        (answer.http_status()? == StatusCode::TOO_MANY_REQUESTS).then_some(Ending::ServerError)
    }
}

#[slo(journey = SEARCH, route = "GET /search")]
async fn search() -> StatusCode {
    StatusCode::TOO_MANY_REQUESTS
}

#[slo(journey = SEARCH, route = "GET /suggest")]
async fn suggest() -> (StatusCode, [(&'static str, &'static str); 1]) {
    (StatusCode::SERVICE_UNAVAILABLE, [("x-maintenance", "1")])
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let app = Router::new()
        .route("/search", get(search))
        .route("/suggest", get(suggest))
        .layer(SloLayer::new().classifier(House));
    for path in ["/search", "/suggest"] {
        let response = app
            .clone()
            .oneshot(Request::get(path).body(Body::empty())?)
            .await?;
        response.into_body().collect().await?;
    }
    let counts = slo_sdk::snapshot();
    for (endpoint, result) in [
        ("search", EventResult::ServerError),
        ("suggest", EventResult::MarkedExcluded),
    ] {
        let events = counts
            .endpoint(endpoint)
            .expect("it is annotated")
            .result(result);
        println!("{endpoint}: {result} {events}");
        assert_eq!(events, 1);
    }
    Ok(())
}
