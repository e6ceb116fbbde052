//! Writes records in constant evaluation.
//!
//! Each record is written twice by the same code: once only to be counted, which gives the
//! length of the array, and once into that array.
//!
//! Constant evaluation interprets, and a call in it costs as much as dozens of additions, even of
//! `len()`. So there are few calls per field, loops take eight bytes in a step by patterns, which
//! check no bounds, and what is hashed is hashed once, where it has been written.

use super::frame::{
    CRC_START, FORMAT_VERSION, HEADER_LEN, KIND_ENDPOINT, KIND_SENTINEL, KIND_SERVICE, MAGIC,
    MAX_PAYLOAD, crc32,
};
use crate::{
    Answer, Declaration, Journey, Objectives, Per, ServiceName, Source, Until, Window,
    objective::MAX_LATENCY_OBJECTIVES,
};
use std::time::Duration;

/// Length of the frame of an endpoint.
pub const fn endpoint_len(declaration: &Declaration) -> usize {
    let mut w = Writer::counting();
    w.endpoint(declaration);
    w.len
}

/// Returns the frame of an endpoint; `N` is its [`endpoint_len`].
///
/// # Panics
/// If `N` is another number.
pub const fn encode_endpoint<const N: usize>(declaration: &Declaration) -> [u8; N] {
    let mut w = Writer::<N>::new(HEADER_LEN);
    w.endpoint(declaration);
    if w.len < N {
        // Something in its texts is to be escaped.
        w = Writer::new(HEADER_LEN);
        w.escapes = true;
        w.endpoint(declaration);
    }
    w.framed(KIND_ENDPOINT)
}

/// Length of the frame of a sentinel.
pub const fn sentinel_len(version: &str, is_off: bool) -> usize {
    let mut w = Writer::counting();
    w.sentinel(version, is_off);
    w.len
}

/// Returns the frame that tells "built with version so-and-so of the SDK" from "not built with it",
/// and whether annotations were compiled out; `N` is its [`sentinel_len`].
///
/// # Panics
/// If `N` is another number.
pub const fn encode_sentinel<const N: usize>(version: &str, is_off: bool) -> [u8; N] {
    let mut w = Writer::<N>::new(HEADER_LEN);
    w.escapes = true;
    w.sentinel(version, is_off);
    w.framed(KIND_SENTINEL)
}

/// Length of the frame of a service's name.
pub const fn service_len(service: &ServiceName) -> usize {
    let mut w = Writer::counting();
    w.service(service);
    w.len
}

/// Returns the frame of a service's name; `N` is its [`service_len`].
///
/// # Panics
/// If `N` is another number.
pub const fn encode_service<const N: usize>(service: &ServiceName) -> [u8; N] {
    let mut w = Writer::<N>::new(HEADER_LEN);
    w.escapes = true;
    w.service(service);
    w.framed(KIND_SERVICE)
}

/// Tells whether two declarations promise the same: FNV-1a (64 bits) of everything but the
/// place in the source.
pub const fn endpoint_hash(declaration: &Declaration) -> u64 {
    let mut w = Writer::hashing();
    w.definition(declaration);
    w.hash
}

/// The same for a journey.
pub const fn journey_hash(journey: &Journey) -> u64 {
    let mut w = Writer::hashing();
    w.journey_fields(journey);
    w.hash
}

/// Writes JSON into `buf`, or only counts it, or hashes it, where `N` is 0.
struct Writer<const N: usize> {
    buf: [u8; N],
    len: usize,
    /// True where texts are searched for what is to be escaped. A record that is as long as it is
    /// without has nothing of that.
    escapes: bool,
    hashes: bool,
    hash: u64,
}

const FNV_OFFSET: u64 = 0xcbf2_9ce4_8422_2325;

