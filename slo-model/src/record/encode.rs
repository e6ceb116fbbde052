//! Writes records in constant evaluation.
//!
//! Each record is written twice by the same code: once only to be counted, which gives the
//! length of the array, and once into that array.
//!
//! Constant evaluation interprets, and a call in it costs as much as dozens of additions. So
//! there are few calls per field, bytes are moved in plain loops, and what is hashed is hashed
//! once, where it has been written.

use super::frame::{
    CRC_START, FORMAT_VERSION, HEADER_LEN, KIND_ENDPOINT, KIND_SENTINEL, KIND_SERVICE, MAGIC,
    MAX_PAYLOAD, crc32,
};
use crate::{
    Answer, Declaration, Journey, Objectives, Per, ServiceName, Source, Target, Window,
    objective::MAX_LATENCY_OBJECTIVES,
};
use std::time::Duration;

/// Length of the frame of an endpoint.
pub const fn endpoint_len(declaration: &Declaration) -> usize {
    let mut w = Writer::<0>::new(0);
    w.endpoint(declaration);
    HEADER_LEN + w.len
}

/// The frame of an endpoint; `N` is its [`endpoint_len`].
///
/// # Panics
/// Where `N` is another number.
pub const fn encode_endpoint<const N: usize>(declaration: &Declaration) -> [u8; N] {
    let mut w = Writer::<N>::new(HEADER_LEN);
    w.endpoint(declaration);
    w.framed(KIND_ENDPOINT)
}

/// Length of the frame of a sentinel.
pub const fn sentinel_len(version: &str, is_off: bool) -> usize {
    let mut w = Writer::<0>::new(0);
    w.sentinel(version, is_off);
    HEADER_LEN + w.len
}

/// The frame that tells "built with version so-and-so of the SDK" from "not built with it", and
/// whether annotations were compiled out; `N` is its [`sentinel_len`].
///
/// # Panics
/// Where `N` is another number.
pub const fn encode_sentinel<const N: usize>(version: &str, is_off: bool) -> [u8; N] {
    let mut w = Writer::<N>::new(HEADER_LEN);
    w.sentinel(version, is_off);
    w.framed(KIND_SENTINEL)
}

/// Length of the frame of a service's name.
pub const fn service_len(service: &ServiceName) -> usize {
    let mut w = Writer::<0>::new(0);
    w.service(service);
    HEADER_LEN + w.len
}

/// The frame of a service's name; `N` is its [`service_len`].
///
/// # Panics
/// Where `N` is another number.
pub const fn encode_service<const N: usize>(service: &ServiceName) -> [u8; N] {
    let mut w = Writer::<N>::new(HEADER_LEN);
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
    /// True where the next thing is the first in its object, its array or the payload.
    is_first: bool,
    hashes: bool,
    hash: u64,
}

const FNV_OFFSET: u64 = 0xcbf2_9ce4_8422_2325;

const fn fnv(mut hash: u64, bytes: &[u8]) -> u64 {
    let mut i = 0;
    while i < bytes.len() {
        hash = (hash ^ bytes[i] as u64).wrapping_mul(0x0100_0000_01b3);
        i += 1;
    }
    hash
}

impl Writer<0> {
    const fn hashing() -> Self {
        let mut writer = Writer::new(0);
        writer.hashes = true;
        writer
    }
}

