//! `cargo slo dev`, with real services over every protocol and with whoever attacks it.

mod access;
mod child;
mod expected;
mod exports;
mod forwarded;
mod hostile;
mod http;
mod services;
mod session;
