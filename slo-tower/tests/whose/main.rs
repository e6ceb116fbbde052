//! Whose a request is: over real sockets, with the ledger kept by the client.

mod book;
mod panics;
mod preflights;
