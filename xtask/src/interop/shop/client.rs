//! A client of a gateway: one connection, one request after the other.

use super::ledger::{Answer, Ask};
use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    time::{Duration, Instant},
};

/// Longer than any answer takes.
const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Debug)]
pub(super) struct Client(BufReader<TcpStream>);

impl Client {
    pub(super) fn connect(address: SocketAddr) -> Result<Client, String> {
        let connect = || -> io::Result<TcpStream> {
            let stream = TcpStream::connect_timeout(&address, PATIENCE)?;
            stream.set_read_timeout(Some(PATIENCE))?;
            stream.set_nodelay(true)?;
            Ok(stream)
        };
        let stream = connect().map_err(|error| format!("{address}: {error}"))?;
        Ok(Client(BufReader::new(stream)))
    }

    /// Asks once, in the name of a consumer.
    pub(super) fn ask(&mut self, ask: Ask, consumer: &str) -> Result<Answer, String> {
        let started = Instant::now();
        let (status, trail) = self
            .exchange(ask, consumer)
            .map_err(|error| format!("{ask:?}: {error}"))?;
        Ok(Answer {
            status,
            trail,
            took: started.elapsed(),
        })
    }

    fn exchange(&mut self, ask: Ask, consumer: &str) -> io::Result<(u16, String)> {
        let (method, path, body) = ask.request();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: shop\r\nx-consumer: {consumer}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        self.0.get_mut().write_all(request.as_bytes())?;
        let invalid = || io::Error::from(io::ErrorKind::InvalidData);
        let (mut status, mut trail, mut length) = (None, String::new(), 0);
        loop {
            let mut line = String::new();
            if self.0.read_line(&mut line)? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let line = line.trim_end();
            if line.is_empty() {
                break;
            }
            match line.split_once(':') {
                None => status = line.split(' ').nth(1).and_then(|text| text.parse().ok()),
                Some(("x-shop-trail", value)) => value.trim().clone_into(&mut trail),
                Some(("content-length", value)) => {
                    length = value.trim().parse().map_err(|_| invalid())?;
                }
                Some(_) => {}
            }
        }
        io::copy(&mut self.0.by_ref().take(length), &mut io::sink())?;
        Ok((status.ok_or_else(invalid)?, trail))
    }
}
