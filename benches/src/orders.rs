//! A handler that does the least that one of a service does: it reads an order in JSON, adds up
//! what it costs and answers with a receipt in JSON, of 1 KiB where it is asked for [`ORDER`].

use crate::{
    cases::finished,
    complete::{CompleteLayer, Routes},
};
use axum::{Json, Router, http::StatusCode, routing::post};
use serde::{Deserialize, Serialize};
use slo_sdk::{Journey, Objectives, millis, slo};
use slo_tower::{Slo, SloLayer};
use std::sync::LazyLock;
use tower::Layer;

const ORDERS: Journey = Journey::new("orders").objectives(
    Objectives::new()
        .availability(99.9)
        .latency(99.0, millis(250)),
);

/// What it is asked.
pub const ORDER: &str = r#"{"customer":"c-4711","lines":[
{"article":"tea, Assam, 250 g","quantity":2,"cents":1290},
{"article":"tea, Darjeeling, 100 g","quantity":1,"cents":1590},
{"article":"pot, cast iron, 0.8 l","quantity":1,"cents":7900},
{"article":"cup, porcelain, 0.2 l","quantity":6,"cents":890},
{"article":"strainer, steel","quantity":1,"cents":450},
{"article":"sugar, brown, 500 g","quantity":3,"cents":340},
{"article":"biscuits, butter, 300 g","quantity":4,"cents":620},
{"article":"voucher, printed","quantity":1,"cents":5000}]}"#;

/// Where it is asked.
pub const ROUTE: &str = "/orders";

#[derive(Deserialize)]
struct Order {
    customer: String,
    lines: Vec<Line>,
}

#[derive(Deserialize, Serialize)]
struct Line {
    article: String,
    quantity: u64,
    cents: u64,
}

#[derive(Serialize)]
struct Receipt {
    customer: String,
    lines: Vec<Charged>,
    net_cents: u64,
    vat_cents: u64,
    gross_cents: u64,
}

#[derive(Serialize)]
struct Charged {
    #[serde(flatten)]
    line: Line,
    net_cents: u64,
    vat_cents: u64,
    gross_cents: u64,
}

/// Adds up what an order costs.
fn charge(order: Order) -> Result<Json<Receipt>, StatusCode> {
    const VAT_PERCENT: u64 = 19;
    let charged = order.lines.into_iter().map(|line| {
        let net_cents = line.quantity.checked_mul(line.cents)?;
        let vat_cents = net_cents.checked_mul(VAT_PERCENT)? / 100;
        Some(Charged {
            line,
            net_cents,
            vat_cents,
            gross_cents: net_cents.checked_add(vat_cents)?,
        })
    });
    let lines: Option<Vec<Charged>> = charged.collect();
    let lines = lines.ok_or(StatusCode::UNPROCESSABLE_ENTITY)?;
    let sum = |of: fn(&Charged) -> u64| lines.iter().map(of).sum();
    Ok(Json(Receipt {
        customer: order.customer,
        net_cents: sum(|line| line.net_cents),
        vat_cents: sum(|line| line.vat_cents),
        gross_cents: sum(|line| line.gross_cents),
        lines,
    }))
}

async fn plain(Json(order): Json<Order>) -> Result<Json<Receipt>, StatusCode> {
    charge(order)
}

#[slo(journey = ORDERS, name = "orders-inside", route = "POST /orders")]
async fn inside(Json(order): Json<Order>) -> Result<Json<Receipt>, StatusCode> {
    charge(order)
}

#[slo(journey = ORDERS, name = "orders-around")]
async fn around(Json(order): Json<Order>) -> Result<Json<Receipt>, StatusCode> {
    charge(order)
}

/// The counters of the hand-written layer.
static COMPLETE: LazyLock<Routes> = LazyLock::new(|| Routes::new([ROUTE]));

/// The route without a layer.
pub fn bare() -> Router {
    finished(Router::new().route(ROUTE, post(plain)))
}

/// The route with the layer by hand that counts what ours does, in `Router::layer`.
pub fn layered_by_hand() -> Router {
    let router = Router::new().route(ROUTE, post(plain));
    finished(router.layer(CompleteLayer(&COMPLETE)))
}

/// The annotated route with ours, in `Router::layer`.
pub fn layered_inside() -> Router {
    let router = Router::new().route(ROUTE, post(inside));
    finished(router.layer(SloLayer::new()))
}

/// The annotated route with ours around the `Router`.
pub fn layered_around() -> Slo<Router> {
    SloLayer::new().layer(finished(Router::new().route(ROUTE, post(around))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::{body::Body, http::Request};
    use http_body_util::BodyExt;
    use tower::ServiceExt;

    #[test]
    fn a_receipt_has_about_a_kibibyte() {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .expect("a runtime");
        let request = Request::post(ROUTE)
            .header("content-type", "application/json")
            .body(Body::from(ORDER))
            .expect("a request");
        let body = runtime.block_on(async {
            let response = bare().oneshot(request).await.expect("an answer");
            assert_eq!(response.status(), StatusCode::OK);
            response.into_body().collect().await.expect("a body")
        });
        let body = body.to_bytes();
        assert!((900..1200).contains(&body.len()), "{} bytes", body.len());
        let text = String::from_utf8_lossy(&body);
        assert!(
            text.contains(r#""net_cents":26360,"vat_cents":5006"#),
            "{text}"
        );
    }
}
