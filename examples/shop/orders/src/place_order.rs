//! `POST /orders`.

use crate::{
    NAME, Orders,
    answer::{Answer, Failure, request_id},
    book::Order,
};
use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use serde::Deserialize;
use shop_journeys::CHECKOUT;
use slo_sdk::slo;
use std::sync::Arc;

#[derive(Debug, Deserialize)]
pub(crate) struct Cart {
    product: String,
    cents: u64,
}

/// Takes the money and writes the order down.
///
/// Objectives of its own beside the journey's: stricter ones, which the gateway relies on.
#[slo(
    journey = CHECKOUT,
    route = "POST /orders",
    availability = 99.95%,
    latency = 99% < 300ms,
    runbook = "https://runbooks.example/orders/place-order"
)]
pub(crate) async fn place_order(
    State(orders): State<Arc<Orders>>,
    headers: HeaderMap,
    Json(cart): Json<Cart>,
) -> Result<Answer<Order>, Failure> {
    let id = request_id(&headers);
    orders.faults.decide(NAME, id).strike().await?;
    let trail = orders.payments.charge(id, cart.cents).await?;
    let order = orders.book.write(cart.product, cart.cents);
    Ok(Answer {
        status: StatusCode::CREATED,
        trail,
        value: order,
    })
}
