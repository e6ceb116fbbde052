//! The command.

use super::template::template;
use crate::{
    cli::{Exit, facts::FILE, failure::Failure, sources::Sources},
    diagnostics::{Diagnostic, human},
};
use clap::Args;
use std::{
    fs::OpenOptions,
    io::{self, Write},
    path::PathBuf,
};

/// Write a commented slo.toml from what the build declares
///
/// A file that is there is never overwritten.
#[derive(Debug, Args)]
pub(in crate::cli) struct Init {
    /// File to write
    #[arg(short, long, value_name = "FILE", default_value = FILE)]
    output: PathBuf,
    /// Programs and `*.slo.json` files to read instead of building
    #[arg(value_name = "FILE", conflicts_with = "cargo-options")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    sources: Sources,
}

impl Init {
    pub(in crate::cli) fn run(&self, err: &mut dyn Write) -> Result<Exit, Failure> {
        // Before anything is built: the answer would be the same after it.
        if self.output.exists() {
            return Err(self.exists());
        }
        let definition = self.sources.definition(&self.files, err)?;
        let [service] = &definition.services[..] else {
            let names: Vec<_> = definition
                .services
                .iter()
                .map(|s| s.name.as_str())
                .collect();
            return Err(Diagnostic::error("a `slo.toml` is about one service")
                .with_note(format!("these were read: {}", names.join(", ")))
                .with_help("choose one with `-p PACKAGE` or `--bin FILE`")
                .into());
        };
        let mut options = OpenOptions::new();
        let opened = options.write(true).create_new(true).open(&self.output);
        let written = opened.and_then(|mut file| file.write_all(template(service).as_bytes()));
        match written {
            Ok(()) => {
                let path = self.output.display().to_string();
                writeln!(err, "wrote {}", human::visible(&path))?;
                Ok(Exit::Clean)
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(self.exists()),
            Err(error) => Err(
                Diagnostic::error(format!("the file can't be written: {error}"))
                    .at(&self.output)
                    .into(),
            ),
        }
    }

    fn exists(&self) -> Failure {
        Diagnostic::error("the file is there already, and is left as it is")
            .at(&self.output)
            .with_help("write another one with `-o FILE`")
            .into()
    }
}
