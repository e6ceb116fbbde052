//! `POST /checkout`.

use crate::{
    Gateway, NAME,
    answer::{Answer, Failure, request_id},
    orders::Cart,
};
use axum::{Json, extract::State, http::HeaderMap};
use shop_journeys::CHECKOUT;
use slo_sdk::slo;
use std::sync::Arc;

/// Places an order for what is in the cart.
///
/// Nothing but the journey is said here: its objectives are what the customer feels.
#[slo(
    journey = CHECKOUT,
    description = "What the customer waits for after pressing `Buy`.",
    runbook = "https://runbooks.example/gateway/checkout"
)]
pub(crate) async fn checkout(
    State(gateway): State<Arc<Gateway>>,
    headers: HeaderMap,
    Json(cart): Json<Cart>,
) -> Result<Answer, Failure> {
    let id = request_id(&headers);
    gateway.capacity.take()?;
    gateway.faults.decide(NAME, id).strike().await?;
    gateway.orders.place(id, &cart).await
}
