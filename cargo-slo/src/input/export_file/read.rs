//! From exported files to services.

use super::{
    Exported, FORMAT, MAX_FILE_BYTES, RECORDS_ONLY,
    facts::{joined, object, without_records},
    offers,
    shape::{ExportFile, Few},
};
use crate::{
    input::{
        Found, Mistake, NamedBy, Place, ReadError, ReadErrors, Reading, Syntax, TextFile,
        catalogue::{Catalogue, Table},
        manifest::{Manifest, ManifestFile},
        read_file,
        reading::check_name,
        source_in,
        toml_mistakes::read_table,
    },
    parallel,
};
use serde::{
    Deserialize,
    de::{DeserializeOwned, Error as _},
};
use serde_json::value::RawValue;
use slo_model::record::{DecodeError, EndpointRecord, ServiceRecord};
use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};
use toml::{Spanned, de::DeTable};

/// More wrong records of one file than these are not told: they have one cause.
const MAX_WRONG_RECORDS: usize = 50;

/// A file whose parts are judged one by one.
pub(super) type Parts<'t> = ExportFile<&'t RawValue, Vec<&'t RawValue>, Few<&'t RawValue>>;

#[derive(Deserialize)]
struct Head {
    format: u32,
}

/// What is told of a record that can't be read.
#[derive(Deserialize)]
struct Named {
    name: String,
}

/// Reads exported files.
///
/// # Errors
/// If a file can't be read or is not an export, or if it says what no annotation, `slo.toml` or
/// catalogue can say.
pub fn read_exports(paths: &[PathBuf]) -> Result<Reading, ReadErrors> {
    read_exports_named_by(paths, NamedBy::Person)
}

/// The same for files that a person need not have named.
///
/// # Errors
/// As [`read_exports`], or if whoever named a file may not.
pub fn read_exports_named_by(
    paths: &[PathBuf],
    named_by: NamedBy<'_>,
) -> Result<Reading, ReadErrors> {
    let mut reading = Reading::default();
    let mut errors = Vec::new();
    // Of two exports of one service the first counts, in whatever order they are named.
    let mut paths = paths.to_vec();
    paths.sort_unstable();
    for (path, read) in paths
        .iter()
        .zip(parallel::map(&paths, |path| read(path, named_by)))
    {
        let One {
            service,
            sdk,
            declared,
            exported,
            records,
        } = match read {
            Ok(read) => read,
            Err(several) => {
                errors.extend(several);
                continue;
            }
        };
        let file = Arc::new(path.clone());
        let mut one = Reading::default();
        let records = records.into_iter().map(|(place, record)| Found {
            record,
            file: Arc::clone(&file),
            place,
        });
        let service = one.services.entry(service).or_default();
        service.files.push(path.clone());
        service.sdk = sdk;
        service.declared = declared;
        service.exported = Some(Arc::new(exported));
        service.records.extend(records);
        reading.merge(one);
    }
    ReadErrors::check(errors)?;
    Ok(reading)
}

/// What one file holds.
struct One {
    service: String,
    sdk: Option<String>,
    declared: Option<ServiceRecord>,
    exported: Exported,
    records: Vec<(Place, EndpointRecord)>,
}

fn read(path: &Path, named_by: NamedBy<'_>) -> Result<One, Vec<ReadError>> {
    let one = |error| vec![error];
    let syntax = |error| {
        one(ReadError::Export {
            path: path.to_owned(),
            error,
        })
    };
    let bytes = content(path, named_by).map_err(one)?;
    let text = str::from_utf8(&bytes).map_err(|error| {
        let what = format!("the file is not valid UTF-8: {error}");
        syntax(serde_json::Error::custom(what))
    })?;
    let parts: Result<Parts<'_>, _> = serde_json::from_str(text);
    // A later format may look different altogether, but for this.
    let format = match &parts {
        Ok(parts) => parts.format,
        Err(_) => serde_json::from_str(text).map_or(FORMAT, |Head { format }| format),
    };
    if !(RECORDS_ONLY..=FORMAT).contains(&format) {
        return Err(one(ReadError::ExportFormat {
            path: path.to_owned(),
            format,
        }));
    }
    let parts = parts.map_err(syntax)?;
    let declared = parts.declared.as_ref().map(|declared| &declared.name);
    for name in [&parts.service].into_iter().chain(declared) {
        if let Err(why) = check_name(name) {
            return Err(one(ReadError::ServiceName {
                path: Some(path.to_owned()),
                name: name.clone(),
                why,
            }));
        }
    }
    let records = records(path, text, &parts.records.0);
    let mut exported = match format {
        RECORDS_ONLY => Ok(Exported::default()),
        _ => exported(path, text, &parts),
    };
    if let (Some(offers), Ok(exported)) = (parts.offers, &mut exported)
        && format != RECORDS_ONLY
    {
        let mut lines = LinesBefore::default();
        let api = offers::read(path, offers, |part| lines.line_of(part, text));
        exported.api = Some(api.map_err(syntax)?);
    }
    match (records, exported) {
        (Ok(records), Ok(exported)) => Ok(One {
            service: parts.service,
            sdk: parts.sdk,
            declared: parts.declared,
            exported,
            records,
        }),
        (records, exported) => Err([records.err(), exported.err()]
            .into_iter()
            .flatten()
            .flatten()
            .collect()),
    }
}

