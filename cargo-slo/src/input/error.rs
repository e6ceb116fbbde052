//! What can go wrong while records are read.

use super::{
    Artefact, Mistake, Package, Place, TextFile, export_file::FORMAT, features::FeatureRequest,
    sections::WASM_COMPONENT, toml_file, way_out,
};
use crate::diagnostics::Diagnostic;
use serde_json::error::Category;
use slo_model::record::{DecodeError, FrameError, ServiceRecord, SourceRecord};
use std::{
    fmt, io,
    path::{Path, PathBuf},
};

/// One thing that went wrong while records were read.
#[derive(Debug)]
#[non_exhaustive]
pub enum ReadError {
    /// The operating system refused: the file is missing or can't be read.
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// The path is a directory, a pipe or a device.
    NoFile {
        /// The path.
        path: PathBuf,
        /// True for a directory.
        directory: bool,
    },
    /// The file has no content.
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// The file is not a program; point at the one that cargo linked.
    NoProgram {
        /// The file.
        path: PathBuf,
        /// What it is instead, where that is known.
        instead: Option<&'static str>,
    },
    /// The file starts like a program, but its structure is damaged; build it again.
    DamagedProgram {
        /// The file.
        path: PathBuf,
        /// What is damaged.
        what: String,
    },
    /// A record in a program is damaged; build it again.
    DamagedRecord {
        /// The file.
        path: PathBuf,
        /// Where its frame starts.
        place: Place,
        /// The endpoint it seems to be about.
        name: Option<String>,
        /// What is wrong with the frame.
        error: FrameError,
    },
    /// A record is whole but can't be understood.
    Record {
        /// The file.
        path: PathBuf,
        /// The line of the file, where it has lines.
        line: Option<u32>,
        /// Where it stands.
        place: Place,
        /// The endpoint it seems to be about.
        name: Option<String>,
        /// The annotation it seems to come from.
        source: Option<Box<SourceRecord>>,
        /// Why.
        error: DecodeError,
    },
    /// A file is not what `cargo slo export` writes.
    Export {
        /// The file.
        path: PathBuf,
        /// Why.
        error: serde_json::Error,
    },
    /// An exported file has a format that this program does not know.
    ExportFormat {
        /// The file.
        path: PathBuf,
        /// The format it has.
        format: u32,
    },
    /// An exported file says of a service what neither `slo.toml` nor the catalogue can say.
    ExportFacts {
        /// The file.
        file: Box<TextFile>,
        /// What is wrong, and where.
        mistake: Mistake,
        /// Who wrote the file, as it says.
        generator: String,
    },
    /// A service can't have this name.
    ServiceName {
        /// The file it comes from, unless a person said it.
        path: Option<PathBuf>,
        /// The name.
        name: String,
        /// Why.
        why: &'static str,
    },
    /// A program gives its service two names; leave one.
    TwoServiceNames {
        /// The file.
        path: PathBuf,
        /// Both names.
        names: Box<[ServiceRecord; 2]>,
    },
    /// Two packages build one file, and only the later program is there; build one of them.
    TwoPackages {
        /// The file.
        path: PathBuf,
        /// Both packages.
        packages: Box<[Package; 2]>,
    },
    /// The feature `off` of the SDK has compiled all annotations out.
    Off {
        /// The programs it was found in.
        programs: Vec<Artefact>,
        /// The packages that ask for it, as far as cargo tells.
        asking: Vec<FeatureRequest>,
    },
    /// Only one service can be given another name.
    NotOneService {
        /// The services there are.
        found: Vec<String>,
    },
    /// Nothing that was read was built with the SDK.
    NothingFound {
        /// What was read.
        read: Vec<PathBuf>,
        /// True where GNU ld may have dropped the records of a program for Windows.
        windows_gnu: bool,
    },
}

