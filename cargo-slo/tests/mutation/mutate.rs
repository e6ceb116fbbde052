//! Changes that chance makes of bytes.

use crate::splitmix::Random;

/// Longer inputs only take longer.
const MAX_BYTES: usize = 256 << 10;

/// What means something in one of the formats, or is at the edge of what can be said.
const WORDS: &[&[u8]] = &[
    b"[",
    b"{",
    b"{\"a\":",
    b"\"",
    b"'",
    b"'''",
    b"- ",
    b"? ",
    b"&a ",
    b"*a",
    b"<<: *a\n",
    b"!!binary ",
    b"|\n",
    b">-\n",
    b"\n---\n",
    b"#",
    b"%",
    b"\t",
    b"\n",
    b"\r\n",
    b"\0",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\xe2\x80\xae",
    b"\xf0\x9f\x8e\x89",
    b"\\u0000",
    b"\\ud800",
    b"\\ud83d\\ude00",
    b"null",
    b"true",
    b"-1",
    b"0",
    b"1e999",
    b"-0.0",
    b"NaN",
    b"18446744073709551615",
    b"18446744073709551616",
    b"9223372036854775807",
    b"99999999999999999999999999",
    b"0.000000000000000001",
    b"[[a]]\n",
    b"[a.b]\n",
    b"a.",
    b"a = {",
    b"9999-12-31",
    b"0000-00-00",
    b"2026-02-30",
    b"100%",
    b"99.9999999999999%",
    b"1/month",
    b"18446744073709551615/second",
    b"99999999999d",
    b"30d",
    b"0d",
    b"/{a}",
    b"//",
    b"..",
    b"/*",
    b"GET ",
    b"$ref: '#/paths'\n",
    b"paths:",
    b"groups:",
    b"rules:",
    b"record:",
    b"service",
    b"records",
    b"\x7fSLOMETA",
    b"\x7fELF",
    b"slo_meta",
    b"tree ",
    b"parent ",
    b"ref: refs/heads/main\n",
    b"../",
    b"\x78\x9c",
    b"PACK",
    b"\x00\x00\x00\x00",
    b"\xff\xff\xff\xff",
];

/// Some changes of these bytes.
pub(crate) fn mutated(random: &mut Random, bytes: &[u8], other: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    // One change reaches the furthest; several together find what none of them does.
    for _ in 0..=scattered(random, 3) {
        change(random, &mut bytes, other);
        bytes.truncate(MAX_BYTES);
    }
    bytes
}

fn change(random: &mut Random, bytes: &mut Vec<u8>, other: &[u8]) {
    let length = bytes.len();
    let at = place(random, length);
    let end = (at + 1 + scattered(random, 10)).min(length);
    match random.below(13) {
        0 if at < length => bytes[at] ^= 1 << random.below(8),
        1 if at < length => bytes[at] = [0, 1, 0x7f, 0x80, 0xff, b' '][random.below(6)],
        2 => bytes.truncate(at),
        3 => drop(bytes.drain(at..end.max(at))),
        4 => {
            let part = bytes[at..end.max(at)].to_vec();
            let times = scattered(random, 12);
            let more = part.repeat(times.min(MAX_BYTES / part.len().max(1)));
            bytes.splice(at..at, more);
        }
        5 => drop(bytes.splice(at..at, word(random).iter().copied())),
        6 => drop(bytes.splice(at..end.max(at), word(random).iter().copied())),
        // Deep, long, or many.
        7 => {
            let word = word(random);
            let times = scattered(random, 16);
            let more = word.repeat(times.min(MAX_BYTES / word.len()));
            bytes.splice(at..at, more);
        }
        8 => {
            bytes.truncate(at);
            bytes.extend_from_slice(&other[place(random, other.len())..]);
        }
        // A number becomes another.
        9 | 10 => {
            let is_digit = |b: &u8| b.is_ascii_digit();
            if let Some(start) = bytes[at..].iter().position(is_digit).map(|n| n + at) {
                let digits = bytes[start..].iter().take_while(|b| is_digit(b)).count();
                bytes.splice(start..start + digits, word(random).iter().copied());
            }
        }
        // A field of a binary format.
        11 => {
            let values = [
                0,
                1,
                u32::MAX,
                i32::MAX as u32,
                u32::try_from(length).unwrap(),
            ];
            let value = values[random.below(values.len())].to_le_bytes();
            let width = [1, 2, 4][random.below(3)];
            for (place, byte) in bytes[at..].iter_mut().zip(&value[..width]) {
                *place = *byte;
            }
        }
        _ => {
            let (from, to) = (place(random, length), place(random, length));
            let part = bytes[from..(from + 64).min(length)].to_vec();
            bytes.splice(to..to, part);
        }
    }
}

/// A place, every second time near the start, where the heads of formats are.
fn place(random: &mut Random, length: usize) -> usize {
    match random.below(2) {
        0 => random.below(length + 1),
        _ => random.below(length.min(200) + 1),
    }
}

/// A number of any size below two to the power of `bits`, small ones as often as large ones.
fn scattered(random: &mut Random, bits: usize) -> usize {
    let most = 1 << random.below(bits);
    random.below(most)
}

fn word(random: &mut Random) -> &'static [u8] {
    WORDS[random.below(WORDS.len())]
}
