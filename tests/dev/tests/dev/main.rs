//! `cargo slo dev`, with real services over every protocol and with whoever attacks it.

#![expect(clippy::unwrap_used, reason = "a test that can not go on panics")]

mod access;
mod child;
mod described;
mod expected;
mod exports;
mod forwarded;
mod hostile;
mod http;
mod services;
mod session;
