//! `cargo slo init --annotate`.

use crate::{
    annotate::{Annotated, annotate, patch},
    cli::{
        Exit,
        cargo_options::CargoOptions,
        committed::{common_folder, refuse_uncommitted},
        coverage::OfferedBy,
        delivery::put_edits,
        failure::Failure,
        manifest_options::{FILE, is_there, unnamed},
    },
    diagnostics::{Diagnostic, Level, human},
    input::{
        api::{self, Api, ApiError, ApiFiles},
        toml_file::TomlError,
        workspace::{self, Member},
    },
    text::visible,
};
use clap::Args;
use std::io::Write;

#[derive(Debug, Args)]
#[command(next_help_heading = "Annotations")]
pub(super) struct Annotate {
    /// Find the handlers in the sources that have no annotation, and show the diff that gives them
    /// one, with journeys to fill in
    #[arg(long, conflicts_with = "file-options")]
    annotate: bool,
    /// Change the files: all of them or none
    #[arg(long, requires = "annotate")]
    write: bool,
    /// Also change files that are not as they were committed, or in no repository
    #[arg(long, requires = "write")]
    force: bool,
    #[command(flatten)]
    offered: OfferedBy,
}

impl Annotate {
    /// True for `--annotate`.
    ///
    /// # Errors
    /// If files that list endpoints are named without it.
    pub(super) fn is_asked_for(&self) -> Result<bool, Failure> {
        if !self.annotate && !self.offered.files().is_empty() {
            let what = "files that list endpoints are read with `--annotate` only";
            return Err(Diagnostic::error(what)
                .with_help("a `slo.toml` names them under `[coverage]`")
                .into());
        }
        Ok(self.annotate)
    }

    pub(super) fn run(
        &self,
        cargo: &CargoOptions,
        out: &mut dyn Write,
        err: &mut dyn Write,
    ) -> Result<Exit, Failure> {
        let members = workspace::members(cargo.selection(), &cargo.metadata_arguments())?;
        let api = self.offered(&members)?;
        let offered = api.endpoints.iter().map(|one| one.name.clone());
        let offered: Vec<_> = offered.filter(|name| name.starts_with('/')).collect();
        let mut annotated = annotate(&members, &offered).map_err(|error| {
            Diagnostic::error(format!("no thread for the parser can be started: {error}"))
        })?;
        let changes = std::mem::take(&mut annotated.changes);
        if self.write {
            if !self.force {
                refuse_uncommitted(&changes, "--force")?;
            }
            if let Some(folder) = common_folder(&changes) {
                put_edits(&folder, &changes, err)?;
            }
        } else {
            out.write_all(patch(&changes).as_bytes())?;
            out.flush()?;
        }
        let remarks = annotated.remarks.iter().cloned();
        let remarks: Vec<_> = remarks.chain(not_found(&api, &annotated)).collect();
        for remark in &remarks {
            human::write(err, remark)?;
        }
        self.tell(&annotated, changes.len(), err)?;
        let is_left = remarks.iter().any(|remark| remark.level != Level::Note);
        Ok(match is_left {
            true => Exit::Findings,
            false => Exit::Clean,
        })
    }

    /// What files list of the packages: those that are named, and those of each `slo.toml`.
    fn offered(&self, members: &[Member]) -> Result<Api, Failure> {
        let here = std::env::current_dir().unwrap_or_default();
        let mut files = ApiFiles {
            files: self.offered.files(),
            ..ApiFiles::default()
        };
        let mut all = read(&files)?;
        for member in members.iter().filter(|member| member.is_selected) {
            let path = member.folder.join(FILE);
            if !is_there(&path) {
                continue;
            }
            let path = path.strip_prefix(&here).unwrap_or(&path);
            let manifest = unnamed(path, &[])
                .map_err(|error: TomlError| Failure::Told(error.diagnostics()))?;
            files = manifest.api_files();
            let api = read(&files)?;
            all.endpoints.extend(api.endpoints);
        }
        Ok(all)
    }

    fn tell(
        &self,
        annotated: &Annotated,
        files: usize,
        err: &mut dyn Write,
    ) -> Result<(), Failure> {
        let done = match (self.write, annotated.new) {
            (_, 0) => "no handler without an annotation was found".to_owned(),
            (true, 1) => "1 handler is annotated now".to_owned(),
            (true, n) => format!("{n} handlers are annotated now"),
            (false, n) => format!("{n} of the handlers found have no annotation yet"),
        };
        let known = match annotated.known {
            0 => String::new(),
            n => format!(", {n} had one already"),
        };
        writeln!(err, "{done}{known}")?;
        for (file, journeys) in &annotated.journeys {
            let line = format!("journeys to fill in, in {file}: {}", journeys.join(", "));
            writeln!(err, "{}", visible(&line))?;
        }
        if files > 0 && !self.write {
            writeln!(
                err,
                "`--write` changes the files, or pipe the diff into `patch -p1`"
            )?;
        }
        Ok(())
    }
}

fn read(files: &ApiFiles) -> Result<Api, Failure> {
    api::read(files)
        .map_err(|errors| Failure::Told(errors.iter().map(ApiError::diagnostic).collect()))
}

/// What is offered and has no handler that was found.
fn not_found<'a>(api: &'a Api, annotated: &'a Annotated) -> impl Iterator<Item = Diagnostic> + 'a {
    let missing = api.endpoints.iter().filter(|offered| {
        !offered.patterns.iter().any(|pattern| {
            pattern.is_auxiliary() || annotated.routes.iter().any(|route| route.meets(pattern))
        })
    });
    missing.map(|offered| {
        let what = format!(
            "`{}` is offered, and no handler for it was found",
            offered.name
        );
        Diagnostic::warning(what)
            .at_location(offered.location.clone())
            .with_help("annotate by hand what serves it")
    })
}