/// FNV-1a.
const fn fnv(mut hash: u64, mut bytes: &[u8]) -> u64 {
    // The lower half of the product, without the call that `wrapping_mul` is.
    macro_rules! add {
        ($($byte:ident)*) => {
            $(hash = ((hash ^ *$byte as u64) as u128 * 0x0100_0000_01b3) as u64;)*
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
    hash
}

impl Writer<0> {
    const fn counting() -> Self {
        let mut writer = Writer::new(HEADER_LEN);
        writer.escapes = true;
        writer
    }

    const fn hashing() -> Self {
        let mut writer = Writer::counting();
        writer.hashes = true;
        writer
    }
}

impl<const N: usize> Writer<N> {
    const fn new(start: usize) -> Self {
        Writer {
            buf: [0; N],
            len: start,
            escapes: false,
            hashes: false,
            hash: FNV_OFFSET,
        }
    }

    /// Writes the header before the payload that is there.
    const fn framed(mut self, kind: u16) -> [u8; N] {
        assert!(
            self.len == N,
            "the array for a record has the length of the record"
        );
        assert!(
            N - HEADER_LEN <= MAX_PAYLOAD,
            "all texts of one SLO declaration together take at most 64 KiB"
        );
        let length = (N - HEADER_LEN) as u32;
        let [v0, v1] = FORMAT_VERSION.to_le_bytes();
        let [k0, k1] = kind.to_le_bytes();
        let [l0, l1, l2, l3] = length.to_le_bytes();
        let described = [v0, v1, k0, k1, l0, l1, l2, l3];
        let (_, payload) = self.buf.split_at(HEADER_LEN);
        let crc = crc32(crc32(CRC_START, &described), payload) ^ CRC_START;
        self.len = 0;
        self.raw(&MAGIC);
        self.raw(&described);
        self.raw(&crc.to_le_bytes());
        self.buf
    }

    /// The hash of what was written from there on, but for what `without` says: from where, to
    /// where. A record that is only counted has some, as long as any.
    const fn hash_from(&self, start: usize, without: [usize; 2]) -> u64 {
        if N == 0 {
            return 0;
        }
        let [from, to] = without;
        let (written, _) = self.buf.split_at(self.len);
        let hash = fnv(FNV_OFFSET, written.split_at(from).0.split_at(start).1);
        fnv(hash, written.split_at(to).1)
    }

    const fn sentinel(&mut self, version: &str, is_off: bool) {
        self.text(b"{\"sdk\":\"", version);
        if is_off {
            self.raw(b",\"off\":true");
        }
        self.raw(b"}");
    }

    const fn service(&mut self, service: &ServiceName) {
        self.text(b"{\"name\":\"", service.name);
        self.source(&service.source);
        self.raw(b"}");
    }

    const fn endpoint(&mut self, d: &Declaration) {
        self.raw(b"{");
        let start = self.len;
        let former = self.definition(d);
        self.hex(b",\"hash\":\"", self.hash_from(start, former));
        // After the hash: what it was called, and what the code does, is nothing that is promised.
        self.names(b",\"formerly\":[\"", d.formerly);
        match d.answer {
            Answer::Unknown => {}
            Answer::Whole | Answer::Stream => self.text(b",\"answer\":\"", d.answer.as_str()),
        }
        self.source(&d.source);
        self.raw(b"}");
    }

    /// Returns from where to where the former names of the journey stand.
    const fn definition(&mut self, d: &Declaration) -> [usize; 2] {
        self.text(b"\"name\":\"", d.name);
        self.raw(b",\"journey\":{");
        let start = self.len;
        self.journey_fields(&d.journey);
        let hash = if self.hashes {
            journey_hash(&d.journey)
        } else {
            self.hash_from(start, [self.len, self.len])
        };
        self.hex(b",\"hash\":\"", hash);
        let mut former = [self.len, self.len];
        if !self.hashes {
            self.names(b",\"formerly\":[\"", d.journey.formerly_declared());
            former[1] = self.len;
        }
        self.raw(b"}");
        if let Some(objectives) = &d.objectives {
            self.objectives(objectives);
        }
        if let Some(route) = &d.route {
            self.text(b",\"route\":\"", route.as_str());
        }
        match d.until {
            Until::Body => self.raw(b",\"until\":\"body\""),
            Until::Headers => self.raw(b",\"until\":\"headers\""),
        }
        self.codes(b",\"good_status\":[", d.statuses.get_good());
        self.codes(b",\"bad_status\":[", d.statuses.get_bad());
        if let Per::Call = d.per {
            self.raw(b",\"per\":\"call\"");
        }
        if let Some(every) = d.every {
            self.nanoseconds(b",\"every_ns\":", every);
        }
        self.optional_text(b",\"description\":\"", d.description);
        self.optional_text(b",\"runbook\":\"", d.runbook);
        former
    }

    const fn journey_fields(&mut self, j: &Journey) {
        self.text(b"\"name\":\"", j.name());
        self.optional_text(b",\"title\":\"", j.get_title());
        self.optional_text(b",\"user\":\"", j.get_user());
        self.optional_text(b",\"owner\":\"", j.get_owner());
        self.optional_text(b",\"description\":\"", j.get_description());
        self.optional_text(b",\"runbook\":\"", j.get_runbook());
        if let Some(objectives) = j.get_objectives() {
            self.objectives(&objectives);
        }
    }

    const fn objectives(&mut self, o: &Objectives) {
        self.raw(b",\"objectives\":{");
        let start = self.len;
        if let Some(target) = o.get_availability() {
            self.number(b"\"availability_ppb\":", target.ppb() as u64);
        }
        let mut i = 0;
        while i < MAX_LATENCY_OBJECTIVES
            && let Some(latency) = o.latency_at(i)
        {
            match (i == 0, self.len == start) {
                (true, true) => self.raw(b"\"latency\":["),
                (true, false) => self.raw(b",\"latency\":["),
                (false, _) => self.raw(b","),
            }
            self.text(b"{\"name\":\"", latency.name());
            self.number(b",\"target_ppb\":", latency.target().ppb() as u64);
            self.nanoseconds(b",\"threshold_ns\":", latency.threshold());
            self.raw(b"}");
            i += 1;
        }
        if i > 0 {
            self.raw(b"]");
        }
        if self.len > start {
            self.raw(b",");
        }
        match o.get_window() {
            Window::Rolling { days } => {
                self.number(b"\"window\":\"", days as u64);
                self.raw(b"d\"}");
            }
            Window::Calendar(calendar) => {
                self.text(b"\"window\":\"", Window::calendar_name(calendar));
                self.raw(b"}");
            }
        }
    }

    const fn source(&mut self, s: &Source) {
        self.text(b",\"source\":{\"package\":\"", s.package);
        self.text(b",\"version\":\"", s.version);
        self.text(b",\"module\":\"", s.module);
        self.text(b",\"function\":\"", s.function);
        self.text(b",\"file\":\"", s.file);
        self.number(b",\"line\":", s.line as u64);
        self.raw(b"}");
    }

    const fn nanoseconds(&mut self, before: &[u8], duration: Duration) {
        let nanos = duration.as_nanos();
        assert!(
            nanos <= u64::MAX as u128,
            "a duration in an SLO declaration is below 584 years"
        );
        self.number(before, nanos as u64);
    }

    /// A list of status codes, unless there are none.
    const fn codes(&mut self, before: &[u8], codes: &[u16]) {
        let [first, rest @ ..] = codes else { return };
        self.number(before, *first as u64);
        let mut rest = rest;
        while let [code, more @ ..] = rest {
            self.number(b",", *code as u64);
            rest = more;
        }
        self.raw(b"]");
    }

    /// A list of names, unless there are none, behind what ends with the first opening quote.
    const fn names(&mut self, before: &[u8], names: &[&str]) {
        let [first, rest @ ..] = names else { return };
        self.text(before, first);
        let mut rest = rest;
        while let [name, more @ ..] = rest {
            self.text(b",\"", name);
            rest = more;
        }
        self.raw(b"]");
    }

    const fn optional_text(&mut self, before: &[u8], text: &str) {
        if !text.is_empty() {
            self.text(before, text);
        }
    }

    const fn hex(&mut self, before: &[u8], value: u64) {
        self.raw(before);
        let mut digits = [b'"'; 17];
        let mut i = 16;
        let mut rest = value;
        while i > 0 {
            i -= 1;
            digits[i] = HEX[(rest & 15) as usize];
            rest >>= 4;
        }
        self.raw(&digits);
    }

    /// A text and its closing quote, behind what ends with the opening one.
    const fn text(&mut self, before: &[u8], text: &str) {
        self.raw(before);
        let mut rest = text.as_bytes();
        if !self.escapes {
            self.raw(rest);
            return self.raw(b"\"");
        }
        let mut plain = rest;
        let mut plain_len = 0;
        while let [byte, more @ ..] = rest {
            rest = more;
            if let ..0x20 | b'"' | b'\\' = *byte {
                self.raw(plain.split_at(plain_len).0);
                let (high, low) = (HEX[(*byte >> 4) as usize], HEX[(*byte & 15) as usize]);
                match *byte {
                    ..0x20 => self.raw(&[b'\\', b'u', b'0', b'0', high, low]),
                    special => self.raw(&[b'\\', special]),
                }
                plain = rest;
                plain_len = 0;
            } else {
                plain_len += 1;
            }
        }
        self.raw(plain);
        self.raw(b"\"");
    }

    const fn number(&mut self, before: &[u8], n: u64) {
        self.raw(before);
        let mut place = 1;
        while n / place >= 10 {
            place *= 10;
        }
        while place > 0 {
            let digit = b'0' + (n / place % 10) as u8;
            if N > 0 {
                self.buf[self.len] = digit;
            } else if self.hashes {
                self.hash = fnv(self.hash, &[digit]);
            }
            self.len += 1;
            place /= 10;
        }
    }

    const fn raw(&mut self, mut bytes: &[u8]) {
        if N == 0 {
            if self.hashes {
                self.hash = fnv(self.hash, bytes);
            }
            self.len += bytes.len();
            return;
        }
        let mut at = self.len;
        while let [a, b, c, d, e, f, g, h, rest @ ..] = bytes {
            self.buf[at] = *a;
            self.buf[at + 1] = *b;
            self.buf[at + 2] = *c;
            self.buf[at + 3] = *d;
            self.buf[at + 4] = *e;
            self.buf[at + 5] = *f;
            self.buf[at + 6] = *g;
            self.buf[at + 7] = *h;
            at += 8;
            bytes = rest;
        }
        while let [byte, rest @ ..] = bytes {
            self.buf[at] = *byte;
            at += 1;
            bytes = rest;
        }
        self.len = at;
    }
}

const HEX: &[u8; 16] = b"0123456789abcdef";
