//! From programs to services.
//!
//! An executable is a service. It has the name that it gives itself, by `slo_sdk::service!`, else
//! that of its file.
//!
//! A shared library is a part of the program that loads it. One that cargo built as a `cdylib` is a
//! service of its own, named by its package, unless all its records are in a program of the same
//! build: then it is a library of that program, which was built for other users, too. Of other
//! libraries it can be told whose they are only where one executable was read.

use super::{
    Found, ReadError, ReadErrors, Reading,
    binary::{self, Program},
    reading::{check_name, is_same_declaration},
};
use crate::diagnostics::Diagnostic;
use slo_model::service_name;
use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

/// A file with machine code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artefact {
    /// Where it is.
    pub path: PathBuf,
    /// What it is for.
    pub role: Role,
    /// The package that cargo built it from, if cargo said so.
    pub package: Option<Package>,
    /// True where a person named this file: then finding nothing in it is worth a word.
    pub named: bool,
}

/// A package of cargo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// The folder of its manifest.
    pub folder: PathBuf,
}

/// What a file with machine code is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It is started.
    Executable,
    /// It is loaded by something else.
    Library,
    /// The same, built by cargo for programs of any language.
    Cdylib,
}

impl Artefact {
    /// Returns a file that a person named; its role is told by how it is called.
    pub fn named(path: &Path) -> Artefact {
        let file = path.file_name().unwrap_or_default().to_string_lossy();
        let library = file.ends_with(".dll")
            || file.ends_with(".dylib")
            || file.ends_with(".so")
            || file.contains(".so.");
        Artefact {
            path: path.to_owned(),
            role: if library {
                Role::Library
            } else {
                Role::Executable
            },
            package: None,
            named: true,
        }
    }

    /// The name of the service it is, unless it gives itself one: that of an executable is the one
    /// it exports under.
    fn service(&self) -> String {
        let file = self.path.file_name().unwrap_or_default().to_string_lossy();
        let package = self.package.as_ref().map(|package| package.name.as_str());
        let name = match self.role {
            Role::Executable => service_name(&self.path),
            Role::Cdylib if package.is_some() => package,
            Role::Library | Role::Cdylib => [".dll", ".dylib", ".so", ".wasm"]
                .iter()
                .find_map(|end| file.split_once(end))
                .map(|(stem, _)| stem.strip_prefix("lib").unwrap_or(stem)),
        };
        name.unwrap_or(&file).to_owned()
    }
}

/// Reads the programs and shared libraries at these paths.
///
/// # Errors
/// If a file can't be read or is not a program, where a record is damaged, or if nothing
/// in any of them comes from the SDK.
pub fn read_binaries(paths: &[PathBuf]) -> Result<Reading, ReadErrors> {
    let artefacts: Vec<_> = paths.iter().map(|path| Artefact::named(path)).collect();
    read_artefacts(&artefacts)
}

/// Reads programs and shared libraries.
///
/// # Errors
/// As [`read_binaries`].
pub fn read_artefacts(artefacts: &[Artefact]) -> Result<Reading, ReadErrors> {
    let mut reading = Reading::default();
    let mut errors = same_files(artefacts);
    let mut off = Vec::new();
    let mut libraries = Vec::new();
    let mut windows_gnu = cfg!(all(windows, target_env = "gnu"));
    for artefact in artefacts {
        let program = match binary::read(&artefact.path) {
            Ok(program) => program,
            Err(several) => {
                errors.extend(several);
                continue;
            }
        };
        if program.off {
            off.push(artefact.clone());
            continue;
        }
        if program.is_foreign() {
            windows_gnu |= program.windows && !says_msvc(&artefact.path);
            if artefact.named && artefacts.len() > 1 {
                let remark = Diagnostic::warning("nothing in this file was built with slo-sdk");
                reading.remarks.push(remark.at(&artefact.path));
            }
            continue;
        }
        match artefact.role {
            Role::Executable => add(&mut reading, artefact, program, None)
                .unwrap_or_else(|error| errors.push(error)),
            Role::Library | Role::Cdylib => libraries.push((artefact, program)),
        }
    }
    if !off.is_empty() {
        let asking = Vec::new();
        errors.push(ReadError::Off {
            programs: off,
            asking,
        });
    }
    add_libraries(&mut reading, libraries).unwrap_or_else(|error| errors.push(error));
    ReadErrors::check(errors)?;
    if reading.services.is_empty() {
        let read = artefacts
            .iter()
            .map(|artefact| artefact.path.clone())
            .collect();
        return Err(ReadError::NothingFound { read, windows_gnu }.into());
    }
    Ok(reading)
}

