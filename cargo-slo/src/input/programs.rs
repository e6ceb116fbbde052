//! From programs to services.
//!
//! An executable is a service, named like its file. A shared library is a part of the
//! service that loads it; which one that is can be told only where there is one, so a
//! library beside several executables, or beside none, counts as a service of its own.

use super::{
    ReadError, ReadErrors, Reading,
    binary::{self, Program},
    reading::check_name,
};
use crate::diagnostics::Diagnostic;
use slo_model::service_name;
use std::path::{Path, PathBuf};

/// A file with machine code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artefact {
    /// Where it is.
    pub path: PathBuf,
    /// What it is for.
    pub role: Role,
    /// The folder of the package that cargo built it from, where cargo said so.
    pub package: Option<PathBuf>,
    /// True where a person named this file: then finding nothing in it is worth a word.
    pub named: bool,
}

/// What a file with machine code is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It is started.
    Executable,
    /// It is loaded by something else.
    Library,
}

impl Artefact {
    /// A file that a person named; its role is told by how it is called.
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

    /// The name of the service it is: that of an executable is the one it exports under.
    fn service(&self) -> String {
        let file = self.path.file_name().unwrap_or_default().to_string_lossy();
        let name = match self.role {
            Role::Executable => service_name(&self.path),
            Role::Library => [".dll", ".dylib", ".so", ".wasm"]
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
/// Where a file can't be read or is no program, where a record is damaged, and where nothing
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
    let mut errors = Vec::new();
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
        if program.is_foreign() {
            windows_gnu |= program.windows && !says_msvc(&artefact.path);
            if artefact.named && artefacts.len() > 1 {
                let remark = Diagnostic::warning("nothing in this file was built with slo-sdk");
                reading.remarks.push(remark.at(&artefact.path));
            }
            continue;
        }
        match artefact.role {
            Role::Executable => add(&mut reading, artefact.service(), artefact, program)
                .unwrap_or_else(|error| errors.push(error)),
            Role::Library => libraries.push((artefact, program)),
        }
    }
    let executables: Vec<_> = reading.services.keys().cloned().collect();
    for (library, program) in libraries {
        let service = match &executables[..] {
            [only] => only.clone(),
            [] => library.service(),
            // A sentinel alone says nothing that the executables do not say themselves.
            _ if program.records.is_empty() => continue,
            _ => {
                let remark = Diagnostic::note("the library counts as a service of its own")
                    .at(&library.path)
                    .with_note("several executables were read, and any of them may load it")
                    .with_help(
                        "name one executable and its libraries: `--bin orders liborders.so`",
                    );
                reading.remarks.push(remark);
                library.service()
            }
        };
        add(&mut reading, service, library, program).unwrap_or_else(|error| errors.push(error));
    }
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

fn add(
    reading: &mut Reading,
    name: String,
    artefact: &Artefact,
    program: Program,
) -> Result<(), ReadError> {
    if let Err(why) = check_name(&name) {
        let path = Some(artefact.path.clone());
        return Err(ReadError::ServiceName { path, name, why });
    }
    let service = reading.services.entry(name).or_default();
    service.files.push(artefact.path.clone());
    service.packages.extend(artefact.package.clone());
    service.sdk = program.sdk.or(service.sdk.take());
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
