//! Requests of every shape over real sockets, in both places the layer can stand, and with
//! the usual layers around it and inside it: each is one event, with one result.
//!
//! Time is told, not spent: one thread runs server and client, and its clock is a mock, so a
//! latency is exact however busy the machine is.

mod alone;
#[path = "../hostile/answers.rs"]
mod answers;
mod client;
mod compression;
mod connect;
mod endpoints;
mod grpc;
mod heads;
mod http2;
mod limits;
mod middle;
mod place;
mod plain_layers;
mod seen;
mod sse;
mod statuses;
mod timeouts;
mod upgrade;
mod uploads;
mod websocket;
