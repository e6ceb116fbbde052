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

pub(super) use body::{MAX_BYTES, plain};
pub(super) use decode::{from_json, from_protobuf};
pub(super) use reply::{GrpcStatus, Reply, accepted};
pub(super) use request::{Encoding, Incoming, Signal, Unwelcome, incoming};

use std::fmt;

/// Why a body can't be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// Longer than this many bytes, as it came or out of gzip.
    TooLong(usize),
    /// More than this many data points, attributes and other elements.
    TooMany(usize),
    Gzip,
    Frame,
    Protobuf,
    Json(String),
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unreadable::TooLong(bytes) => {
                write!(f, "the body is longer than {} MiB", bytes >> 20)
            }
            Unreadable::TooMany(elements) => {
                write!(
                    f,
                    "the body has more than {elements} data points and attributes"
                )
            }
            Unreadable::Gzip => f.write_str("the body is not gzip, which its headers say"),
            Unreadable::Frame => f.write_str("the body is not one whole message of gRPC"),
            Unreadable::Protobuf => f.write_str("the body is not Protocol Buffers of OTLP"),
            Unreadable::Json(error) => write!(f, "the body is not JSON of OTLP: {error}"),
        }
    }
}
