//! The frame around a record, and how to find it in the bytes of a file.
//!
//! | offset | size | what |
//! | --- | --- | --- |
//! | 0 | 8 | magic, `7f 53 4c 4f 4d 45 54 41` |
//! | 8 | 2 | format version |
//! | 10 | 2 | kind: 0 sentinel, 1 endpoint, 2 service |
//! | 12 | 4 | length of the payload in bytes |
//! | 16 | 4 | CRC-32 (IEEE) of bytes 8 to 15 and the payload |
//! | 20 | … | payload, JSON in UTF-8 |
//!
//! Numbers are little-endian. Linkers pad between frames, merge sections and split them
//! again, so a reader looks for the magic instead of trusting positions.

use std::fmt;

/// What every frame starts with.
pub const MAGIC: [u8; 8] = *b"\x7fSLOMETA";

/// The format this crate writes and understands.
pub const FORMAT_VERSION: u16 = 1;

/// Kind of the record that says "this program was built with the SDK".
pub const KIND_SENTINEL: u16 = 0;

/// Kind of the record of one annotated endpoint.
pub const KIND_ENDPOINT: u16 = 1;

/// Kind of the record of the name that a program gives its service.
pub const KIND_SERVICE: u16 = 2;

/// Length of everything before the payload.
pub const HEADER_LEN: usize = 20;

/// Longest payload there is: declarations are texts for people, and a reader that believed a
/// hostile length would check as many bytes.
pub const MAX_PAYLOAD: usize = 64 << 10;

/// After this many damaged frames the search ends: nobody's linker does that, and each costs
/// a checksum.
pub const MAX_DAMAGED: usize = 64;

/// A frame whose length and checksum are right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame<'a> {
    /// Where its magic starts in the bytes searched.
    pub offset: usize,
    /// Format version; other than [`FORMAT_VERSION`] means that the payload may be anything.
    pub version: u16,
    /// [`KIND_SENTINEL`], [`KIND_ENDPOINT`], [`KIND_SERVICE`], or a kind of a later version.
    pub kind: u16,
    /// The payload.
    pub payload: &'a [u8],
}

/// Bytes that start like a frame and are none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FrameError {
    /// The bytes end within the frame.
    Truncated {
        /// Where its magic starts.
        offset: usize,
        /// Bytes the frame needs from there.
        needed: usize,
        /// Bytes there are.
        available: usize,
    },
    /// The length is beyond [`MAX_PAYLOAD`].
    TooLong {
        /// Where its magic starts.
        offset: usize,
        /// The length it claims.
        length: u32,
    },
    /// The checksum does not match the content.
    Checksum {
        /// Where its magic starts.
        offset: usize,
    },
}

impl FrameError {
    /// Where the damaged frame starts in the bytes searched.
    pub const fn offset(&self) -> usize {
        match *self {
            FrameError::Truncated { offset, .. }
            | FrameError::TooLong { offset, .. }
            | FrameError::Checksum { offset } => offset,
        }
    }
}

impl fmt::Display for FrameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FrameError::Truncated {
                needed, available, ..
            } => {
                write!(
                    f,
                    "the record is cut off: it needs {needed} bytes, {available} are there"
                )
            }
            FrameError::TooLong { length, .. } => {
                write!(
                    f,
                    "the record claims {length} bytes, more than the {MAX_PAYLOAD} allowed"
                )
            }
            FrameError::Checksum { .. } => {
                f.write_str("the record is damaged: its checksum does not match")
            }
        }
    }
}

impl std::error::Error for FrameError {}

/// Finds all frames in some bytes: a section of a binary, or a whole file.
///
/// After a damaged frame the search goes on right behind its magic, so one of them hides
/// no other; it ends after [`MAX_DAMAGED`] of them.
pub fn frames(bytes: &[u8]) -> impl Iterator<Item = Result<Frame<'_>, FrameError>> {
    let mut from = 0;
    let mut damaged = 0;
    std::iter::from_fn(move || {
        if damaged == MAX_DAMAGED {
            return None;
        }
        let offset = from + find_magic(&bytes[from..])?;
        let found = frame_at(bytes, offset);
        from = match &found {
            Ok(frame) => offset + HEADER_LEN + frame.payload.len(),
            Err(_) => {
                damaged += 1;
                offset + MAGIC.len()
            }
        };
        Some(found)
    })
}

/// Looks at many bytes at once, which compilers turn into a few instructions for all of them,
/// and only where the first two bytes of the magic stand at each of them: they never do in
/// most of a program.
fn find_magic(bytes: &[u8]) -> Option<usize> {
    const CHUNK_BYTES: usize = 64;
    let mut from = 0;
    while let Some(next) = bytes.get(from..from + CHUNK_BYTES + 1) {
        let pairs = next[..CHUNK_BYTES].iter().zip(&next[1..]);
        let is_near = pairs.fold(false, |is_near, (&first, &second)| {
            is_near | ((first == MAGIC[0]) & (second == MAGIC[1]))
        });
        if is_near && let Some(at) = begins_in(bytes, from, CHUNK_BYTES) {
            return Some(at);
        }
        from += CHUNK_BYTES;
    }
    begins_in(bytes, from, CHUNK_BYTES)
}

/// The first place among so many where the magic begins.
fn begins_in(bytes: &[u8], from: usize, many: usize) -> Option<usize> {
    (from..bytes.len().min(from + many)).find(|&at| bytes[at..].starts_with(&MAGIC))
}

