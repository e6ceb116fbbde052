//! The run time without any layer: functions that count themselves, and the export.

#![expect(clippy::unwrap_used, reason = "a test that can not go on panics")]

mod collectors;
mod contract;
mod events;
mod export;
#[cfg(feature = "otlp-grpc")]
mod grpc;
mod jobs;
#[cfg(feature = "tracing-opentelemetry")]
mod spans;
