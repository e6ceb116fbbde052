//! What counts requests: the feature `off` compiles none of it.
//!
//! A request passes [`service`], [`future`] and [`body`]. [`answer`] reads from the response how its
//! event ends, [`origin`] whose it is where no handler claims it.

pub(crate) mod answer;
pub(crate) mod body;
pub(crate) mod body_end;
pub(crate) mod deadline;
pub(crate) mod future;
pub(crate) mod grpc;
pub(crate) mod grpc_web;
#[cfg(feature = "axum")]
pub(crate) mod known_router;
pub(crate) mod misplaced;
pub(crate) mod nested;
pub(crate) mod origin;
#[cfg(feature = "axum")]
pub(crate) mod route_cache;
pub(crate) mod routes;
pub(crate) mod service;
pub(crate) mod status;
pub(crate) mod verb;

pub use {body::SloBody, future::ResponseFuture, service::Slo};
