//! Bodies that are sent compressed. What comes out of them is bounded, whatever is sent.

use flate2::read::MultiGzDecoder;
use std::{
    cell::Cell,
    io::{self, Read},
    rc::Rc,
};

/// What a body may be longer than what was sent of it, in times. Rules of thousands of SLOs take about
/// a fortieth; DEFLATE can promise more than a thousand.
const MAX_GROWTH: u64 = 100;

/// And this much beside, in bytes.
const SLACK_BYTES: u64 = 1 << 20;

/// Returns what is in a compressed body, at most this many bytes. Reading fails beyond.
pub(super) fn inflated(body: impl Read, max_bytes: u64) -> impl Read {
    let received = Rc::new(Cell::new(0));
    Inflated {
        decoder: MultiGzDecoder::new(Counted {
            body,
            received: Rc::clone(&received),
        }),
        received,
        read: 0,
        max_bytes,
    }
}

struct Inflated<R> {
    decoder: MultiGzDecoder<Counted<R>>,
    received: Rc<Cell<u64>>,
    read: u64,
    max_bytes: u64,
}

impl<R: Read> Read for Inflated<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.decoder.read(buffer)?;
        self.read += length as u64;
        let most = (MAX_GROWTH * self.received.get() + SLACK_BYTES).min(self.max_bytes);
        match self.read <= most {
            true => Ok(length),
            false => Err(io::Error::other(
                "it is compressed, and too long once it is not",
            )),
        }
    }
}

/// Counts the bytes that were sent.
struct Counted<R> {
    body: R,
    received: Rc<Cell<u64>>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.body.read(buffer)?;
        self.received.set(self.received.get() + length as u64);
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::read_at_most;
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write;

    fn read(sent: &[u8], max_bytes: u64) -> io::Result<Vec<u8>> {
        let mut all = Vec::new();
        read_at_most(inflated(sent, max_bytes), u64::MAX, &mut all).map(|_| all)
    }

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn what_was_sent_comes_out() {
        let text: String = (0..100_000).map(|n| format!("{n},")).collect();
        let sent = gzip(text.as_bytes());
        assert!(sent.len() < text.len() / 2);
        assert_eq!(read(&sent, u64::MAX).unwrap(), text.as_bytes());
        let both = [&*sent, &gzip(b"more")].concat();
        let all = read(&both, u64::MAX).unwrap();
        assert_eq!(all, [text.as_bytes(), b"more"].concat());
        assert!(read(&sent, text.len() as u64 - 1).is_err());
        assert!(read(&sent[..sent.len() / 2], u64::MAX).is_err());
        assert!(read(b"plain", u64::MAX).is_err());
    }

    #[test]
    fn a_short_body_does_not_become_a_long_one() {
        let sent = gzip(&vec![b' '; 64 << 20]);
        assert!(sent.len() < 100_000);
        let error = read(&sent, u64::MAX).unwrap_err();
        assert!(error.to_string().contains("too long"), "{error}");
    }
}
