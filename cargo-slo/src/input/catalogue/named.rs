//! The catalogue that `slo.toml` names.

use super::CatalogueError;
use crate::{
    diagnostics::Location,
    input::{Folders, manifest::ManifestFile},
};
use std::{
    io,
    path::{Path, PathBuf},
};

/// Returns the folder that files name under `[catalogue]`; `None` if none of them names one.
/// Folders of a person, `more`, may hold it beside the repository of the file.
///
/// # Errors
/// If a folder is missing, is none, or lies outside of the repository of its file, links
/// followed, or if two files name different folders.
pub fn named_folder(
    manifests: &[ManifestFile],
    more: &[PathBuf],
) -> Result<Option<PathBuf>, Vec<CatalogueError>> {
    let (mut first, mut errors) = (None::<Named>, Vec::new());
    for manifest in manifests {
        match Named::by(manifest, more) {
            None => {}
            Some(Err(error)) => errors.push(error),
            Some(Ok(named)) => match &first {
                Some(known) if known.resolved != named.resolved => {
                    errors.push(CatalogueError::Two {
                        locations: Box::new([known, &named].map(|named| named.location.clone())),
                    });
                }
                Some(_) => {}
                None => first = Some(named),
            },
        }
    }
    match errors.is_empty() {
        true => Ok(first.map(|named| named.path)),
        false => Err(errors),
    }
}

struct Named {
    path: PathBuf,
    resolved: PathBuf,
    location: Location,
}

impl Named {
    fn by(manifest: &ManifestFile, more: &[PathBuf]) -> Option<Result<Named, CatalogueError>> {
        let name = &manifest.facts.catalogue.as_ref()?.path;
        let location = manifest.location(name.span());
        let around = manifest.file.path.parent().unwrap_or(Path::new(""));
        let path = around.join(name.get_ref());
        let resolved = Folders::around(around).and(more).resolve(&path);
        let resolved = resolved.and_then(|resolved| match resolved.is_dir() {
            true => Ok(resolved),
            false => Err(io::ErrorKind::NotADirectory.into()),
        });
        Some(match resolved {
            Ok(resolved) => Ok(Named {
                path,
                resolved,
                location,
            }),
            Err(error) => Err(CatalogueError::Named {
                location: Box::new(location),
                path,
                error,
            }),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    /// A repository with a catalogue, beside a folder outside of it.
    fn tree() -> tempfile::TempDir {
        let tree = tempfile::tempdir().unwrap();
        for folder in ["repository/.git", "repository/slo", "repository/a", "other"] {
            fs::create_dir_all(tree.path().join(folder)).unwrap();
        }
        tree
    }

    fn named(tree: &tempfile::TempDir, paths: &[&str]) -> Result<Option<PathBuf>, String> {
        let manifests: Vec<_> = paths
            .iter()
            .map(|path| {
                let file = tree.path().join("repository/a/slo.toml");
                let text = format!("owner = 'a'\n[catalogue]\npath = '{path}'\n");
                ManifestFile::parse(&file, text).unwrap()
            })
            .collect();
        named_folder(&manifests, &[]).map_err(|errors| {
            let told = errors.iter().flat_map(CatalogueError::diagnostics);
            let told = told.map(|told| {
                let place = told.location.unwrap();
                assert_eq!((place.line, place.column), (Some(3), Some(8)));
                told.message
            });
            told.collect::<Vec<_>>().join("\n")
        })
    }

    #[test]
    fn the_folder_is_relative_to_the_file_and_within_its_repository() {
        let tree = tree();
        let found = named(&tree, &["../slo"]).unwrap().unwrap();
        assert!(found.ends_with("a/../slo"), "{found:?}");
        assert_eq!(named_folder(&[], &[]).unwrap(), None);
        for (path, why) in [
            ("../../other", "it lies outside of"),
            ("/", "it lies outside of"),
            ("../slow", "No such file"),
            ("slo.toml", "No such file"),
        ] {
            let error = named(&tree, &[path]).unwrap_err();
            assert!(error.contains(why), "{path}: {error}");
        }
        fs::write(tree.path().join("repository/a/slo.toml"), "").unwrap();
        assert!(named(&tree, &["slo.toml"]).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_and_judged_by_where_they_lead() {
        let tree = tree();
        let link = |to: &str, name: &str| {
            std::os::unix::fs::symlink(to, tree.path().join("repository/a").join(name)).unwrap();
        };
        link("../slo", "inside");
        link("../../other", "outside");
        assert!(named(&tree, &["inside", "../slo"]).unwrap().is_some());
        assert!(named(&tree, &["outside"]).is_err());
    }

    #[test]
    fn two_folders_are_one_too_many() {
        let tree = tree();
        assert!(named(&tree, &["../slo", "./../slo/"]).is_ok());
        let error = named(&tree, &["../slo", "."]).unwrap_err();
        assert_eq!(error, "two files name different catalogues");
    }
}
