//! Addresses for servers that start later than they are known.

use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener},
    process,
    sync::atomic::{AtomicU16, Ordering::Relaxed},
};

/// An address on the loopback interface that is free, and given to nobody else in this process.
///
/// Its port is below those that systems give to clients by themselves: between now and the start
/// of its server, no connection of another program gets it.
pub(crate) fn free_address() -> Result<SocketAddr, String> {
    const FIRST: u16 = 10_000;
    /// Ports of one process, so that two at a time hardly meet.
    const EACH: u16 = 200;
    const ALL: u16 = 20_000;
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let place = u16::try_from(process::id() % u32::from(ALL / EACH)).unwrap_or_default();
    for _ in 0..ALL {
        let offset = (place * EACH + NEXT.fetch_add(1, Relaxed) % ALL) % ALL;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, FIRST + offset));
        if TcpListener::bind(address).is_ok() {
            return Ok(address);
        }
    }
    Err("no port is free on the loopback interface".to_owned())
}
