//! The status of a gRPC-Web answer, which stands in its body.
//!
//! Browsers can't read HTTP trailers, so gRPC-Web sends them as the last message of the body:
//! a byte with its highest bit set, a length of four bytes, and lines like those of an HTTP
//! head. In the `-text` variant all of it is base64. A layer outside the translation has to
//! read along; one inside it sees ordinary gRPC.

use crate::counting::grpc;
use bytes::Buf;

/// Longest trailers that are read; they hold a status and a message.
const MAX_TRAILERS: usize = 8 << 10;

/// Reads the messages of a body as they pass, remembering nothing but the trailers.
#[derive(Debug, Default)]
pub(crate) struct WebStatus {
    is_text: bool,
    /// Base64 digits that are not whole byte yet: their bits, and how many bits they are.
    bits: (u32, u8),
    /// The head of a message, as far as it is there.
    head: Vec<u8>,
    /// Bytes of the message that are still to come.
    rest: usize,
    trailers: Option<Vec<u8>>,
}

impl WebStatus {
    pub(crate) fn new(is_text: bool) -> WebStatus {
        WebStatus {
            is_text,
            ..WebStatus::default()
        }
    }

    /// Looks at a piece of the body without taking it. Pieces are contiguous in practice; of
    /// a buffer that is not, and does not show its parts, only the first part is seen.
    #[cold]
    #[inline(never)]
    pub(crate) fn read(&mut self, data: &impl Buf) {
        let mut slices = [std::io::IoSlice::new(&[]); 16];
        let filled = data.chunks_vectored(&mut slices);
        for slice in &slices[..filled] {
            for &byte in &**slice {
                if self.is_text {
                    self.base64(byte);
                } else {
                    self.byte(byte);
                }
            }
        }
    }

    fn base64(&mut self, digit: u8) {
        let value = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'a'..=b'z' => digit - b'a' + 26,
            b'0'..=b'9' => digit - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            // Padding ends a group; what is left of it is not a byte.
            _ => {
                self.bits = (0, 0);
                return;
            }
        };
        let (bits, count) = ((self.bits.0 << 6) | u32::from(value), self.bits.1 + 6);
        if count < 8 {
            self.bits = (bits, count);
            return;
        }
        let count = count - 8;
        self.bits = (bits & ((1 << count) - 1), count);
        self.byte((bits >> count) as u8);
    }

    fn byte(&mut self, byte: u8) {
        const TRAILERS: u8 = 0x80;
        if self.rest > 0 {
            self.rest -= 1;
            if let Some(trailers) = &mut self.trailers
                && trailers.len() < MAX_TRAILERS
            {
                trailers.push(byte);
            }
            return;
        }
        self.head.push(byte);
        if let [flags, a, b, c, d] = self.head[..] {
            self.head.clear();
            self.rest = u32::from_be_bytes([a, b, c, d]) as usize;
            self.trailers = (flags & TRAILERS != 0).then(Vec::new);
        }
    }

    /// The status if the body ends here.
    pub(crate) fn code(&self) -> Option<u16> {
        let trailers = self.trailers.as_deref().unwrap_or_default();
        trailers.split(|&byte| byte == b'\n').find_map(|line| {
            let line = std::str::from_utf8(line).ok()?.trim();
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("grpc-status")
                .then(|| grpc::code(value.trim()))?
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(flags: u8, content: &[u8]) -> Vec<u8> {
        let length = u32::try_from(content.len()).unwrap();
        [&[flags][..], &length.to_be_bytes(), content].concat()
    }

    fn body(status: &str) -> Vec<u8> {
        let trailers = format!("grpc-status:{status}\r\ngrpc-message:on purpose\r\n");
        [
            message(0, b"\x80 not a trailer"),
            message(0, b""),
            message(0x80, trailers.as_bytes()),
        ]
        .concat()
    }

    #[test]
    fn the_status_is_found_however_the_body_is_cut() {
        for (status, expected) in [
            ("0", Some(0)),
            (" 5", Some(5)),
            ("13", Some(13)),
            ("x", None),
        ] {
            let body = body(status);
            for size in 1..=body.len() {
                let mut web = WebStatus::new(false);
                body.chunks(size).for_each(|piece| web.read(&piece));
                assert_eq!(web.code(), expected, "{status} in pieces of {size}");
            }
        }
    }

    #[test]
    fn a_body_without_trailers_failed() {
        let mut web = WebStatus::new(false);
        web.read(&&message(0, b"data")[..]);
        assert_eq!(web.code(), None);
        assert_eq!(WebStatus::new(true).code(), None);
    }

    #[test]
    fn text_is_base64_with_padding_between_groups() {
        // printf '\x00\x00\x00\x00\x01A' and '\x80\x00\x00\x00\x0dgrpc-status:0'
        let mut web = WebStatus::new(true);
        web.read(&&b"AAAAAAFBgAAAAA1ncnBjLXN0YXR1czow"[..]);
        assert_eq!(web.code(), Some(0));
        // Each message encoded on its own: the first has five bytes, so it is padded.
        let mut web = WebStatus::new(true);
        web.read(&&b"AAAAAAA=gAAAAA5ncnBjLXN0YXR1czoxMw=="[..]);
        assert_eq!(web.code(), Some(13));
    }

    #[test]
    fn hostile_lengths_cost_nothing() {
        let mut web = WebStatus::new(false);
        web.read(&&[0x80, 0xff, 0xff, 0xff, 0xff][..]);
        for _ in 0..100 {
            web.read(&&[b'x'; 1024][..]);
        }
        assert!(
            web.trailers
                .as_ref()
                .is_some_and(|trailers| trailers.len() == MAX_TRAILERS)
        );
        assert_eq!(web.code(), None);
    }
}
