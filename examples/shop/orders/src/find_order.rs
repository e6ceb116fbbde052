//! `GET /orders/{id}`.

use crate::{
    NAME, Orders,
    answer::{Answer, Failure, request_id},
    book::Order,
};
use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
};
use shop_journeys::{BROWSE, SILVER};
use shop_process::Trail;
use slo_sdk::{millis, slo};
use std::sync::Arc;

/// Looks an order up. The tier's objectives, but for a tighter threshold: it is in memory.
#[slo(
    journey = BROWSE,
    route = "GET /orders/{id}",
    objectives = SILVER.latency(99.0, millis(120))
)]
pub(crate) async fn find_order(
    State(orders): State<Arc<Orders>>,
    headers: HeaderMap,
    Path(number): Path<usize>,
) -> Result<Answer<Order>, Failure> {
    orders
        .faults
        .decide(NAME, request_id(&headers))
        .strike()
        .await?;
    let trail = Trail::default();
    match orders.book.find(number) {
        Some(order) => Ok(Answer {
            status: StatusCode::OK,
            trail,
            value: order,
        }),
        None => Err(Failure {
            status: StatusCode::NOT_FOUND,
            trail,
        }),
    }
}
