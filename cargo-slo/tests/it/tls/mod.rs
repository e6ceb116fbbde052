//! `https://` addresses, against a real TLS server.
//!
//! `authority` makes certificates, `front` speaks TLS before a system that does not, `commands` are
//! those that ask, and `raw` is what speaks no TLS, or another.

mod authority;
mod believed;
mod clients;
mod commands;
mod files;
mod forward;
mod front;
mod handshakes;
mod proxies;
mod raw;
