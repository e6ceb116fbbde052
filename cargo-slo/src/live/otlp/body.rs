//! From the body of a request to the message in it.

use super::{Encoding, Incoming};
use crate::live::view::Refusal;
use flate2::read::MultiGzDecoder;
use std::{borrow::Cow, io::Read};

/// Longest body, as it comes and out of gzip, in bytes; the Collector's limit is about the same.
pub(crate) const MAX_BYTES: usize = 16 << 20;

pub(crate) const TOO_LONG: Refusal = Refusal::TooLong {
    limit: (MAX_BYTES >> 20) as u64,
};

/// gRPC writes whether a message is compressed, and its length, before it.
const FRAME_BYTES: usize = 5;

/// Returns the message in a body.
pub(crate) fn plain<'a>(incoming: &Incoming, body: &'a [u8]) -> Result<Cow<'a, [u8]>, Refusal> {
    if body.len() > MAX_BYTES {
        return Err(TOO_LONG);
    }
    let (message, is_gzip) = match incoming.encoding {
        Encoding::Grpc => {
            let (frame, message) = body
                .split_at_checked(FRAME_BYTES)
                .ok_or(Refusal::NotOneMessage)?;
            let length = u32::from_be_bytes([frame[1], frame[2], frame[3], frame[4]]);
            if usize::try_from(length).ok() != Some(message.len()) || frame[0] > 1 {
                return Err(Refusal::NotOneMessage);
            }
            (message, frame[0] == 1)
        }
        Encoding::Protobuf | Encoding::Json => (body, incoming.is_gzip),
    };
    match is_gzip {
        true => inflated(message).map(Cow::Owned),
        false => Ok(Cow::Borrowed(message)),
    }
}

fn inflated(gzip: &[u8]) -> Result<Vec<u8>, Refusal> {
    let mut decoder = MultiGzDecoder::new(gzip);
    let mut plain = Vec::new();
    let mut part = [0; 16 << 10];
    loop {
        match decoder.read(&mut part) {
            Ok(0) => return Ok(plain),
            Ok(count) if plain.len() + count > MAX_BYTES => {
                return Err(TOO_LONG);
            }
            Ok(count) => plain.extend_from_slice(&part[..count]),
            Err(_) => return Err(Refusal::NotGzip),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::otlp::Signal;
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write;

    fn incoming(encoding: Encoding, is_gzip: bool) -> Incoming {
        Incoming {
            signal: Signal::Metrics,
            encoding,
            is_gzip,
        }
    }

    fn gzip(plain: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(plain).unwrap();
        encoder.finish().unwrap()
    }

    fn frame(flag: u8, message: &[u8]) -> Vec<u8> {
        let length = u32::try_from(message.len()).unwrap().to_be_bytes();
        [&[flag], &length[..], message].concat()
    }

    #[test]
    fn the_same_message_comes_out_of_everything() {
        let packed = gzip(b"message");
        for (encoding, is_gzip, body) in [
            (Encoding::Protobuf, false, b"message".to_vec()),
            (Encoding::Json, true, packed.clone()),
            (Encoding::Grpc, false, frame(0, b"message")),
            (Encoding::Grpc, false, frame(1, &packed)),
        ] {
            let incoming = incoming(encoding, is_gzip);
            assert_eq!(plain(&incoming, &body).unwrap(), &b"message"[..]);
        }
    }

    #[test]
    fn what_is_too_long_only_out_of_gzip_is_refused() {
        // What is read of it has a limit, so a member that repeats stands for gigabytes.
        let member = gzip(&vec![0; 4 << 20]);
        let bomb = member.repeat(2_000);
        assert!(bomb.len() < 10 << 20, "{}", bomb.len());
        let incoming = incoming(Encoding::Protobuf, true);
        assert_eq!(plain(&incoming, &bomb), Err(TOO_LONG));
        assert_eq!(plain(&incoming, &member).unwrap().len(), 4 << 20);
    }

    #[test]
    fn half_a_message_is_refused() {
        let grpc = incoming(Encoding::Grpc, false);
        for body in [
            &b"\0\0"[..],
            b"\0\0\0\0\x02a",
            b"\0\0\0\0\0a",
            b"\x02\0\0\0\x01a",
        ] {
            assert_eq!(plain(&grpc, body), Err(Refusal::NotOneMessage), "{body:?}");
        }
        let packed = gzip(b"message");
        let half = &packed[..packed.len() / 2];
        assert_eq!(
            plain(&incoming(Encoding::Json, true), half),
            Err(Refusal::NotGzip)
        );
    }
}
