//! Questions over HTTP to systems that run somewhere else. Nothing is ever changed there, but what the
//! check of a pipeline exports.
//!
//! - [`Address`] is where a system is, [`Headers`] are what it asks for; their values are never
//!   shown.
//! - [`Tls`] is whom an `https://` address is believed.
//! - `client` asks: within a time, following nobody elsewhere; `retries` says when it asks again.
//! - `answer` is what comes back, and `gzip` takes apart what is compressed.
//! - `sender` passes exports on to a collector.
//! - [`AskError`] says why there was no answer, in the words of the `system` that was asked.

mod address;
mod answer;
mod client;
mod error;
mod gzip;
mod headers;
mod retries;
mod sender;
mod system;
mod tls;

pub use address::{Address, AddressError};
pub(crate) use answer::Answer;
pub(crate) use client::Client;
pub use error::AskError;
pub use headers::{HeaderError, Headers};
pub(crate) use sender::Sender;
pub(crate) use system::System;
pub use tls::{Tls, TlsError, TlsFiles};