fn frame_at(bytes: &[u8], offset: usize) -> Result<Frame<'_>, FrameError> {
    let available = bytes.len() - offset;
    let truncated = |needed| FrameError::Truncated {
        offset,
        needed,
        available,
    };
    let (header, rest) = bytes[offset..]
        .split_at_checked(HEADER_LEN)
        .ok_or_else(|| truncated(HEADER_LEN))?;
    let u16_at = |i: usize| u16::from_le_bytes([header[i], header[i + 1]]);
    let u32_at =
        |i: usize| u32::from_le_bytes([header[i], header[i + 1], header[i + 2], header[i + 3]]);
    let length = u32_at(12);
    if length as usize > MAX_PAYLOAD {
        return Err(FrameError::TooLong { offset, length });
    }
    let payload = rest
        .get(..length as usize)
        .ok_or_else(|| truncated(HEADER_LEN + length as usize))?;
    if crc32(crc32(CRC_START, &header[8..16]), payload) ^ CRC_START != u32_at(16) {
        return Err(FrameError::Checksum { offset });
    }
    Ok(Frame {
        offset,
        version: u16_at(8),
        kind: u16_at(10),
        payload,
    })
}

pub(super) const CRC_START: u32 = u32::MAX;

/// CRC-32 as in IEEE 802.3, without the final inversion.
pub(super) const fn crc32(mut crc: u32, mut bytes: &[u8]) -> u32 {
    // A constant that is indexed is copied as a whole, each time.
    let table = &CRC_TABLE;
    macro_rules! add {
        ($($byte:ident)*) => {
            $(crc = (crc >> 8) ^ table[(crc as u8 ^ *$byte) as usize];)*
        };
    }
    while let [a, b, c, d, e, f, g, h, rest @ ..] = bytes {
        add!(a b c d e f g h);
        bytes = rest;
    }
    while let [byte, rest @ ..] = bytes {
        add!(byte);
        bytes = rest;
    }
    crc
}

const CRC_TABLE: [u32; 256] = {
    let mut table = [0; 256];
    let mut i = 0;
    while i < 256 {
        let mut crc = i as u32;
        let mut bit = 0;
        while bit < 8 {
            crc = if crc & 1 == 1 {
                (crc >> 1) ^ 0xedb8_8320
            } else {
                crc >> 1
            };
            bit += 1;
        }
        table[i] = crc;
        i += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{encode_sentinel, sentinel_len};

    fn sentinel() -> Vec<u8> {
        const N: usize = sentinel_len("1.2.3", false);
        encode_sentinel::<N>("1.2.3", false).to_vec()
    }

    #[test]
    fn crc_is_the_usual_one() {
        assert_eq!(crc32(CRC_START, b"123456789") ^ CRC_START, 0xcbf4_3926);
    }

    #[test]
    fn frames_are_found_between_padding() {
        let mut bytes = vec![0x7f, 0, 0x7f, b'S'];
        for _ in 0..3 {
            bytes.extend(sentinel());
            bytes.extend([0; 5]);
        }
        let found: Vec<_> = frames(&bytes).collect::<Result<_, _>>().unwrap();
        assert_eq!(found.len(), 3);
        assert_eq!(found[0].offset, 4);
        assert!(
            found
                .iter()
                .all(|f| f.kind == KIND_SENTINEL && f.version == FORMAT_VERSION)
        );
    }

    #[test]
    fn a_frame_is_found_wherever_it_begins() {
        for before in 0..200 {
            let mut bytes = vec![0x7f; before];
            bytes.extend(sentinel());
            let found: Vec<_> = frames(&bytes).collect::<Result<_, _>>().unwrap();
            assert_eq!(found.iter().map(|f| f.offset).collect::<Vec<_>>(), [before]);
        }
    }

    #[test]
    fn every_truncation_is_an_error() {
        let whole = sentinel();
        for end in MAGIC.len()..whole.len() {
            let found: Vec<_> = frames(&whole[..end]).collect();
            assert!(
                matches!(found[..], [Err(FrameError::Truncated { offset: 0, available, .. })] if available == end),
                "{end}: {found:?}"
            );
        }
    }

    #[test]
    fn every_flipped_bit_is_noticed() {
        let whole = sentinel();
        for bit in 0..whole.len() * 8 {
            let mut damaged = whole.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            assert!(frames(&damaged).all(|f| f.is_err()), "bit {bit}");
        }
    }

    #[test]
    fn a_hostile_length_is_refused_and_hides_nothing() {
        let mut bytes = sentinel();
        bytes[12..16].copy_from_slice(&u32::MAX.to_le_bytes());
        bytes.extend(sentinel());
        let found: Vec<_> = frames(&bytes).collect();
        assert_eq!(found.len(), 2);
        assert_eq!(
            found[0],
            Err(FrameError::TooLong {
                offset: 0,
                length: u32::MAX
            })
        );
        assert!(found[1].is_ok());
    }

    #[test]
    fn a_file_full_of_damaged_frames_is_given_up() {
        let mut damaged = sentinel();
        damaged[12..16].copy_from_slice(&(MAX_PAYLOAD as u32).to_le_bytes());
        let hostile = damaged.repeat(100_000);
        assert_eq!(frames(&hostile).count(), MAX_DAMAGED);
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read_without_panic(noise: Vec<u8>, cut in 0usize..64) {
            let mut bytes = noise.clone();
            bytes.extend(sentinel());
            bytes.extend(noise);
            let end = bytes.len().saturating_sub(cut);
            proptest::prop_assert!(frames(&bytes[..end]).count() <= bytes.len());
        }
    }
}
