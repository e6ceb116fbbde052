//! Reads the records of one program.

use super::{
    Found, Place, ReadError, mapped,
    sections::{self, NoSections, Searched},
    source_in,
};
use crate::diagnostics::Diagnostic;
use slo_model::record::{DecodeError, FrameError, HEADER_LEN, Record, ServiceRecord, frames};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

/// What one program says.
#[derive(Debug, Default)]
pub(super) struct Program {
    /// Version of the SDK, from the sentinel.
    pub(super) sdk: Option<String>,
    /// True if annotations were compiled out.
    pub(super) off: bool,
    /// The name that it gives its service.
    pub(super) declared: Option<ServiceRecord>,
    /// Records of endpoints.
    pub(super) records: Vec<Found>,
    /// Records that were left out, and why.
    pub(super) remarks: Vec<Diagnostic>,
    /// True for a program for Windows.
    pub(super) windows: bool,
}

impl Program {
    /// True where nothing in the program comes from the SDK.
    pub(super) fn is_foreign(&self) -> bool {
        self.sdk.is_none() && self.records.is_empty()
    }
}

/// Reads a program without running it.
pub(super) fn read(path: &Path) -> Result<Program, Vec<ReadError>> {
    let map = mapped::map(path).map_err(|error| vec![error])?;
    let searched = sections::find(&map).map_err(|none| {
        let path = path.to_owned();
        vec![match none {
            NoSections::NoProgram(instead) => ReadError::NoProgram { path, instead },
            NoSections::Damaged(error) => ReadError::DamagedProgram {
                path,
                what: error.to_string(),
            },
        }]
    })?;
    let mut reader = Reader {
        path: Arc::new(path.to_owned()),
        program: Program {
            windows: sections::is_windows(&map),
            ..Program::default()
        },
        errors: Vec::new(),
    };
    match searched {
        Searched::Sections(all) => {
            for (start, bytes) in all {
                for error in reader.search(start, bytes) {
                    let damaged = reader.damaged(start, bytes, error);
                    reader.errors.push(damaged);
                }
            }
        }
        Searched::Whole(bytes) => {
            let damaged = reader.search(0, bytes);
            // A program that only reads records holds the magic as a constant. Beside real
            // records, though, something that looks like a damaged one may be one.
            if !reader.program.is_foreign() {
                for error in damaged {
                    let remark = reader.damaged(0, bytes, error).diagnostic();
                    reader.program.remarks.push(as_warning(remark));
                }
            }
        }
    }
    if reader.errors.is_empty() {
        Ok(reader.program)
    } else {
        Err(reader.errors)
    }
}

fn as_warning(error: Diagnostic) -> Diagnostic {
    Diagnostic {
        level: crate::diagnostics::Level::Warning,
        help: vec!["the program has no section `slo_meta`, so this may be chance".to_owned()],
        ..error
    }
}

struct Reader {
    path: Arc<PathBuf>,
    program: Program,
    errors: Vec<ReadError>,
}

impl Reader {
    /// Takes in every whole frame; gives back the damaged ones.
    fn search(&mut self, start: u64, bytes: &[u8]) -> Vec<FrameError> {
        let mut damaged = Vec::new();
        for frame in frames(bytes) {
            let frame = match frame {
                Ok(frame) => frame,
                Err(error) => {
                    damaged.push(error);
                    continue;
                }
            };
            let place = Place::Byte(start + frame.offset as u64);
            match Record::decode(&frame) {
                Ok(Record::Sentinel(sentinel)) => {
                    self.program.sdk = Some(sentinel.sdk);
                    self.program.off = sentinel.off;
                }
                Ok(Record::Service(service)) => self.named(*service),
                Ok(Record::Endpoint(record)) => self.program.records.push(Found {
                    record: *record,
                    file: Arc::clone(&self.path),
                    place,
                }),
                Ok(_) => {}
                Err(error @ (DecodeError::Version(_) | DecodeError::Kind(_))) => {
                    let remark = Diagnostic::warning(format!("left out: {error}"))
                        .at(&self.path)
                        .part(place.to_string());
                    self.program.remarks.push(remark);
                }
                Err(error) => self.errors.push(ReadError::Record {
                    path: (*self.path).clone(),
                    line: None,
                    place,
                    name: name_in(frame.payload),
                    source: source_in(frame.payload),
                    error,
                }),
            }
        }
        damaged
    }

    /// Takes in the name of the service. Copies are one: a library has its records in all programs.
    fn named(&mut self, service: ServiceRecord) {
        match &self.program.declared {
            Some(known) if known.name != service.name => {
                self.errors.push(ReadError::TwoServiceNames {
                    path: (*self.path).clone(),
                    names: Box::new([known.clone(), service]),
                });
            }
            Some(_) => {}
            None => self.program.declared = Some(service),
        }
    }

    fn damaged(&self, start: u64, bytes: &[u8], error: FrameError) -> ReadError {
        let at = error.offset();
        ReadError::DamagedRecord {
            path: (*self.path).clone(),
            place: Place::Byte(start + at as u64),
            name: bytes.get(at + HEADER_LEN..).and_then(name_in),
            error,
        }
    }
}

/// The name a damaged record seems to have: it stands first in the payload.
fn name_in(payload: &[u8]) -> Option<String> {
    let rest = payload.strip_prefix(b"{\"name\":\"")?;
    let end = rest.iter().take(200).position(|&byte| byte == b'"')?;
    let name = std::str::from_utf8(&rest[..end]).ok()?;
    Some(name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_damaged_record_is_guessed() {
        assert_eq!(
            name_in(br#"{"name":"cart","journey""#).as_deref(),
            Some("cart")
        );
        for payload in [
            &b"{}"[..],
            b"",
            br#"{"name":"cut"#.as_slice(),
            b"{\"name\":\"\xff\"",
        ] {
            assert!(name_in(payload).is_none_or(|name| name == "cut"));
        }
    }
}
