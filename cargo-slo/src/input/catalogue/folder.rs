//! The catalogue as a folder.

use super::{BurnRates, Consumer, Tier, Vendor};
use crate::{
    diagnostics::{Diagnostic, Location, nearest},
    input::{
        Folders, NamedBy, ReadError, ReadErrors, Reading, TextFile,
        manifest::{PolicyLevel, UnspentBudget},
        read_exports_named_by,
        toml_file::{self, TomlError},
        way_out,
    },
};
use serde::{Deserialize, de::DeserializeOwned};
use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
};
use toml::Spanned;

const TABLES: [&str; 5] = [
    "tiers.toml",
    "burn-rates.toml",
    "policies.toml",
    "consumers.toml",
    "vendors.toml",
];

/// What an organisation settles once for all its services.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Catalogue {
    /// The folder, unless there is none.
    pub folder: Option<PathBuf>,
    /// The targets that services of a kind promise.
    pub tiers: Table<Tier>,
    /// Alert conditions to choose from.
    pub burn_rates: Table<BurnRates>,
    /// Error budget policies to choose from.
    pub policies: Table<Policy>,
    /// Who calls.
    pub consumers: Table<Consumer>,
    /// Services that others run.
    pub vendors: Table<Vendor>,
    /// What was read of the services of others.
    pub services: Reading,
}

impl Catalogue {
    /// The catalogue of those who have none.
    pub const NONE: &'static Catalogue = &Catalogue {
        folder: None,
        tiers: Table::EMPTY,
        burn_rates: Table::EMPTY,
        policies: Table::EMPTY,
        consumers: Table::EMPTY,
        vendors: Table::EMPTY,
        services: Reading {
            services: BTreeMap::new(),
            remarks: Vec::new(),
        },
    };
}

/// An error budget policy under a name.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Policy {
    /// When to choose it.
    pub description: Option<String>,
    /// What happens at which level of the budget.
    pub level: Vec<PolicyLevel>,
    /// What happens when too much of the budget is left.
    pub unspent: Option<UnspentBudget>,
}

/// A file of the catalogue: entries by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table<T> {
    /// The file, where there is one.
    pub file: Option<TextFile>,
    /// The entries.
    pub entries: BTreeMap<Spanned<String>, Spanned<T>>,
}

impl<T> Default for Table<T> {
    fn default() -> Table<T> {
        Table::EMPTY
    }
}

impl<T> Table<T> {
    const EMPTY: Table<T> = Table {
        file: None,
        entries: BTreeMap::new(),
    };

    /// Returns the entry of this name.
    pub fn get(&self, name: &str) -> Option<&T> {
        // A key is compared by its text, wherever it stands.
        let key = Spanned::new(0..0, name.to_owned());
        self.entries.get(&key).map(Spanned::get_ref)
    }

    /// Returns the names of all entries.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(|name| name.get_ref().as_str())
    }
}

/// Why the catalogue could not be used.
#[derive(Debug)]
#[non_exhaustive]
pub enum CatalogueError {
    /// The folder can't be read.
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// The folder that `slo.toml` names can't be used.
    Named {
        /// Where it is named.
        location: Box<Location>,
        /// The folder.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// Two files name different folders; name one for all.
    Two {
        /// Where each is named.
        locations: Box<[Location; 2]>,
    },
    /// A file does not belong to the catalogue.
    Unknown {
        /// The file.
        path: PathBuf,
    },
    /// A file can't be used.
    File(TomlError),
    /// An exported service can't be read.
    Export(ReadErrors),
}

impl CatalogueError {
    /// Returns the error as it is told to people.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        match self {
            CatalogueError::Folder { path, error } => vec![
                Diagnostic::error(format!("the catalogue can't be read: {error}"))
                    .at(path)
                    .with_help(
                        "`--catalog` names the folder that holds `tiers.toml` and the other files",
                    ),
            ],
            CatalogueError::Named {
                location,
                path,
                error,
            } => {
                vec![
                    Diagnostic::error(format!(
                        "{}: the catalogue can't be read: {error}",
                        path.display()
                    ))
                    .at_location((**location).clone())
                    .with_help(way_out(error).unwrap_or(
                        "the path is that of a folder, relative to the folder of this file",
                    )),
                ]
            }
            CatalogueError::Two { locations } => {
                let [one, other] = &**locations;
                let at =
                    |place: &Location| format!("{}:{}", place.file, place.line.unwrap_or_default());
                vec![
                    Diagnostic::error("two files name different catalogues")
                        .at_location(other.clone())
                        .with_note(format!("the other is named at {}", at(one)))
                        .with_help("name the one for all of them: `--catalog DIR`"),
                ]
            }
            CatalogueError::Unknown { path } => {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                let error = Diagnostic::error("the catalogue has no such file")
                    .at(path)
                    .with_note(format!(
                        "it has `{}`, and `services/*.slo.json`",
                        TABLES.join("`, `")
                    ));
                vec![match nearest(&name, TABLES) {
                    Some(meant) => error.with_help(format!("did you mean `{meant}`?")),
                    None => error.with_help("keep other files elsewhere, or in a folder"),
                }]
            }
            CatalogueError::File(error) => error.diagnostics(),
            CatalogueError::Export(errors) => {
                errors.errors().iter().map(ReadError::diagnostic).collect()
            }
        }
    }
}

