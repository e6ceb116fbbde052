//! The command.

use super::{annotate::Annotate, template::template};
use crate::{
    cli::{Exit, delivery::put_one, failure::Failure, manifest_options::FILE, sources::Sources},
    definition::Service,
    diagnostics::Diagnostic,
    outputs::Replace,
};
use clap::Args;
use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

/// Write a commented slo.toml from what the build declares, or annotate handlers
///
/// A slo.toml that is there is never overwritten. With `--annotate` the sources are read instead, and
/// nothing is built: the diff that gives every handler of axum and tonic its annotation goes to
/// standard output, what is left to do by hand to standard error.
#[derive(Debug, Args)]
pub(in crate::cli) struct Init {
    /// File to write [default: `slo.toml` in the folder of the package that is built, else in this
    /// folder]
    #[arg(short, long, value_name = "FILE", conflicts_with = "annotate")]
    output: Option<PathBuf>,
    /// Programs, `*.slo.json` files, folders that hold these, and patterns to read instead of
    /// building
    #[arg(value_name = "FILE", conflicts_with_all = ["cargo-options", "annotate"])]
    files: Vec<PathBuf>,
    #[command(flatten)]
    annotate: Annotate,
    #[command(flatten)]
    sources: Sources,
}

impl Init {
    pub(in crate::cli) fn run(
        &self,
        out: &mut dyn Write,
        err: &mut dyn Write,
    ) -> Result<Exit, Failure> {
        if self.annotate.is_asked_for()? {
            return self.annotate.run(self.sources.cargo(), out, err);
        }
        // Before anything is built: the answer would be the same after it.
        if let Some(output) = self
            .output
            .as_deref()
            .filter(|output| fs::symlink_metadata(output).is_ok())
        {
            return Err(exists(output));
        }
        let mut unread = self.sources.unread();
        let definition = self.sources.definition(&self.files, &mut unread, err)?;
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
        let output = self
            .output
            .clone()
            .unwrap_or_else(|| default_output(service));
        if fs::symlink_metadata(&output).is_ok() {
            return Err(exists(&output));
        }
        put_one(&output, &template(service), Replace::Nothing, err)?;
        unread.exit(Exit::Clean, err)
    }
}

/// Where it is looked for.
fn default_output(service: &Service) -> PathBuf {
    let here = std::env::current_dir().unwrap_or_default();
    match &service.packages[..] {
        [package] => package.strip_prefix(&here).unwrap_or(package).join(FILE),
        _ => PathBuf::from(FILE),
    }
}

fn exists(output: &Path) -> Failure {
    Diagnostic::error("the file is there already, and is left as it is")
        .at(output)
        .with_help("write another one with `-o FILE`")
        .into()
}
