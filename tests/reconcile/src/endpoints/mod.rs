//! A service with a handler for every way an event can end.
//!
//! `plain` answers, `gone` is what clients leave, `broken` fails on the way, `grpc` speaks
//! gRPC. How late an answer is must not depend on how busy the machine is: an endpoint either
//! has an hour, or it has a millisecond and takes twenty.

mod broken;
mod gone;
mod grpc;
mod plain;

pub(crate) use broken::ON_PURPOSE;

use axum::Router;
use slo_sdk::{Journey, Objectives, hours};
use std::time::Duration;

/// Never late.
pub(crate) const PATIENT: Objectives = Objectives::new().availability(99.0).latency(99.0, hours(1));

/// What all endpoints here are for.
pub(crate) const CHAOS: Journey = Journey::new("chaos")
    .title("Come out even")
    .owner("team-reconcile")
    .objectives(PATIENT);

/// Longer than the millisecond that impatient endpoints promise.
pub(crate) const LONG: Duration = Duration::from_millis(20);

/// Everything, without the layer.
pub(crate) fn router() -> Router {
    plain::router()
        .merge(gone::router())
        .merge(broken::router())
        .merge(grpc::router())
}
