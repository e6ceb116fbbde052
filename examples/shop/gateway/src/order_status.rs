//! `GET /orders/{id}`.

use crate::{
    Gateway, NAME,
    answer::{Answer, Failure, request_id},
};
use axum::{
    extract::{Path, State},
    http::HeaderMap,
};
use shop_journeys::BROWSE;
use slo_sdk::slo;
use std::sync::Arc;

/// Shows an order.
///
/// Stricter than its journey, and with two latency objectives: what most visitors see, and
/// what hardly any may exceed.
#[slo(
    journey = BROWSE,
    latency = 99% < 300ms,
    latency("typical", 50% < 100ms),
    description = "The page that customers reload until the parcel is there."
)]
pub(crate) async fn order_status(
    State(gateway): State<Arc<Gateway>>,
    headers: HeaderMap,
    Path(order): Path<String>,
) -> Result<Answer, Failure> {
    let id = request_id(&headers);
    gateway.faults.decide(NAME, id).strike().await?;
    gateway.orders.find(id, &order).await
}
