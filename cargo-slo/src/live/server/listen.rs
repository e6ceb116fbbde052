//! A port on this machine only.

use std::{
    io,
    net::{Ipv4Addr, TcpListener},
};

/// How many ports are tried after the first.
const TRIED: u16 = 50;

/// Listens on a port of the loopback interface, or where that is taken on one of those after it.
///
/// # Errors
/// The system's, if none is free or another reason forbids it.
pub(in crate::live) fn listen(port: u16) -> io::Result<TcpListener> {
    let last = port.saturating_add(TRIED);
    for port in port..last {
        match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => {}
            done => return done,
        }
    }
    TcpListener::bind((Ipv4Addr::LOCALHOST, last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_that_is_taken_leads_to_the_next_free_one() {
        let first = listen(0).unwrap();
        let port = first.local_addr().unwrap().port();
        let second = listen(port).unwrap();
        let address = second.local_addr().unwrap();
        assert!(address.ip().is_loopback());
        assert_ne!(address.port(), port);
    }
}
