//! `GET /products`.

use crate::{
    Gateway, NAME,
    answer::{Failure, request_id},
};
use axum::{
    Json,
    extract::State,
    http::{HeaderMap, header::WARNING},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use shop_journeys::BROWSE;
use slo_sdk::slo;
use std::sync::Arc;

#[derive(Serialize)]
struct Product {
    name: &'static str,
    cents: u64,
}

const PRODUCTS: [Product; 3] = [
    Product {
        name: "kettle",
        cents: 3_900,
    },
    Product {
        name: "teapot",
        cents: 2_500,
    },
    Product {
        name: "cup",
        cents: 900,
    },
];

/// Lists what can be bought.
///
/// A list that is out of date is a 200 that breaks the promise all the same, so the handler
/// says so, to the client and to the SLO.
#[slo(journey = BROWSE)]
pub(crate) async fn products(
    State(gateway): State<Arc<Gateway>>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let decision = gateway.faults.decide(NAME, request_id(&headers));
    decision.strike().await?;
    if decision.stale {
        slo_sdk::current().bad("stale");
        return Ok(([(WARNING, "110 - \"stale\"")], Json(PRODUCTS)).into_response());
    }
    Ok(Json(PRODUCTS).into_response())
}