impl<const N: usize> Writer<N> {
    const fn new(start: usize) -> Self {
        Writer {
            buf: [0; N],
            len: start,
            is_first: true,
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
        let payload = (N - HEADER_LEN) as u32;
        self.place(0, &MAGIC);
        self.place(8, &FORMAT_VERSION.to_le_bytes());
        self.place(10, &kind.to_le_bytes());
        self.place(12, &payload.to_le_bytes());
        let (header, payload) = self.buf.split_at(HEADER_LEN);
        let crc = crc32(CRC_START, header.split_at(8).1.split_at(8).0);
        let crc = crc32(crc, payload);
        self.place(16, &(crc ^ CRC_START).to_le_bytes());
        self.buf
    }

    const fn place(&mut self, at: usize, bytes: &[u8]) {
        let mut i = 0;
        while i < bytes.len() {
            self.buf[at + i] = bytes[i];
            i += 1;
        }
    }

    /// The hash of what was written from there on. A record that is only counted has some, as
    /// long as any.
    const fn hash_from(&self, start: usize) -> u64 {
        if N == 0 {
            return 0;
        }
        let (written, _) = self.buf.split_at(self.len);
        fnv(FNV_OFFSET, written.split_at(start).1)
    }

    const fn sentinel(&mut self, version: &str, is_off: bool) {
        self.object("");
        self.text("sdk", version);
        if is_off {
            self.key("off");
            self.put(b"", b"true", b"");
        }
        self.close();
    }

    const fn service(&mut self, service: &ServiceName) {
        self.object("");
        self.text("name", service.name);
        self.source(&service.source);
        self.close();
    }

    const fn endpoint(&mut self, d: &Declaration) {
        self.object("");
        let start = self.len;
        self.definition(d);
        self.hex("hash", self.hash_from(start));
        // After the hash: it is what the code does, and nothing that is promised.
        match d.answer {
            Answer::Unknown => {}
            Answer::Whole | Answer::Stream => self.text("answer", d.answer.as_str()),
        }
        self.source(&d.source);
        self.close();
    }

    const fn definition(&mut self, d: &Declaration) {
        self.text("name", d.name);
        self.object("journey");
        let start = self.len;
        self.journey_fields(&d.journey);
        let hash = if self.hashes {
            journey_hash(&d.journey)
        } else {
            self.hash_from(start)
        };
        self.hex("hash", hash);
        self.close();
        if let Some(objectives) = &d.objectives {
            self.objectives(objectives);
        }
        if let Some(route) = &d.route {
            self.text("route", route.as_str());
        }
        self.text("until", d.until.as_str());
        self.codes("good_status", d.statuses.good_declared());
        self.codes("bad_status", d.statuses.bad_declared());
        if let Per::Call = d.per {
            self.text("per", d.per.as_str());
        }
        if let Some(every) = d.every {
            self.nanoseconds("every_ns", every);
        }
        self.optional_text("description", d.description);
        self.optional_text("runbook", d.runbook);
    }

    const fn journey_fields(&mut self, j: &Journey) {
        self.text("name", j.name());
        self.optional_text("title", j.title_declared());
        self.optional_text("user", j.user_declared());
        self.optional_text("owner", j.owner_declared());
        self.optional_text("description", j.description_declared());
        self.optional_text("runbook", j.runbook_declared());
        if let Some(objectives) = j.objectives_declared() {
            self.objectives(&objectives);
        }
    }

    const fn objectives(&mut self, o: &Objectives) {
        self.object("objectives");
        if let Some(target) = o.availability_target() {
            self.target("availability_ppb", target);
        }
        if o.latency_at(0).is_some() {
            self.key("latency");
            self.open(b"[");
            let mut i = 0;
            while i < MAX_LATENCY_OBJECTIVES {
                if let Some(latency) = o.latency_at(i) {
                    self.object("");
                    self.text("name", latency.name());
                    self.target("target_ppb", latency.target());
                    self.nanoseconds("threshold_ns", latency.threshold());
                    self.close();
                }
                i += 1;
            }
            self.put(b"", b"]", b"");
        }
        self.key("window");
        match o.window_declared() {
            Window::Rolling { days } => self.number(b"\"", days as u64, b"d\""),
            Window::Calendar(calendar) => self.quoted(Window::calendar_name(calendar)),
        }
        self.close();
    }

    const fn source(&mut self, s: &Source) {
        self.object("source");
        self.text("package", s.package);
        self.text("version", s.version);
        self.text("module", s.module);
        self.text("function", s.function);
        self.text("file", s.file);
        self.key("line");
        self.number(b"", s.line as u64, b"");
        self.close();
    }

    /// Opens an object, under a key unless it is empty.
    const fn object(&mut self, key: &str) {
        if !key.is_empty() {
            self.key(key);
        } else if !self.is_first {
            self.put(b"", b",", b"");
        }
        self.open(b"{");
    }

    const fn open(&mut self, bracket: &[u8]) {
        self.put(b"", bracket, b"");
        self.is_first = true;
    }

    const fn close(&mut self) {
        self.put(b"", b"}", b"");
        self.is_first = false;
    }

    const fn target(&mut self, key: &str, target: Target) {
        self.key(key);
        self.number(b"", target.ppb() as u64, b"");
    }

    const fn nanoseconds(&mut self, key: &str, duration: Duration) {
        self.key(key);
        let nanos = duration.as_nanos();
        assert!(
            nanos <= u64::MAX as u128,
            "a duration in an SLO declaration is below 584 years"
        );
        self.number(b"", nanos as u64, b"");
    }

    /// A list of status codes, unless there are none.
    const fn codes(&mut self, key: &str, codes: &[u16]) {
        if codes.is_empty() {
            return;
        }
        self.key(key);
        let mut before: &[u8] = b"[";
        let mut i = 0;
        while i < codes.len() {
            self.number(before, codes[i] as u64, b"");
            before = b",";
            i += 1;
        }
        self.put(b"", b"]", b"");
    }

    const fn optional_text(&mut self, key: &str, text: &str) {
        if !text.is_empty() {
            self.text(key, text);
        }
    }

    const fn text(&mut self, key: &str, text: &str) {
        self.key(key);
        self.quoted(text);
    }

    const fn hex(&mut self, key: &str, value: u64) {
        self.key(key);
        let mut digits = [b'"'; 18];
        let mut i = 16;
        let mut rest = value;
        while i > 0 {
            digits[i] = HEX[(rest & 15) as usize];
            rest >>= 4;
            i -= 1;
        }
        self.put(b"", &digits, b"");
    }

    /// A key, after a comma where it is not the first. It is the model's own, and holds nothing
    /// to escape.
    const fn key(&mut self, key: &str) {
        let before: &[u8] = if self.is_first { b"\"" } else { b",\"" };
        self.put(before, key.as_bytes(), b"\":");
        self.is_first = false;
    }

    const fn quoted(&mut self, text: &str) {
        let mut before: &[u8] = b"\"";
        let mut rest = text.as_bytes();
        let mut i = 0;
        while i < rest.len() {
            let byte = rest[i];
            if byte >= 0x20 && byte != b'"' && byte != b'\\' {
                i += 1;
                continue;
            }
            let (plain, special) = rest.split_at(i);
            self.put(before, plain, b"\\");
            if byte < 0x20 {
                let (high, low) = (HEX[(byte >> 4) as usize], HEX[(byte & 15) as usize]);
                self.put(b"u00", &[high, low], b"");
            } else {
                self.put(b"", &[byte], b"");
            }
            before = b"";
            rest = special.split_at(1).1;
            i = 0;
        }
        self.put(before, rest, b"\"");
    }

    const fn number(&mut self, before: &[u8], mut n: u64, after: &[u8]) {
        // As many as the largest number has.
        let mut digits = [b'0'; 20];
        let mut first = digits.len();
        while n > 0 || first == digits.len() {
            first -= 1;
            digits[first] = b'0' + (n % 10) as u8;
            n /= 10;
        }
        self.put(before, digits.split_at(first).1, after);
    }

    const fn put(&mut self, before: &[u8], bytes: &[u8], after: &[u8]) {
        if N > 0 {
            self.place(self.len, before);
            self.place(self.len + before.len(), bytes);
            self.place(self.len + before.len() + bytes.len(), after);
        } else if self.hashes {
            self.hash = fnv(fnv(fnv(self.hash, before), bytes), after);
        }
        self.len += before.len() + bytes.len() + after.len();
    }
}

const HEX: &[u8; 16] = b"0123456789abcdef";
