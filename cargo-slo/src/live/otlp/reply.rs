//! What an exporter is answered.

use super::{
    Encoding, Signal,
    wire::{push_bytes, push_number},
};

/// What of an export was not taken, and why; nothing if all was.
pub(crate) struct Reply {
    pub(crate) rejected: u64,
    pub(crate) why: String,
}

/// How a call of gRPC ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GrpcStatus {
    Ok = 0,
    InvalidArgument = 3,
    ResourceExhausted = 8,
    Unimplemented = 12,
}

/// Returns the body of the answer to an export that was read.
pub(crate) fn accepted(signal: Signal, encoding: Encoding, reply: &Reply) -> Vec<u8> {
    let is_partial = reply.rejected > 0 || !reply.why.is_empty();
    if encoding == Encoding::Json {
        let key = match signal {
            Signal::Metrics => "rejectedDataPoints",
            Signal::Logs => "rejectedLogRecords",
            Signal::Traces => "rejectedSpans",
        };
        let partial = serde_json::json!({"partialSuccess": {
            key: reply.rejected.to_string(),
            "errorMessage": reply.why,
        }});
        return match is_partial {
            true => partial.to_string().into_bytes(),
            false => b"{}".to_vec(),
        };
    }
    let mut partial = Vec::new();
    push_number(&mut partial, 1, reply.rejected);
    push_bytes(&mut partial, 2, reply.why.as_bytes());
    let mut message = Vec::new();
    if is_partial {
        push_bytes(&mut message, 1, &partial);
    }
    match encoding {
        Encoding::Grpc => {
            let length = u32::try_from(message.len()).unwrap_or(u32::MAX);
            [&[0], &length.to_be_bytes()[..], &message].concat()
        }
        Encoding::Protobuf | Encoding::Json => message,
    }
}
