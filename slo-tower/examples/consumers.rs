//! Consumers: who gets good and bad answers, from a list of names that the layer knows.
//!
//! ```console
//! cargo run -p slo-tower --example consumers
//! ```

#![expect(clippy::print_stdout, reason = "it shows what was counted")]

use axum::{Router, body::Body, http::HeaderName, http::Request, routing::get};
use http_body_util::BodyExt;
use slo_sdk::{Journey, Objectives, slo};
use slo_tower::{Consumers, SloLayer};
use tower::ServiceExt;

const REPORTS: Journey = Journey::new("reports")
    .title("See last month's figures")
    .objectives(Objectives::new().availability(99.0));

/// The gateway sets it for requests that it has authenticated, and nobody else can.
const UNIT: HeaderName = HeaderName::from_static("x-business-unit");

#[slo(journey = REPORTS, route = "GET /report")]
async fn report() -> &'static str {
    "42"
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let known = Consumers::by_header(UNIT, ["billing", "mobile"]);
    let app = Router::new()
        .route("/report", get(report))
        .layer(SloLayer::new().consumers(known));
    // A name that is not listed is counted as `other`: it never becomes a label.
    for unit in ["billing", "billing", "mobile", "x; DROP TABLE"] {
        let request = Request::get("/report")
            .header(UNIT, unit)
            .body(Body::empty())?;
        let response = app.clone().oneshot(request).await?;
        response.into_body().collect().await?;
    }
    let counts = slo_sdk::snapshot();
    let report = counts.endpoint("report").expect("it is annotated");
    for (consumer, expected) in [("billing", 2), ("mobile", 1), ("other", 1)] {
        let slis = report.consumer(consumer).expect("it is listed");
        let good: u64 = slis.iter().map(|sli| sli.counts.good).sum();
        println!("{consumer}: {good} good");
        assert_eq!(good, expected);
    }
    Ok(())
}
