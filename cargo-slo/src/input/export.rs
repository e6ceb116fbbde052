//! Exported files: the records of one service as JSON, `<service>.slo.json`, which
//! [`outputs::export`](crate::outputs::export) writes.
//!
//! They carry declarations to where no program is: into a review, into the repository of an
//! organisation's rules, to a tool that can't read programs.

use super::{
    Found, NamedBy, Place, ReadError, ReadErrors, Reading, read_file, reading::check_name,
    source_in,
};
use crate::parallel;
use serde::{Deserialize, Deserializer, de};
use serde_json::value::RawValue;
use slo_model::record::{DecodeError, EndpointRecord, ServiceRecord};
use std::{
    fmt, io,
    marker::PhantomData,
    path::{Path, PathBuf},
    rc::Rc,
};

/// The format that is written and understood.
pub const FORMAT: u32 = 1;

/// Longest file that is read, in bytes: ten thousand endpoints with all that can be said of them.
pub(crate) const MAX_FILE_BYTES: u64 = 32 << 20;

/// More records than these in one file no service has.
pub(crate) const MAX_RECORDS: usize = 10_000;

/// More wrong records of one file than these are not told: they have one cause.
const MAX_WRONG_RECORDS: usize = 50;

#[derive(Deserialize)]
struct Head {
    format: u32,
}

/// The records are read one by one: what is wrong with one of them hides nothing about others.
#[derive(Deserialize)]
struct Export<'a> {
    format: u32,
    service: String,
    #[serde(default)]
    declared: Option<ServiceRecord>,
    #[serde(borrow, deserialize_with = "records")]
    records: Vec<&'a RawValue>,
}

/// Not more records than a service has: a file of commas would take a multiple of its length.
fn records<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<&'de RawValue>, D::Error> {
    few(deserializer)
}

/// A list of at most [`MAX_RECORDS`].
pub(crate) fn few<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    struct Few<T>(PhantomData<T>);
    impl<'de, T: Deserialize<'de>> de::Visitor<'de> for Few<T> {
        type Value = Vec<T>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a list of records")
        }

        fn visit_seq<A: de::SeqAccess<'de>>(self, mut items: A) -> Result<Vec<T>, A::Error> {
            let mut all = Vec::new();
            while let Some(item) = items.next_element()? {
                if all.len() == MAX_RECORDS {
                    let what = format!("there are more than {MAX_RECORDS} records");
                    return Err(de::Error::custom(what));
                }
                all.push(item);
            }
            Ok(all)
        }
    }
    deserializer.deserialize_seq(Few(PhantomData))
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
    read_exports_named_by(paths, NamedBy::Person)
}

/// The same for files that a person need not have named.
///
/// # Errors
/// As [`read_exports`], and where whoever named a file may not.
pub fn read_exports_named_by(
    paths: &[PathBuf],
    named_by: NamedBy<'_>,
) -> Result<Reading, ReadErrors> {
    let mut reading = Reading::default();
    let mut errors = Vec::new();
    for (path, read) in paths
        .iter()
        .zip(parallel::map(paths, |path| read(path, named_by)))
    {
        let Records {
            service,
            declared,
            records,
        } = match read {
            Ok(read) => read,
            Err(several) => {
                errors.extend(several);
                continue;
            }
        };
        let file = Rc::new(path.clone());
        let service = reading.services.entry(service).or_default();
        service.files.push(path.clone());
        service.declared = service.declared.take().or(declared);
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
    declared: Option<ServiceRecord>,
    records: Vec<(Place, EndpointRecord)>,
}

fn read(path: &Path, named_by: NamedBy<'_>) -> Result<Records, Vec<ReadError>> {
    let one = |error| vec![error];
    let syntax = |error| {
        one(ReadError::Export {
            path: path.to_owned(),
            error,
        })
    };
    let bytes = content(path, named_by).map_err(one)?;
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
    let declared = export.declared.as_ref().map(|declared| &declared.name);
    for name in [&export.service].into_iter().chain(declared) {
        if let Err(why) = check_name(name) {
            return Err(one(ReadError::ServiceName {
                path: Some(path.to_owned()),
                name: name.clone(),
                why,
            }));
        }
    }
    let mut errors = Vec::new();
    let mut lines = LinesBefore::default();
    let mut records = Vec::with_capacity(export.records.len());
    for (i, record) in export.records.into_iter().enumerate() {
        let place = Place::Item(i + 1);
        let text = record.get();
        match decode(text) {
            Ok(record) => records.push((place, record)),
            Err(_) if errors.len() == MAX_WRONG_RECORDS => break,
            Err(error) => errors.push(ReadError::Record {
                path: path.to_owned(),
                line: Some(lines.line_of(text, &bytes) + line_in(&error)),
                place,
                name: serde_json::from_str(text).ok().map(|Named { name }| name),
                source: source_in(text.as_bytes()),
                error,
            }),
        }
    }
    if errors.is_empty() {
        Ok(Records {
            service: export.service,
            declared: export.declared,
            records,
        })
    } else {
        Err(errors)
    }
}

fn content(path: &Path, named_by: NamedBy<'_>) -> Result<Vec<u8>, ReadError> {
    read_file(path, MAX_FILE_BYTES, named_by).map_err(|error| match error.kind() {
        io::ErrorKind::IsADirectory => ReadError::NoFile {
            path: path.to_owned(),
            directory: true,
        },
        _ => ReadError::Io {
            path: path.to_owned(),
            error,
        },
    })
}

/// A record as strict as one from a program: whoever edited the file by hand is told.
fn decode(text: &str) -> Result<EndpointRecord, DecodeError> {
    let record: EndpointRecord = serde_json::from_str(text).map_err(DecodeError::Payload)?;
    record.check()?;
    Ok(record)
}

/// The lines of a file before its parts, which are looked for in their order.
#[derive(Default)]
struct LinesBefore {
    seen: usize,
    ends: usize,
}

impl LinesBefore {
    /// The line of a file on which a part of it starts, counted from 1.
    fn line_of(&mut self, part: &str, file: &[u8]) -> u32 {
        let start = part.as_ptr().addr() - file.as_ptr().addr();
        let between = &file[self.seen..start];
        self.ends += between.iter().filter(|&&byte| byte == b'\n').count();
        self.seen = start;
        u32::try_from(self.ends + 1).unwrap_or(u32::MAX)
    }
}

/// How many lines into a record it goes wrong.
fn line_in(error: &DecodeError) -> u32 {
    let line = match error {
        DecodeError::Payload(error) => error.line(),
        _ => 1,
    };
    u32::try_from(line.saturating_sub(1)).unwrap_or(u32::MAX)
}
