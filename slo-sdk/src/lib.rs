//! Exact good and bad events per endpoint and user journey, from one annotation.
//!
//! 1. Say what is promised, as constants. An organisation shares them in a crate.
//! 2. Annotate the functions that keep the promise with [`macro@slo`].
//! 3. Add the layer of `slo-tower` to an axum or tonic stack, name the service with [`service!`], and
//!    call [`init()`].
//!
//! ```
//! use slo_sdk::{Journey, Objectives, millis, slo};
//!
//! const CHECKOUT: Journey = Journey::new("checkout")
//!     .title("Buy what is in the cart")
//!     .owner("team-orders")
//!     .objectives(Objectives::new().availability(99.9).latency(99.0, millis(500)));
//!
//! #[slo(journey = CHECKOUT)]
//! async fn place_order() -> Result<String, std::io::Error> {
//!     Ok("order 1".to_owned())
//! }
//! ```
//!
//! Every event then becomes exactly one good, bad or excluded event for each SLI, and is
//! exported over OTLP as `slo.events`; each bad one is a log record `slo.event` as well, up to a limit. The compiled program carries the annotations:
//! `cargo slo` reads them from the binary and generates rules, alerts and documents.
//!
//! # What happens when
//! - Before the first event, every series exists with the value 0.
//! - The latency of a request counts from the layer. It is in flight from the first poll of
//!   its handler until the last byte of the answer was handed to the server, or wherever else
//!   it dies; see [`layer::Track`].
//! - An event writes two atomic counters. Everything else is derived when counts are read.
//! - Outside a layer an annotated function counts itself by what it returns, as far as that
//!   says something: a status, `()`, an `ExitCode`, `Err`. What says nothing, such as `Json`, is
//!   good only for a job (`every = …`) or a call (`per = call`). For a handler it is
//!   [`EventResult::OutsideLayer`], in no SLI and warned of once, and with a `route` everything
//!   is. A panic is bad, being dropped is excluded, but bad for a job, which has no client that
//!   could lose patience.
//! - Under a layer, the first annotated function a request runs claims it. What runs before
//!   the handler, in extractors and middleware, is annotated with `per = call`: it is a separate
//!   event each time. So is what a handler spawns, unless it is spawned
//!   [`in_current_slo`](InCurrentSlo).
//! - A request that hangs before its handler is in flight, too: for the endpoint whose route it
//!   matches, or as [`Snapshot::unclaimed`].
//!
//! # Features
//! - `otlp` (default): [`init()`], export over OTLP with http/protobuf.
//! - `otlp-grpc`: the same over gRPC, chosen by `OTEL_EXPORTER_OTLP_PROTOCOL=grpc`.
//! - `otlp-tls`: https collectors.
//! - `serde`: a [`Snapshot`] serialises.
//! - `tracing-opentelemetry`: `slo.*` attributes on the spans of bad events, and the trace of a span in
//!   the log record of its event.

#![forbid(unsafe_code)]

#[cfg(target_family = "wasm")]
compile_error!(
    "slo-sdk does not support WebAssembly: no linker of it keeps the list of endpoints, and it has no \
     threads to export from. Annotate the service that runs the module, or leave slo-sdk out of this \
     build: `[target.'cfg(not(target_family = \"wasm\"))'.dependencies]`"
);

mod clock;
pub mod consumer;
mod count;
mod endpoint;
mod event;
mod event_log;
mod export;
mod guard;
mod init;
pub mod layer;
mod notice;
mod process;
mod registry;
mod service;
mod snapshot;
mod sync;
pub mod testing;
pub mod unannotated;
mod watch;

pub use consumer::Consumer;
pub use count::durations::Durations;
pub use endpoint::Endpoint;
pub use event::current::{Current, current};
pub use event::handle::{EventHandle, InCurrentSlo, Instrumented};
pub use event::manual::Event;
#[cfg(feature = "otlp")]
pub use export::{ExportHealth, export_health};
pub use guard::{FlushError, Guard};
pub use init::{Builder, InitError, builder};
#[cfg(feature = "otlp")]
pub use init::{init, try_init};
pub use registry::endpoint_count;
pub use slo_macros::{endpoint, service, slo};
pub use slo_model::{
    Calendar, Ending, EventResult, Journey, Latency, Mark, Objectives, Outcome, Per, Route,
    Statuses, Target, Until, Verdict, Window, budget, classify, hours, micros, millis, minutes,
    secs,
};
pub use snapshot::{EndpointCounts, SliCounts, Snapshot, snapshot};

slo_macros::sentinel!();

/// What the macro's output names. No part of the public interface.
#[doc(hidden)]
pub mod __private {
    pub use crate::__judge as judge;
    pub use crate::Endpoint;
    pub use crate::event::annotated::{AnnotatedFuture, annotate, run};
    pub use crate::event::judge::{Probe, nothing};
    pub use crate::registry::ENDPOINTS;
    pub use crate::service::SERVICE_NAMES;
    pub use linkme;
    pub use slo_model::record::{encode_endpoint, encode_service, endpoint_len, service_len};
    pub use slo_model::{
        Answer, Declaration, Journey, Latency, Objectives, Per, Route, ServiceName, Source,
        Statuses, Target, Until, Window,
    };
    pub use std::time::Duration;

    /// Imported as a whole by `judge!`: of a glob no lint says that half of it is unused, so
    /// none has to be switched off in a user's crate that may forbid just that.
    pub mod judges {
        pub use crate::event::judge::{
            ViaAny, ViaClear, ViaDone, ViaFuture, ViaResult, ViaStatus, ViaUnclear, ViaValue,
            ViaWhole,
        };
    }
}
