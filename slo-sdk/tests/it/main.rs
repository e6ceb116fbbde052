//! The run time without any layer: functions that count themselves, and the export.

#![expect(clippy::unwrap_used, reason = "a test that can not go on panics")]

mod child;
mod clock;
mod collector;
mod collectors;
mod contract;
mod delta;
mod durations;
mod event_log;
mod events;
mod export;
mod exposition;
mod faults;
#[cfg(feature = "otlp-grpc")]
mod grpc;
mod identity;
mod jobs;
mod lines;
mod lives;
#[cfg(target_os = "linux")]
mod memory;
mod official_collector;
mod outside;
mod printed;
mod proxies;
mod series;
#[cfg(feature = "tracing-opentelemetry")]
mod spans;
#[cfg(feature = "otlp-tls")]
mod tls;
mod zeros;
