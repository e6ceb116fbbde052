//! Exported files: the records of one service as JSON, `<service>.slo.json`, which
//! [`outputs::export`](crate::outputs::export) writes.
//!
//! They carry declarations to where no program is: into a review, into the repository of an
//! organisation's rules, to a tool that can't read programs.

use super::{Found, Place, ReadError, ReadErrors, Reading, reading::check_name, source_in};
use crate::parallel;
use serde::Deserialize;
use serde_json::value::RawValue;
use slo_model::record::{DecodeError, EndpointRecord};
use std::{
    io,
    path::{Path, PathBuf},
    rc::Rc,
};

/// The format that is written and understood.
pub const FORMAT: u32 = 1;

#[derive(Deserialize)]
struct Head {
    format: u32,
}

/// The records are read one by one: what is wrong with one of them hides nothing about others.
#[derive(Deserialize)]
struct Export<'a> {
    format: u32,
    service: String,
    #[serde(borrow)]
    records: Vec<&'a RawValue>,
}

/// What is told of a record that can't be read.
#[derive(Deserialize)]
struct Named {
    name: String,
}

/// Reads exported files.
///
/// # Errors
/// Where a file can't be read or is no export, and where a record says what no annotation
/// can say.
pub fn read_exports(paths: &[PathBuf]) -> Result<Reading, ReadErrors> {
    let mut reading = Reading::default();
    let mut errors = Vec::new();
    for (path, read) in paths.iter().zip(parallel::map(paths, |path| read(path))) {
        let Records { service, records } = match read {
            Ok(read) => read,
            Err(several) => {
                errors.extend(several);
                continue;
            }
        };
        let file = Rc::new(path.clone());
        let service = reading.services.entry(service).or_default();
        service.files.push(path.clone());
        let found = records.into_iter().map(|(place, record)| Found {
            record,
            file: Rc::clone(&file),
            place,
        });
        service.records.extend(found);
    }
    ReadErrors::check(errors)?;
    Ok(reading)
}

/// What one file holds.
struct Records {
    service: String,
    records: Vec<(Place, EndpointRecord)>,
}

fn read(path: &Path) -> Result<Records, Vec<ReadError>> {
    let one = |error| vec![error];
    let syntax = |error| {
        one(ReadError::Export {
            path: path.to_owned(),
            error,
        })
    };
    let bytes = content(path).map_err(one)?;
    let export: Result<Export<'_>, _> = serde_json::from_slice(&bytes);
    // A later format may look different altogether, but for this.
    let format = match &export {
        Ok(export) => export.format,
        Err(_) => serde_json::from_slice(&bytes).map_or(FORMAT, |Head { format }| format),
    };
    if format != FORMAT {
        return Err(one(ReadError::ExportFormat {
            path: path.to_owned(),
            format,
        }));
    }
    let export = export.map_err(syntax)?;
    if let Err(why) = check_name(&export.service) {
        return Err(one(ReadError::ServiceName {
            path: Some(path.to_owned()),
            name: export.service,
            why,
        }));
    }
    let mut errors = Vec::new();
    let mut records = Vec::with_capacity(export.records.len());
    for (i, record) in export.records.into_iter().enumerate() {
        let place = Place::Item(i + 1);
        let text = record.get();
        match decode(text) {
            Ok(record) => records.push((place, record)),
            Err(error) => errors.push(ReadError::Record {
                path: path.to_owned(),
                line: Some(line_of(text, &bytes) + line_in(&error)),
                place,
                name: serde_json::from_str(text).ok().map(|Named { name }| name),
                source: source_in(text.as_bytes()),
                error,
            }),
        }
    }
    if errors.is_empty() {
        let service = export.service;
        Ok(Records { service, records })
    } else {
        Err(errors)
    }
}

fn content(path: &Path) -> Result<Vec<u8>, ReadError> {
    let io = |error: io::Error| ReadError::Io {
        path: path.to_owned(),
        error,
    };
    if std::fs::metadata(path).map_err(io)?.is_dir() {
        return Err(ReadError::NoFile {
            path: path.to_owned(),
            directory: true,
        });
    }
    std::fs::read(path).map_err(io)
}

/// A record as strict as one from a program: whoever edited the file by hand is told.
fn decode(text: &str) -> Result<EndpointRecord, DecodeError> {
    let record: EndpointRecord = serde_json::from_str(text).map_err(DecodeError::Payload)?;
    record.check()?;
    Ok(record)
}

/// The line of a file on which a part of it starts, counted from 1.
fn line_of(part: &str, file: &[u8]) -> u32 {
    let start = part.as_ptr().addr() - file.as_ptr().addr();
    let ends = file[..start].iter().filter(|&&byte| byte == b'\n').count();
    u32::try_from(ends + 1).unwrap_or(u32::MAX)
}

/// How many lines into a record it goes wrong.
fn line_in(error: &DecodeError) -> u32 {
    let line = match error {
        DecodeError::Payload(error) => error.line(),
        _ => 1,
    };
    u32::try_from(line.saturating_sub(1)).unwrap_or(u32::MAX)
}