impl Catalogue {
    /// Reads the catalogue in a folder, links followed as far as the repository that the folder
    /// lies in, and folders of a person, reach.
    ///
    /// # Errors
    /// If the folder or a file of it can't be read or used; each file is reported.
    pub fn read(folder: &Path, more: &[PathBuf]) -> Result<Catalogue, Vec<CatalogueError>> {
        Catalogue::read_without(folder, more, &[])
    }

    /// The same without some of the exported services.
    ///
    /// # Errors
    /// As [`read`](Catalogue::read).
    pub fn read_without(
        folder: &Path,
        more: &[PathBuf],
        left_out: &[PathBuf],
    ) -> Result<Catalogue, Vec<CatalogueError>> {
        let within = Folders::around(folder).and(more);
        let named_by = NamedBy::FileWithin(&within);
        let mut errors = Vec::new();
        for path in listed(folder).map_err(|error| vec![error])? {
            let is_toml = path.extension().is_some_and(|ending| ending == "toml");
            let name = path.file_name().unwrap_or_default();
            if is_toml && TABLES.iter().all(|known| *known != name) {
                errors.push(CatalogueError::Unknown { path });
            }
        }
        let catalogue = Catalogue {
            folder: Some(folder.to_owned()),
            tiers: table(folder, TABLES[0], named_by, &mut errors),
            burn_rates: table(folder, TABLES[1], named_by, &mut errors),
            policies: table(folder, TABLES[2], named_by, &mut errors),
            consumers: table(folder, TABLES[3], named_by, &mut errors),
            vendors: table(folder, TABLES[4], named_by, &mut errors),
            services: services(&folder.join("services"), left_out, named_by).unwrap_or_else(
                |error| {
                    errors.push(error);
                    Reading::default()
                },
            ),
        };
        if errors.is_empty() {
            Ok(catalogue)
        } else {
            Err(errors)
        }
    }
}

fn listed(folder: &Path) -> Result<Vec<PathBuf>, CatalogueError> {
    let read = || -> io::Result<Vec<PathBuf>> {
        std::fs::read_dir(folder)?
            .map(|entry| Ok(entry?.path()))
            .collect()
    };
    let mut paths = read().map_err(|error| CatalogueError::Folder {
        path: folder.to_owned(),
        error,
    })?;
    paths.sort();
    Ok(paths)
}

fn table<T: DeserializeOwned>(
    folder: &Path,
    name: &str,
    named_by: NamedBy<'_>,
    errors: &mut Vec<CatalogueError>,
) -> Table<T> {
    let path = folder.join(name);
    if path.symlink_metadata().is_err() {
        return Table::default();
    }
    match toml_file::read(&path, named_by) {
        Ok((file, entries)) => Table {
            file: Some(file),
            entries,
        },
        Err(error) => {
            errors.push(CatalogueError::File(error));
            Table::default()
        }
    }
}

fn services(
    folder: &Path,
    left_out: &[PathBuf],
    named_by: NamedBy<'_>,
) -> Result<Reading, CatalogueError> {
    if !folder.exists() {
        return Ok(Reading::default());
    }
    let mut exports = listed(folder)?;
    exports
        .retain(|path| path.to_string_lossy().ends_with(".slo.json") && !left_out.contains(path));
    read_exports_named_by(&exports, named_by).map_err(CatalogueError::Export)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn every_file_may_be_missing_and_none_misspelt() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Catalogue::read(folder.path(), &[]).is_ok());
        fs::write(folder.path().join("README.md"), "").unwrap();
        fs::write(
            folder.path().join("tiers.toml"),
            "[gold]\navailability = '99.9%'\n",
        )
        .unwrap();
        let catalogue = Catalogue::read(folder.path(), &[]).unwrap();
        let gold = catalogue.tiers.get("gold").unwrap();
        assert_eq!(
            gold.availability.as_ref().unwrap().get_ref().to_string(),
            "99.9%"
        );
        assert!(catalogue.tiers.get("silver").is_none());
        fs::write(folder.path().join("polices.toml"), "").unwrap();
        fs::write(folder.path().join("vendors.toml"), "[a]\nslo = 1\n").unwrap();
        let errors = Catalogue::read(folder.path(), &[]).unwrap_err();
        let told: Vec<_> = errors
            .iter()
            .flat_map(CatalogueError::diagnostics)
            .collect();
        assert_eq!(told[0].help, ["did you mean `policies.toml`?"]);
        assert_eq!(told[1].message, "unknown key `slo`");
        assert!(Catalogue::read(&folder.path().join("none"), &[]).is_err());
    }
}
