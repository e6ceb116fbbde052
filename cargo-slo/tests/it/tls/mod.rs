//! `https://` addresses, against a real TLS server.
//!
//! `authority` makes certificates, `front` speaks TLS before a system that does not, `commands` are
//! those that ask, and `raw` is what speaks no TLS, or another.

#[cfg(not(feature = "tls"))]
mod absent;
#[cfg(feature = "tls")]
mod authority;
#[cfg(feature = "tls")]
mod believed;
#[cfg(feature = "tls")]
mod clients;
mod commands;
#[cfg(feature = "tls")]
mod files;
#[cfg(feature = "tls")]
mod forward;
#[cfg(feature = "tls")]
mod front;
#[cfg(feature = "tls")]
mod handshakes;
#[cfg(feature = "tls")]
mod proxies;
#[cfg(feature = "tls")]
mod raw;
