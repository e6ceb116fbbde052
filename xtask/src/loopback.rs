//! Addresses for servers that start later than they are known, and what servers are asked.

use std::{
    io::BufRead,
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

/// A request with what it posts.
pub(crate) fn request(reader: &mut impl BufRead) -> std::io::Result<String> {
    let (mut asked, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or(0);
        }
        if line.trim().is_empty() {
            break;
        }
        asked += &line;
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    Ok(asked + &String::from_utf8_lossy(&body))
}
