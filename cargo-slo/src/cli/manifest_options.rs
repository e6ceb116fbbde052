//! Where the facts come from that are not code: `slo.toml` and the catalogue.

use super::{
    alert_options::AlertOptions, catalogue, failure::Failure, sources::resolved, unread::Unread,
};
use crate::{
    definition::{Definition, Service},
    diagnostics::{Diagnostic, human},
    fleet::{Fleet, FleetError},
    input::{
        Folders, NamedBy,
        catalogue::{Catalogue, CatalogueError, named_folder},
        manifest::ManifestFile,
        read_text,
        toml_file::{MAX_FILE_BYTES, TomlError},
        values::Date,
    },
};
use clap::Args;
use slo_model::burn_rate::Scaling;
use std::{
    collections::BTreeMap,
    io::{self, Write},
    mem,
    path::{Path, PathBuf},
};

/// The file that is read where none is named.
pub(super) const FILE: &str = "slo.toml";

/// Where people wrote down what is not code.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "What is not code")]
pub(super) struct ManifestOptions {
    /// Facts about services, a file each [default: `slo.toml` in the folder of each package that is
    /// built, else in this folder, if there is one; an export says itself what its service's does]
    #[arg(long, value_name = "FILE", num_args = 1..)]
    slo_toml: Vec<PathBuf>,
    /// The catalogue of the organisation [default: the folder in the environment variable
    /// SLO_CATALOG, else the one that `slo.toml` names]
    #[arg(long, value_name = "DIR")]
    catalog: Option<PathBuf>,
    /// Folders outside of the repository that `slo.toml` and the catalogue may name files in
    #[arg(long, value_name = "DIR", num_args = 1..)]
    may_read: Vec<PathBuf>,
    #[command(flatten)]
    alerts: AlertOptions,
}

/// What was read.
#[derive(Debug)]
pub(super) struct Known {
    /// The files about services.
    pub(super) manifests: Vec<ManifestFile>,
    /// The catalogue.
    pub(super) catalogue: Catalogue,
    /// The services that the catalogue knows.
    pub(super) others: Definition,
    /// True if a person named the catalogue.
    is_catalogue_chosen: bool,
    /// True where no file about services was named.
    is_unnamed: bool,
    /// Folders that files may name others in, beside their repository.
    pub(super) may_read: Vec<PathBuf>,
    /// What becomes of the usual alerts over windows other than 30 days.
    pub(super) scaling: Scaling,
}

impl ManifestOptions {
    /// Reads all files; what is wrong with each is reported.
    pub(super) fn read(&self, unread: &mut Unread, err: &mut dyn Write) -> Result<Known, Failure> {
        let mut wrong = Vec::new();
        let named = self
            .slo_toml
            .iter()
            .map(|path| ManifestFile::read(path, NamedBy::Person));
        let default = (self.slo_toml.is_empty() && is_there(Path::new(FILE)))
            .then(|| unnamed(Path::new(FILE), &self.may_read));
        let mut manifests = Vec::new();
        for read in named.chain(default) {
            match read {
                Ok(manifest) => manifests.push(manifest),
                Err(error) => wrong.extend(error.diagnostics()),
            }
        }
        let chosen = catalogue::chosen(self.catalog.as_deref(), err)?;
        let is_catalogue_chosen = chosen.is_some();
        let folder = match chosen {
            Some(folder) => Some(folder),
            None => named_folder(&manifests, &self.may_read).unwrap_or_else(|errors| {
                wrong.extend(errors.iter().flat_map(CatalogueError::diagnostics));
                None
            }),
        };
        let catalogue = catalogue::read(folder.as_deref(), &self.may_read, unread, err);
        let mut catalogue = catalogue.or_else(|failure| match failure {
            Failure::Told(more) => {
                wrong.extend(more);
                Ok(Catalogue::default())
            }
            Failure::Stream(error) => Err(Failure::Stream(error)),
        })?;
        if !wrong.is_empty() {
            return Err(Failure::Told(wrong));
        }
        Ok(Known {
            manifests,
            others: resolved(mem::take(&mut catalogue.services), unread, err)?,
            catalogue,
            is_catalogue_chosen,
            is_unnamed: self.slo_toml.is_empty(),
            may_read: self.may_read.clone(),
            scaling: self.alerts.scaling(),
        })
    }
}

impl ManifestOptions {
    /// What becomes of the usual alerts over windows other than 30 days.
    pub(super) fn scaling(&self) -> Scaling {
        self.alerts.scaling()
    }
}

impl Known {
    /// Where no file was named: takes the `slo.toml` of each package that services were built
    /// from instead of that of this folder. What is in this folder stays where no package has
    /// one, unless the folder is that of another package, whose service it would be about.
    ///
    /// A file, too, that calls its service as the program does is about that service, though
    /// `--service` gives it another name.
    ///
    /// Files about services that were left out are left out, too.
    pub(super) fn of_packages(
        &mut self,
        definition: &Definition,
        unread: &mut Unread,
        err: &mut dyn Write,
    ) -> Result<(), Failure> {
        self.leave_to_exports(definition);
        self.take_those_of_packages(definition)?;
        self.tell_what_they_are_about(definition);
        if unread.has_left_out() {
            self.keep_those_of(definition);
        }
        self.take_named_catalogue(unread, err)
    }

    /// Leaves files out that are about other services.
    pub(super) fn keep_those_of(&mut self, definition: &Definition) {
        let services = &definition.services;
        self.manifests.retain(|manifest| match manifest.service() {
            Some(name) => services.iter().any(|service| service.name == name),
            None => services.len() == 1,
        });
    }