impl ReadError {
    /// Returns the files that it is about; none where it is about what a person asked for.
    pub fn files(&self) -> Vec<&Path> {
        match self {
            ReadError::Io { path, .. }
            | ReadError::NoFile { path, .. }
            | ReadError::Empty { path }
            | ReadError::NoProgram { path, .. }
            | ReadError::DamagedProgram { path, .. }
            | ReadError::DamagedRecord { path, .. }
            | ReadError::Record { path, .. }
            | ReadError::Export { path, .. }
            | ReadError::ExportFormat { path, .. }
            | ReadError::TwoServiceNames { path, .. }
            | ReadError::TwoPackages { path, .. } => vec![path],
            ReadError::ExportFacts { file, .. } => vec![&file.path],
            ReadError::ServiceName { path, .. } => path.as_deref().into_iter().collect(),
            ReadError::Off { programs, .. } => programs.iter().map(|one| &*one.path).collect(),
            ReadError::NothingFound { read, .. } => read.iter().map(|path| &**path).collect(),
            ReadError::NotOneService { .. } => Vec::new(),
        }
    }

    /// Returns the error as it is told to people.
    pub fn diagnostic(&self) -> Diagnostic {
        let build_again = "build the program again; if that does not help, the linker or a tool \
                           after it damages the section `slo_meta`";
        match self {
            ReadError::Io { path, error } if error.kind() == io::ErrorKind::NotFound => {
                Diagnostic::error("there is no such file").at(path)
            }
            ReadError::Io { path, error } => {
                let told = Diagnostic::error(format!("the file can't be read: {error}")).at(path);
                match way_out(error) {
                    Some(help) => told.with_help(help),
                    None => told,
                }
            }
            ReadError::NoFile { path, directory } => {
                let what = if *directory {
                    "a directory"
                } else {
                    "not a regular file"
                };
                Diagnostic::error(format!("the path is {what}"))
                    .at(path)
                    .with_help("name the program that cargo built, such as `target/release/orders`")
                    .with_help("a folder of exports is read with `--export DIR`")
            }
            ReadError::Empty { path } => Diagnostic::error("the file is empty").at(path),
            ReadError::NoProgram { path, instead } => {
                let error =
                    Diagnostic::error("the file is not an executable program or library").at(path);
                match instead {
                    Some(what @ "JSON") => error
                        .with_note(format!("it looks like {what}"))
                        .with_help("exported files are read with `--export FILE`"),
                    Some(what @ WASM_COMPONENT) => error
                        .with_note(format!("it looks like {what}"))
                        .with_help("name the module that the component was made of"),
                    Some(what) => error.with_note(format!("it looks like {what}")),
                    None => error,
                }
            }
            ReadError::DamagedProgram { path, what } => {
                Diagnostic::error("the program's structure is damaged")
                    .at(path)
                    .with_note(what.clone())
                    .with_help("build the program again, or copy it again")
            }
            ReadError::DamagedRecord {
                path,
                place,
                name,
                error,
            } => in_record(error, path, *place, name.as_deref()).with_help(build_again),
            ReadError::Record {
                path,
                line,
                place,
                name,
                source,
                error,
            } => {
                let mut told = in_record(error, path, *place, name.as_deref());
                if let (Some(line), Some(location)) = (line, &mut told.location) {
                    // In the file; the error only knows the line in the record.
                    told.message = without_position(error);
                    location.line = Some(*line);
                }
                let Some(source) = source else {
                    return told;
                };
                told.with_note(format!("it was declared by {source} of {}", source.package))
                    .with_help(match line {
                        Some(_) => "change it there, build, and export again",
                        None => "change it there, and build again",
                    })
            }
            ReadError::Export { path, error } => no_export(path, error),
            ReadError::ExportFormat { path, format } => Diagnostic::error(format!(
                "the export has format {format}, this program knows 1 to {FORMAT}"
            ))
            .at(path)
            .with_help(
                "use a newer cargo-slo, or write the export again with this one: `cargo slo export`",
            ),
            ReadError::ExportFacts {
                file,
                mistake,
                generator,
            } => {
                let error = toml_file::wrong(file, mistake);
                match generator.is_empty() {
                    true => error,
                    false => error.with_note(format!("the file was written by {generator}")),
                }
                .with_help("write the export again: `cargo slo export`")
            }
            ReadError::ServiceName { path, name, why } => {
                let error =
                    Diagnostic::error(format!("`{name}` can't be the name of a service: {why}"));
                match path {
                    Some(path) => error
                        .at(path)
                        .with_help("give it one with `--service NAME`"),
                    None => error,
                }
            }
            ReadError::TwoServiceNames { path, names } => {
                let [one, other] = &**names;
                let at = |name: &ServiceRecord| {
                    format!(
                        "`{}` by {} of {}",
                        name.name, name.source, name.source.package
                    )
                };
                Diagnostic::error("the program gives its service two names")
                    .at(path)
                    .with_note(format!("it is called {}", at(one)))
                    .with_note(format!("and {}", at(other)))
                    .with_help(
                        "leave one `slo_sdk::service!`, in the program rather than in a library",
                    )
            }
            ReadError::TwoPackages { path, packages } => two_packages(path, packages),
            ReadError::Off { programs, asking } => is_off(programs, asking),
            ReadError::NotOneService { found } => {
                let error = Diagnostic::error(format!(
                    "`--service` names one service, but {} were read",
                    found.len()
                ));
                let error = match found.is_empty() {
                    true => error,
                    false => error.with_note(format!("these were read: {}", found.join(", "))),
                };
                error.with_help("read one program at a time, with `--bin FILE` or `-p PACKAGE`")
            }
            ReadError::NothingFound { read, windows_gnu } => nothing_found(read, *windows_gnu),
        }
    }
}

