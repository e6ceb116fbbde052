//! Questions over HTTP to systems that run somewhere else. Nothing is ever changed there.
//!
//! - [`Address`] is where a system is, [`Headers`] are what it asks for; their values are never
//!   shown.
//! - `client` asks: within a time, once or as often as the system says to, following nobody elsewhere.
//! - [`AskError`] says why there was no answer, in the words of the `system` that was asked.

mod address;
mod client;
mod error;
mod headers;
mod system;

pub use address::{Address, AddressError};
pub(crate) use client::Client;
pub use error::AskError;
pub use headers::{HeaderError, Headers};
pub(crate) use system::System;
