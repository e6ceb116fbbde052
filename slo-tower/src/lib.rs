//! A tower layer that makes every request exactly one good, bad or excluded event.
//!
//! The layer works for every service of `http` requests: axum, tonic, hyper. Handlers carry
//! `#[slo(…)]` of [`slo_sdk`] and the layer needs no configuration: it finds out from the
//! handler that runs which endpoint a request belongs to.
//!
//! # Where to put it
//! Both places count the same. Outermost is best, so that timeouts and load shedding of
//! other layers are seen.
//!
//! - `Router::layer(SloLayer::new())`: with the feature `axum` it sees the route that
//!   matched, so requests that are refused before the handler runs are attributed by
//!   experience, and routes without an annotation are listed by name.
//! - Around the whole `Router`, or `tonic::transport::Server::builder().layer(…)`: the
//!   cheapest place. Refused requests are attributed by the `route` of the annotations.
//!
//! # Whose a request is that no handler claims
//! In this order:
//! 1. The endpoint that declares the route it is for: the template that the router matched, else
//!    the path as the client sent it. With the feature `axum` that is the whole path also inside
//!    `nest`. Slashes at its end don't matter where somebody answered with another failure than
//!    404 or 405.
//! 2. The endpoint that all earlier requests of the same router, template and method reached.
//!    This needs `Router::layer`. It ends for good once another handler is reached, or once a
//!    success is answered that no handler claimed. Of `nest_service`, and of templates such as
//!    `/files/{*path}`, nothing is learnt.
//! 3. The endpoint that the layer was given for the rest ([`SloLayer::journey`]), if the request was
//!    served: it was answered otherwise than by 404, 405 or gRPC's `UNIMPLEMENTED`, or failed
//!    without an answer. On a route that the layer sees, a 404 is its handler's own.
//! 4. Nobody: it is unannotated, and counted under the template that matched, or, if it was served,
//!    under its gRPC method, the prefix of [`SloLayer::mounted_at`] or the first segment of the
//!    client's path. The names that clients have a hand in are bounded; see
//!    [`slo_sdk::unannotated`].
//!
//! Where several endpoints declare routes that a request matches and that can't stand in one
//! router, such as `/p/{id}` and `/p/{*rest}`, the router that it came through decides, if it is
//! known to be one's; else it is nobody's. Only where the endpoints of the wider routes have never
//! had an event is it the narrower one's. The first [`SloLayer::new`] warns of such routes.
//!
//! # When an event starts and ends
//! - It starts when the request reaches the layer; its latency counts from there.
//! - A handler claims it when it is first polled. A request no handler claims belongs to the
//!   endpoint whose `route` it matches, or whose route was learnt from earlier requests;
//!   else it is counted as unannotated. See above.
//! - It ends with the last frame of the answer's body, at once where there is no body to
//!   send (`HEAD`, 204, 304, an empty body) or where the connection is handed over (101,
//!   `CONNECT`), and wherever else it dies: an error of the service, an error of the body, a
//!   panic, a client that leaves.
//! - For gRPC the status decides, in the head of the answer or in its trailers. An answer
//!   without a status is a failure.
//!
//! `OPTIONS` requests, such as the preflights of browsers, are events of an endpoint only if a
//! handler claims them, whatever routes say. Of the others those that succeed count nowhere, and
//! those that fail are unannotated.
//!
//! A panic anywhere in the code of the user is the request's panic: in a handler, its extractors
//! and its answer, in a middleware, in a body and its drop, in a [`Classifier`], and in what tells
//! [`Consumers`] apart. So is a panic outside the layer that takes the answer with it.
//!
//! A request whose future is dropped before it is first polled is not an event: nothing was done,
//! and inside a `Router` it would not even have reached the layer.
//!
//! - A request that is left pending before a handler has claimed it is in flight for the
//!   endpoint whose route it matches, or for nobody: requests that hang are seen.
//!
//! # Who says what an answer means
//! The table of [`slo_sdk`] for most. Over it stands, in this order:
//! 1. the opinion of the layer, a [`Classifier`];
//! 2. that of the annotation, in `good_status` and `bad_status`;
//! 3. what an upstream says that the gateway trusts, see [`UpstreamLayer`];
//! 4. the handler's own word, [`slo_sdk::current()`].
//!
//! None of them can undo a panic, a body that broke off or a deadline that passed.
//!
//! # Clients
//! Around a client, such as a tonic `Channel`, the layer counts the calls of this service to
//! another: for the endpoint it is told ([`SloLayer::endpoint`]), or for those whose `route`
//! the calls match. A failed connection is a failure; a deadline that the call announces in
//! `grpc-timeout` counts as in a server.
//!
//! # Layers inside layers
//! A request that passes two layers is one event, which the outer one counts: also through a
//! buffer, a retry, a hedge or a balancer between them. With [`SloLayer::endpoint`] on the inner
//! one it is that endpoint's event. A new request inside another, as by a middleware that
//! asks an API of the same process, is a separate event, and the other one stays whose it is.
//!
//! A mark in the extensions of a request tells the two apart. Requests carry it only once one was
//! seen inside another, so that a process without nested requests pays nothing. The first one, and
//! those inside requests that were under way by then, can't be told: such a request is counted
//! nowhere, the one around it only if a handler of its own claims it or its route is known, and a
//! warning says so once.
//!
//! # Looking at the counts
//! With the feature `debug-page`, `debug_page()` is a service that answers with every count of the
//! process: mount it where only those reach it who run the service.
//!
//! # Example
//! ```
//! use axum::{Router, routing::post};
//! use slo_sdk::{Journey, Objectives, millis, slo};
//! use slo_tower::SloLayer;
//!
//! const CHECKOUT: Journey = Journey::new("checkout")
//!     .objectives(Objectives::new().availability(99.9).latency(99.0, millis(500)));
//!
//! #[slo(journey = CHECKOUT)]
//! async fn place_order() -> &'static str {
//!     "order 1"
//! }
//!
//! let app: Router = Router::new()
//!     .route("/orders", post(place_order))
//!     .layer(SloLayer::new());
//! ```

#![forbid(unsafe_code)]

mod accessors;
mod classifier;
mod consumer;
#[cfg(not(feature = "off"))]
mod counting;
#[cfg(feature = "debug-page")]
mod debug_page;
mod layer;
mod result_header;
mod router_facts;
mod upstream;

#[cfg(feature = "off")]
mod off;

pub use classifier::{Classifier, Standard, StatusSeen};
pub use consumer::Consumers;
#[cfg(not(feature = "off"))]
pub use counting::{ResponseFuture, Slo, SloBody};
#[cfg(feature = "debug-page")]
pub use debug_page::{DebugBody, DebugFuture, DebugPage, debug_page};
pub use layer::SloLayer;
#[cfg(feature = "off")]
pub use off::{ResponseFuture, Slo, SloBody};
pub use upstream::{Upstream, UpstreamFuture, UpstreamLayer};
