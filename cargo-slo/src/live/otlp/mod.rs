//! What exporters send and what they are answered, as bytes: OTLP in Protocol Buffers and JSON, over
//! HTTP and gRPC.
//!
//! - `request` tells from a path and headers what comes, and what is wrong with it.
//! - `body` takes it out of gzip and gRPC's frame, to a limit.
//! - `decode` reads it, `message` is what it says, `wire` and `number` are the two encodings.
//! - `reply` is the answer.

mod body;
mod decode;
pub(super) mod message;
mod number;
mod reply;
mod request;
mod wire;

pub(super) use body::{MAX_BYTES, TOO_LONG, plain};
pub(super) use decode::{from_json, from_protobuf};
pub(super) use reply::{GrpcStatus, Reply, accepted};
pub(super) use request::{Encoding, Incoming, Signal, Unwelcome, incoming};