/// A file that is not an export, with the place where it stops being one.
fn no_export(path: &Path, error: &serde_json::Error) -> Diagnostic {
    let is_empty = error.is_eof() && (error.line(), error.column()) == (1, 0);
    let message = error.to_string();
    let message = message.split(" at line ").next().unwrap_or_default();
    let missing = message.strip_prefix("missing field ");
    let what = match (error.classify(), missing) {
        _ if is_empty => "it is empty".to_owned(),
        (Category::Eof, _) => "it ends in the middle: it was cut off".to_owned(),
        (Category::Syntax, _) => "this is not JSON".to_owned(),
        (_, Some(key)) => format!("it lacks {key}"),
        // Shown are types and not values: they may be anybody's.
        (_, None) if message.starts_with("invalid ") => {
            let expected = message
                .rsplit_once(", expected ")
                .map_or("", |(_, what)| what);
            match expected.starts_with("struct ") {
                true => "it is not an object of JSON".to_owned(),
                false => format!("here should be {expected}"),
            }
        }
        (_, None) => message.to_owned(),
    };
    let told = Diagnostic::error(format!("the file can't be read as an export: {what}")).at(path);
    let mut told = told.with_help(
        "exports are written by `cargo slo export`; programs are read with `--bin FILE`",
    );
    if let (Some(location), false) = (&mut told.location, is_empty) {
        let number = |n: usize| u32::try_from(n).ok().filter(|n| *n > 0);
        location.line = number(error.line());
        location.column = number(error.column());
    }
    told
}

fn two_packages(path: &Path, packages: &[Package; 2]) -> Diagnostic {
    let [mut one, mut other] = packages.each_ref();
    if other.name < one.name {
        (one, other) = (other, one);
    }
    let file = path.file_name().unwrap_or_default().display();
    Diagnostic::error(format!(
        "the packages `{}` and `{}` both build `{file}`",
        one.name, other.name
    ))
    .at(path)
    .with_note("the program of one has replaced that of the other, and its SLOs with it")
    .with_help(format!(
        "read them one after the other: `-p {}`, then `-p {}`",
        one.name, other.name
    ))
    .with_help(
        "or give one program another name, in `[[bin]]`; `slo_sdk::service!` says what the service is called",
    )
}

