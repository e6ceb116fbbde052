//! Where the facts come from that are not code: `slo.toml` and the catalogue.

use super::{alert_options::AlertOptions, failure::Failure};
use crate::{
    definition::{Definition, Service, resolve},
    fleet::{Fleet, FleetError},
    input::{
        Folders, NamedBy,
        catalogue::{Catalogue, CatalogueError},
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
    path::{Path, PathBuf},
};

/// The file that is read where none is named.
pub(super) const FILE: &str = "slo.toml";

/// Where people wrote down what is not code.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "What is not code")]
pub(super) struct Facts {
    /// Facts about services, a file each [default: `slo.toml` in the folder of each package that is
    /// built, else in this folder, if there is one]
    #[arg(long, value_name = "FILE", num_args = 1..)]
    slo_toml: Vec<PathBuf>,
    /// The catalogue of the organisation
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
    /// True where no file about services was named.
    is_unnamed: bool,
    /// Folders that files may name others in, beside their repository.
    pub(super) may_read: Vec<PathBuf>,
    /// What becomes of the usual alerts over windows other than 30 days.
    scaling: Scaling,
}

impl Facts {
    /// Reads all files; what is wrong with each is told.
    pub(super) fn read(&self) -> Result<Known, Failure> {
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
        let catalogue = match &self.catalog {
            None => Catalogue::default(),
            Some(folder) => Catalogue::read(folder, &self.may_read).unwrap_or_else(|errors| {
                wrong.extend(errors.iter().flat_map(CatalogueError::diagnostics));
                Catalogue::default()
            }),
        };
        if !wrong.is_empty() {
            return Err(Failure::Told(wrong));
        }
        Ok(Known {
            manifests,
            others: resolve(&catalogue.services)?,
            catalogue,
            is_unnamed: self.slo_toml.is_empty(),
            may_read: self.may_read.clone(),
            scaling: self.alerts.scaling(),
        })
    }
}

impl Known {
    /// Where no file was named: takes the `slo.toml` of each package that services were built
    /// from instead of that of this folder. What is in this folder stays where no package has
    /// one, unless the folder is that of another package, whose service it would be about.
    ///
    /// A file, too, that calls its service as the program does is about that service, though
    /// `--service` gives it another name.
    pub(super) fn of_packages(&mut self, definition: &Definition) -> Result<(), Failure> {
        self.take_those_of_packages(definition)?;
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
        Ok(())
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