/// Two packages that build one file: the later program has replaced the earlier one.
fn same_files(artefacts: &[Artefact]) -> Vec<ReadError> {
    let mut packages: HashMap<&Path, &Package> = HashMap::new();
    let mut errors = Vec::new();
    for artefact in artefacts {
        let Some(package) = &artefact.package else {
            continue;
        };
        match packages.insert(&artefact.path, package) {
            Some(other) if other != package => errors.push(ReadError::TwoPackages {
                path: artefact.path.clone(),
                packages: Box::new([other.clone(), package.clone()]),
            }),
            _ => {}
        }
    }
    errors
}

/// Adds shared libraries to the services they belong to, once all executables are read.
fn add_libraries(
    reading: &mut Reading,
    libraries: Vec<(&Artefact, Program)>,
) -> Result<(), ReadError> {
    let executables: Vec<_> = reading.services.keys().cloned().collect();
    let mut of_their_own = Vec::new();
    for (library, program) in libraries {
        let known = executables
            .iter()
            .map(|name| &reading.services[name].records);
        let is_known = is_within(&program.records, known);
        match (&executables[..], library.role) {
            // A sentinel alone says nothing that the executables do not say themselves.
            ([_, ..], Role::Cdylib) | ([_, _, ..], _) if program.records.is_empty() => {}
            (_, Role::Cdylib) if is_known => {}
            ([only], Role::Library) => {
                let only = only.clone();
                add(reading, library, program, Some(only))?;
            }
            _ => of_their_own.push((library, program)),
        }
    }
    for (library, program) in of_their_own {
        if !executables.is_empty() {
            let remark =
                Diagnostic::note("the library counts as a service of its own").at(&library.path);
            reading.remarks.push(match library.role {
                Role::Cdylib => remark
                    .with_note("no program of this build holds all its records")
                    .with_help("name it in its code: `slo_sdk::service!(\"NAME\");`"),
                _ => remark
                    .with_note("several executables were read, and any of them may load it")
                    .with_help(
                        "name one executable and its libraries: `--bin orders liborders.so`",
                    ),
            });
        }
        add(reading, library, program, None)?;
    }
    Ok(())
}

/// True if one of some programs declares everything that a library does.
fn is_within<'a>(library: &[Found], mut programs: impl Iterator<Item = &'a Vec<Found>>) -> bool {
    let is_in = |program: &[Found], found: &Found| {
        let mut records = program.iter().map(|known| &known.record);
        records.any(|record| is_same_declaration(record, &found.record))
    };
    programs.any(|program| library.iter().all(|found| is_in(program, found)))
}

/// Adds a program to the service it is, or to another one.
fn add(
    reading: &mut Reading,
    artefact: &Artefact,
    program: Program,
    service: Option<String>,
) -> Result<(), ReadError> {
    let declared = program
        .declared
        .as_ref()
        .map(|service| service.name.clone());
    let name = service.or(declared).unwrap_or_else(|| artefact.service());
    if let Err(why) = check_name(&name) {
        let path = Some(artefact.path.clone());
        return Err(ReadError::ServiceName { path, name, why });
    }
    let service = reading.services.entry(name).or_default();
    service.files.push(artefact.path.clone());
    let package = artefact.package.as_ref();
    service
        .packages
        .extend(package.map(|package| package.folder.clone()));
    service.sdk = program.sdk.or(service.sdk.take());
    service.declared = service.declared.take().or(program.declared);
    service.records.extend(program.records);
    reading.remarks.extend(program.remarks);
    Ok(())
}

/// True where the path tells that another linker than GNU ld made the file.
fn says_msvc(path: &Path) -> bool {
    let mut parts = path.iter().map(|part| part.to_string_lossy());
    cfg!(target_env = "msvc") || parts.any(|part| part.ends_with("-windows-msvc"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_are_named_like_their_files() {
        for (path, role, service) in [
            ("target/debug/orders", Role::Executable, "orders"),
            ("orders.exe", Role::Executable, "orders"),
            ("orders.v2", Role::Executable, "orders.v2"),
            ("a/orders.wasm", Role::Executable, "orders"),
            ("liborders.so", Role::Library, "orders"),
            ("liborders.so.1", Role::Library, "orders"),
            ("liborders.dylib", Role::Library, "orders"),
            ("orders.dll", Role::Library, "orders"),
        ] {
            let artefact = Artefact::named(Path::new(path));
            assert_eq!(
                (artefact.role, artefact.service().as_str()),
                (role, service),
                "{path}"
            );
        }
    }
}