fn is_off(programs: &[Artefact], asking: &[FeatureRequest]) -> Diagnostic {
    let mut error = Diagnostic::error(
        "slo-sdk was built with its feature `off`: no SLO is in the program, and it counts nothing",
    );
    match programs {
        [only] => error = error.at(&only.path),
        several => {
            let paths: Vec<_> = several
                .iter()
                .map(|p| p.path.display().to_string())
                .collect();
            error = error.with_note(format!("these programs were read: {}", paths.join(", ")));
        }
    }
    if asking.is_empty() {
        return error.with_help("`cargo tree -e features -i slo-sdk` shows who asks for it");
    }
    for asking in asking {
        error = error.with_note(asking.to_string());
    }
    let packages = programs
        .iter()
        .filter_map(|program| program.package.as_ref());
    let innocent = packages.map(|package| &package.name).find(|name| {
        let mut asking = asking.iter();
        asking.all(|asking| asking.package != **name)
    });
    if let Some(name) = innocent {
        error = error
            .with_note("cargo builds slo-sdk once, with every feature that a package of the build asks for")
            .with_help(format!("build the service alone: `-p {name}`"));
    }
    error.with_help(format!(
        "let `{}` ask for it only by a feature of its own: `off = [\"{}/off\"]`",
        asking[0].package, asking[0].of
    ))
}

fn nothing_found(read: &[PathBuf], windows_gnu: bool) -> Diagnostic {
    let mut error = Diagnostic::error("nothing built with slo-sdk was found");
    match read {
        [] => error = error.with_note("cargo built no executable and no shared library"),
        [only] => error = error.at(only),
        several => {
            error = error.with_note(format!(
                "{} programs and libraries were read",
                several.len()
            ));
        }
    }
    if windows_gnu {
        error = error
            .with_note("for windows-gnu, GNU ld drops the section that holds the records")
            .with_help("link with `-Clink-arg=-Wl,--no-gc-sections`, or build for windows-msvc");
    }
    error
        .with_help("a service is built with slo-sdk when its code uses it: `use slo_sdk::slo;`")
        .with_help("in a workspace, choose the service with `-p PACKAGE`, or name a program with `--bin FILE`")
}

/// What is wrong, without where in the record.
fn without_position(error: &DecodeError) -> String {
    let message = error.to_string();
    let DecodeError::Payload(error) = error else {
        return message;
    };
    let position = format!(" at line {} column {}", error.line(), error.column());
    match message.strip_suffix(&position) {
        Some(what) => what.to_owned(),
        None => message,
    }
}

fn in_record(error: &impl ToString, path: &Path, place: Place, name: Option<&str>) -> Diagnostic {
    let part = match name {
        Some(name) => format!("{place} (`{name}`)"),
        None => place.to_string(),
    };
    Diagnostic::error(error.to_string()).at(path).part(part)
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let told = self.diagnostic();
        if let Some(location) = &told.location {
            write!(f, "{}: ", location.file)?;
            if let Some(part) = &location.part {
                write!(f, "{part}: ")?;
            }
        }
        f.write_str(&told.message)
    }
}

impl std::error::Error for ReadError {}

/// Everything that went wrong while records were read: one bad file hides no other.
#[derive(Debug)]
pub struct ReadErrors(Vec<ReadError>);

impl ReadErrors {
    /// Returns the errors, at least one.
    pub fn errors(&self) -> &[ReadError] {
        &self.0
    }

    /// Adds who asks for the feature `off`, which takes asking cargo.
    pub(crate) fn with_asking(mut self, ask: impl FnOnce() -> Vec<FeatureRequest>) -> ReadErrors {
        let mut all = self.0.iter_mut();
        let asking = all.find_map(|error| match error {
            ReadError::Off { asking, .. } => Some(asking),
            _ => None,
        });
        if let Some(asking) = asking {
            *asking = ask();
        }
        self
    }

    /// `None` if nothing went wrong.
    pub(super) fn check(errors: Vec<ReadError>) -> Result<(), ReadErrors> {
        if errors.is_empty() {
            Ok(())
        } else {
            Err(ReadErrors(errors))
        }
    }
}

impl From<ReadError> for ReadErrors {
    fn from(error: ReadError) -> ReadErrors {
        ReadErrors(vec![error])
    }
}

impl fmt::Display for ReadErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, error) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str("\n")?;
            }
            error.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for ReadErrors {}
