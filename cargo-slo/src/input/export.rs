//! Exported files: the records of one service as JSON, `<service>.slo.json`, which
//! [`outputs::export`](crate::outputs::export) writes.
//!
//! They carry declarations to where no program is: into a review, into the repository of an
//! organisation's rules, to a tool that can't read programs.

use super::{Found, Place, ReadError, ReadErrors, Reading, reading::check_name};
use serde::Deserialize;
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

#[derive(Deserialize)]
struct Export {
    service: String,
    records: Vec<serde_json::Value>,
}

/// Reads exported files.
///
/// # Errors
/// Where a file can't be read or is no export, and where a record says what no annotation
/// can say.
pub fn read_exports(paths: &[PathBuf]) -> Result<Reading, ReadErrors> {
    let mut reading = Reading::default();
    let mut errors = Vec::new();
    for path in paths {
        read(path, &mut reading).unwrap_or_else(|several| errors.extend(several));
    }
    ReadErrors::check(errors)?;
    Ok(reading)
}

fn read(path: &Path, reading: &mut Reading) -> Result<(), Vec<ReadError>> {
    let one = |error| vec![error];
    let syntax = |error| {
        one(ReadError::Export {
            path: path.to_owned(),
            error,
        })
    };
    let bytes = content(path).map_err(one)?;
    // The version first: a later format may look different altogether.
    let head: Head = serde_json::from_slice(&bytes).map_err(syntax)?;
    if head.format != FORMAT {
        return Err(one(ReadError::ExportFormat {
            path: path.to_owned(),
            format: head.format,
        }));
    }
    let export: Export = serde_json::from_slice(&bytes).map_err(syntax)?;
    if let Err(why) = check_name(&export.service) {
        return Err(one(ReadError::ServiceName {
            path: Some(path.to_owned()),
            name: export.service,
            why,
        }));
    }
    let file = Rc::new(path.to_owned());
    let mut errors = Vec::new();
    let service = reading.services.entry(export.service).or_default();
    service.files.push(path.to_owned());
    for (i, value) in export.records.into_iter().enumerate() {
        let place = Place::Item(i + 1);
        let name = value
            .get("name")
            .and_then(|name| name.as_str())
            .map(str::to_owned);
        match decode(value) {
            Ok(record) => service.records.push(Found {
                record,
                file: Rc::clone(&file),
                place,
            }),
            Err(error) => errors.push(ReadError::Record {
                path: path.to_owned(),
                place,
                name,
                error,
            }),
        }
    }
    if errors.is_empty() {
        Ok(())
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
fn decode(value: serde_json::Value) -> Result<EndpointRecord, DecodeError> {
    let record: EndpointRecord = serde_json::from_value(value).map_err(DecodeError::Payload)?;
    record.check()?;
    Ok(record)
}