    /// Where no person chose the catalogue: the one that the files name that are there by now.
    fn take_named_catalogue(
        &mut self,
        unread: &mut Unread,
        err: &mut dyn Write,
    ) -> Result<(), Failure> {
        if self.is_catalogue_chosen {
            return Ok(());
        }
        let folder = named_folder(&self.manifests, &self.may_read)?;
        if folder != self.catalogue.folder {
            self.catalogue = catalogue::read(folder.as_deref(), &self.may_read, unread, err)?;
            self.others = resolved(mem::take(&mut self.catalogue.services), unread, err)?;
        }
        Ok(())
    }

    fn tell_what_they_are_about(&mut self, definition: &Definition) {
        for manifest in &mut self.manifests {
            let Some(name) = manifest.service() else {
                continue;
            };
            let is_called = |service: &&Service| service.name == name;
            let is_declared = |service: &&Service| {
                let declared = service.declared.as_ref();
                declared.is_some_and(|declared| declared.name == name)
            };
            let mut declared = definition.services.iter().filter(is_declared);
            if let (None, Some(service), None) = (
                definition.services.iter().find(is_called),
                declared.next(),
                declared.next(),
            ) {
                manifest.about = Some(service.name.clone());
            }
        }
    }

    /// Where no file was named: exports say themselves what is known of their services, and the file
    /// of this folder is about none of them.
    fn leave_to_exports(&mut self, definition: &Definition) {
        let services = &definition.services;
        let says_all = |service: &Service| {
            let exported = service.exported.as_ref();
            let mut files = service.files.iter();
            exported.is_some_and(|exported| exported.has_facts)
                && files.all(|file| file.extension().is_some_and(|ending| ending == "json"))
        };
        if self.is_unnamed && !services.is_empty() && services.iter().all(says_all) {
            self.manifests.clear();
        }
    }

    fn take_those_of_packages(&mut self, definition: &Definition) -> Result<(), Failure> {
        let mut services: BTreeMap<&Path, Vec<&Service>> = BTreeMap::new();
        for service in &definition.services {
            for package in &service.packages {
                services.entry(package).or_default().push(service);
            }
        }
        if !self.is_unnamed || services.is_empty() {
            return Ok(());
        }
        let here = std::env::current_dir().unwrap_or_default();
        let (mut found, mut wrong) = (Vec::new(), Vec::new());
        for (package, services) in &services {
            let path = package.join(FILE);
            if !is_there(&path) {
                continue;
            }
            let path = path.strip_prefix(&here).unwrap_or(&path);
            match unnamed(path, &self.may_read) {
                Ok(mut manifest) => {
                    // Which service it is about goes without saying, where there is one. If that
                    // one gives itself another name than the file does, it is a finding.
                    if let [only] = &services[..]
                        && (manifest.service().is_none() || only.declared.is_some())
                    {
                        manifest.about = Some(only.name.clone());
                    }
                    found.push(manifest);
                }
                Err(error) => wrong.extend(error.diagnostics()),
            }
        }
        if !wrong.is_empty() {
            return Err(Failure::Told(wrong));
        }
        let is_of_another = is_package(&here) && !services.contains_key(&*here);
        if !found.is_empty() || is_of_another {
            self.manifests = found;
        }
        Ok(())
    }
}

impl Known {
    /// Puts the services and what is known of them together.
    pub(super) fn fleet<'a>(
        &'a self,
        definition: &'a Definition,
        today: Date,
    ) -> Result<Fleet<'a>, Failure> {
        Fleet::new(
            definition,
            &self.manifests,
            &self.catalogue,
            &self.others,
            today,
        )
        .map(|fleet| fleet.with_scaling(self.scaling))
        .map_err(|errors| Failure::Told(errors.iter().map(FleetError::diagnostic).collect()))
    }
}

/// Tells of which services it is not known what `slo.toml` says.
pub(super) fn tell_unknown(fleet: &Fleet<'_>, err: &mut dyn Write) -> io::Result<()> {
    for subject in fleet.subjects.iter().filter(|subject| !subject.is_known()) {
        let name = &subject.service.name;
        let note = format!("what `slo.toml` says about `{name}` is not known here");
        let note = Diagnostic::note(note)
            .with_note("its export holds annotations only, as an earlier cargo-slo wrote it")
            .with_help("write the export again, or name the file: `--slo-toml FILE`");
        let file = subject.service.files.first();
        human::write(err, &file.iter().fold(note, |note, file| note.at(file)))?;
    }
    Ok(())
}

/// True where there is a file, or a link, wherever that leads.
pub(super) fn is_there(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

/// A file that no person named: it is one of the repository, or a link to one.
pub(super) fn unnamed(path: &Path, may_read: &[PathBuf]) -> Result<ManifestFile, TomlError> {
    let folder = path.parent().unwrap_or(Path::new(""));
    let within = Folders::around(folder).and(may_read);
    ManifestFile::read(path, NamedBy::FileWithin(&within))
}

/// True for the folder of a package, and not only of a workspace.
fn is_package(folder: &Path) -> bool {
    let text = read_text(&folder.join("Cargo.toml"), MAX_FILE_BYTES, NamedBy::File);
    let text = text.unwrap_or_default();
    let table = text.parse::<toml::Table>().unwrap_or_default();
    table.contains_key("package")
}
