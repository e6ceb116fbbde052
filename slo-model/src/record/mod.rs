//! The record: how a compiled program carries its declarations.
//!
//! Each annotation leaves one framed piece of JSON in the section `slo_meta`
//! (`__DATA,__slo_meta` on Mach-O) of the binary. It is written in constant
//! evaluation, [`frames`] finds it again in the bytes of a file, and `Record` (feature
//! `serde`) is what it says. The format is documented for other readers in
//! `docs/build-metadata.md`.

#[cfg(feature = "serde")]
mod decode;
mod encode;
mod frame;
#[cfg(feature = "serde")]
mod values;

#[cfg(feature = "serde")]
pub use decode::{
    DecodeError, EndpointRecord, JourneyRecord, LatencyRecord, ObjectivesRecord, Record,
    SentinelRecord, ServiceRecord, SourceRecord,
};
pub use encode::{
    encode_endpoint, encode_sentinel, encode_service, endpoint_hash, endpoint_len, journey_hash,
    sentinel_len, service_len,
};
pub use frame::{
    FORMAT_VERSION, Frame, FrameError, HEADER_LEN, KIND_ENDPOINT, KIND_SENTINEL, KIND_SERVICE,
    MAGIC, MAX_DAMAGED, MAX_PAYLOAD, frames,
};

/// Name of the section on ELF, PE/COFF and wasm.
pub const SECTION: &str = "slo_meta";

/// Name of the section in the segment `__DATA` on Mach-O.
pub const SECTION_MACHO: &str = "__slo_meta";
