//! Where a service listens.

use std::{
    env,
    io::{self, Write},
};
use tokio::net::TcpListener;

/// How the line starts that says where a service listens.
pub const LISTENING: &str = "listening on ";

/// Listens on the address in `SHOP_LISTEN`, by default on a port that is free, and says on
/// standard output which that is.
///
/// # Errors
/// If nothing can listen there.
pub async fn listen() -> io::Result<TcpListener> {
    let address = env::var("SHOP_LISTEN").unwrap_or_else(|_| "127.0.0.1:0".to_owned());
    let listener = TcpListener::bind(&address)
        .await
        .map_err(|error| io::Error::new(error.kind(), format!("SHOP_LISTEN={address}: {error}")))?;
    writeln!(io::stdout(), "{LISTENING}{}", listener.local_addr()?)?;
    Ok(listener)
}
