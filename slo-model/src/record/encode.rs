//! Writes records in constant evaluation.
//!
//! Each record is written twice by the same code: once only to be counted, which gives the
//! length of the array, and once into that array.

use super::frame::{
    CRC_START, FORMAT_VERSION, HEADER_LEN, KIND_ENDPOINT, KIND_SENTINEL, MAGIC, MAX_PAYLOAD, crc32,
    crc32_byte,
};
use crate::{
    Declaration, Journey, Objectives, Per, Source, Target, Window,
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
pub const fn sentinel_len(version: &str) -> usize {
    let mut w = Writer::<0>::new(0);
    w.sentinel(version);
    HEADER_LEN + w.len
}

/// The frame that tells "built with version so-and-so of the SDK" from "not built with it";
/// `N` is its [`sentinel_len`].
///
/// # Panics
/// Where `N` is another number.
pub const fn encode_sentinel<const N: usize>(version: &str) -> [u8; N] {
    let mut w = Writer::<N>::new(HEADER_LEN);
    w.sentinel(version);
    w.framed(KIND_SENTINEL)
}

/// Tells whether two declarations promise the same: FNV-1a (64 bits) of everything but the
/// place in the source.
pub const fn endpoint_hash(declaration: &Declaration) -> u64 {
    let mut w = Writer::<0>::new(0);
    w.definition(declaration);
    w.hash
}

/// The same for a journey.
pub const fn journey_hash(journey: &Journey) -> u64 {
    let mut w = Writer::<0>::new(0);
    w.journey_fields(journey);
    w.hash
}

/// Writes JSON into `buf`, or only counts and hashes where `N` is 0.
struct Writer<const N: usize> {
    buf: [u8; N],
    len: usize,
    /// The byte written last, 0 at the start.
    last: u8,
    hash: u64,
}

impl<const N: usize> Writer<N> {
    const fn new(start: usize) -> Self {
        Writer {
            buf: [0; N],
            len: start,
            last: 0,
            hash: 0xcbf2_9ce4_8422_2325,
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
        let mut crc = CRC_START;
        let mut i = 8;
        while i < 16 {
            crc = crc32_byte(crc, self.buf[i]);
            i += 1;
        }
        crc = crc32(crc, self.buf.split_at(HEADER_LEN).1);
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

    const fn sentinel(&mut self, version: &str) {
        self.object("");
        self.text("sdk", version);
        self.close();
    }

    const fn endpoint(&mut self, d: &Declaration) {
        self.object("");
        self.definition(d);
        self.hex("hash", endpoint_hash(d));
        self.source(&d.source);
        self.close();
    }

    const fn definition(&mut self, d: &Declaration) {
        self.text("name", d.name);
        self.object("journey");
        self.journey_fields(&d.journey);
        self.hex("hash", journey_hash(&d.journey));
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
            self.byte(b'[');
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
            self.byte(b']');
        }
        self.key("window");
        self.byte(b'"');
        match o.window_declared() {
            Window::Rolling { days } => {
                self.digits(days as u64);
                self.byte(b'd');
            }
            Window::Calendar(calendar) => self.raw(Window::calendar_name(calendar)),
        }
        self.byte(b'"');
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
        self.digits(s.line as u64);
        self.close();
    }

    /// Opens an object, under a key unless it is empty.
    const fn object(&mut self, key: &str) {
        if key.is_empty() {
            self.comma();
        } else {
            self.key(key);
        }
        self.byte(b'{');
    }

    const fn close(&mut self) {
        self.byte(b'}');
    }

    const fn target(&mut self, key: &str, target: Target) {
        self.key(key);
        self.digits(target.ppb() as u64);
    }

    const fn nanoseconds(&mut self, key: &str, duration: Duration) {
        self.key(key);
        let nanos = duration.as_nanos();
        assert!(
            nanos <= u64::MAX as u128,
            "a duration in an SLO declaration is below 584 years"
        );
        self.digits(nanos as u64);
    }

    /// A list of status codes, unless there are none.
    const fn codes(&mut self, key: &str, codes: &[u16]) {
        if codes.is_empty() {
            return;
        }
        self.key(key);
        self.byte(b'[');
        let mut i = 0;
        while i < codes.len() {
            self.comma();
            self.digits(codes[i] as u64);
            i += 1;
        }
        self.byte(b']');
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
        self.byte(b'"');
        let mut shift = 64;
        while shift > 0 {
            shift -= 4;
            self.byte(HEX[((value >> shift) & 15) as usize]);
        }
        self.byte(b'"');
    }

    const fn key(&mut self, key: &str) {
        self.comma();
        self.quoted(key);
        self.byte(b':');
    }

    /// A comma, unless this is the first thing in its object, its array or the payload.
    const fn comma(&mut self) {
        if !matches!(self.last, b'{' | b'[' | 0) {
            self.byte(b',');
        }
    }

    const fn quoted(&mut self, text: &str) {
        self.byte(b'"');
        let bytes = text.as_bytes();
        let mut i = 0;
        while i < bytes.len() {
            match bytes[i] {
                b @ (b'"' | b'\\') => {
                    self.byte(b'\\');
                    self.byte(b);
                }
                b if b < 0x20 => {
                    self.raw("\\u00");
                    self.byte(HEX[(b >> 4) as usize]);
                    self.byte(HEX[(b & 15) as usize]);
                }
                b => self.byte(b),
            }
            i += 1;
        }
        self.byte(b'"');
    }

    const fn digits(&mut self, n: u64) {
        let mut divisor = 1;
        while n / divisor >= 10 {
            divisor *= 10;
        }
        while divisor > 0 {
            self.byte(b'0' + (n / divisor % 10) as u8);
            divisor /= 10;
        }
    }

    const fn raw(&mut self, text: &str) {
        let bytes = text.as_bytes();
        let mut i = 0;
        while i < bytes.len() {
            self.byte(bytes[i]);
            i += 1;
        }
    }

    const fn byte(&mut self, byte: u8) {
        if N > 0 {
            self.buf[self.len] = byte;
        }
        self.len += 1;
        self.last = byte;
        self.hash = (self.hash ^ byte as u64).wrapping_mul(0x0100_0000_01b3);
    }
}

const HEX: &[u8; 16] = b"0123456789abcdef";