fn records(
    path: &Path,
    file: &str,
    records: &[&RawValue],
) -> Result<Vec<(Place, EndpointRecord)>, Vec<ReadError>> {
    let mut errors = Vec::new();
    let mut lines = LinesBefore::default();
    let mut read = Vec::with_capacity(records.len());
    for (i, record) in records.iter().enumerate() {
        let place = Place::Item(i + 1);
        let text = record.get();
        match decode(text) {
            Ok(record) => read.push((place, record)),
            Err(_) if errors.len() == MAX_WRONG_RECORDS => break,
            Err(error) => errors.push(ReadError::Record {
                path: path.to_owned(),
                line: Some(lines.line_of(text, file) + line_in(&error)),
                place,
                name: serde_json::from_str(text).ok().map(|Named { name }| name),
                source: source_in(text.as_bytes()),
                error,
            }),
        }
    }
    match errors[..] {
        [] => Ok(read),
        _ => Err(errors),
    }
}

/// What a file says beside its records, by the types that read it from where people wrote it.
fn exported(path: &Path, text: &str, parts: &Parts<'_>) -> Result<Exported, Vec<ReadError>> {
    let file = TextFile {
        path: path.to_owned(),
        text: without_records(text, parts).into(),
        syntax: Syntax::Json,
    };
    let mut mistakes = Vec::new();
    let facts = joined(parts.facts, parts.confidential.as_ref(), text);
    let manifest = facts.and_then(|facts| read_as(facts, &mut mistakes));
    let catalogue = parts.catalogue.as_ref().map(|tables| Catalogue {
        folder: Some(path.to_owned()),
        tiers: table(tables.tiers, &file, text, &mut mistakes),
        burn_rates: table(tables.burn_rates, &file, text, &mut mistakes),
        policies: table(tables.policies, &file, text, &mut mistakes),
        vendors: table(tables.vendors, &file, text, &mut mistakes),
        consumers: table(tables.consumers, &file, text, &mut mistakes),
        ..Catalogue::default()
    });
    if !mistakes.is_empty() {
        let told = mistakes.into_iter().map(|mistake| ReadError::ExportFacts {
            file: Box::new(file.clone()),
            mistake,
            generator: parts.generator.clone(),
        });
        return Err(told.collect());
    }
    Ok(Exported {
        has_facts: parts.facts.is_some(),
        has_money: parts.confidential.is_some(),
        manifest: manifest
            .filter(|facts| *facts != Manifest::default())
            .map(|facts| ManifestFile {
                file,
                facts,
                about: None,
            }),
        catalogue,
        api: None,
        build: parts.build.clone(),
    })
}

fn read_as<T: DeserializeOwned>(
    table: Result<Spanned<DeTable<'_>>, Mistake>,
    mistakes: &mut Vec<Mistake>,
) -> Option<T> {
    let read = table.map_err(|mistake| vec![mistake]).and_then(read_table);
    read.map_err(|wrong| mistakes.extend(wrong)).ok()
}

fn table<T: DeserializeOwned>(
    raw: Option<&RawValue>,
    file: &TextFile,
    text: &str,
    mistakes: &mut Vec<Mistake>,
) -> Table<T> {
    let Some(raw) = raw else {
        return Table::default();
    };
    Table {
        file: Some(file.clone()),
        entries: read_as(object(raw, text), mistakes).unwrap_or_default(),
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
    fn line_of(&mut self, part: &str, file: &str) -> u32 {
        let start = part.as_ptr().addr() - file.as_ptr().addr();
        let between = &file.as_bytes()[self.seen..start];
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
