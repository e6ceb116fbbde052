//! Asks cargo which packages a workspace has, and where their sources begin.

use super::cargo::cargo;
use crate::diagnostics::Diagnostic;
use serde::Deserialize;
use std::{
    ffi::{OsStr, OsString},
    fmt, io,
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
};

/// A package of the workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Member {
    /// The name of the package.
    pub(crate) name: String,
    /// The folder of its `Cargo.toml`.
    pub(crate) folder: PathBuf,
    /// Its library and its programs.
    pub(crate) crates: Vec<Root>,
    /// What it depends on, other than for its tests and its build script.
    pub(crate) dependencies: Vec<Dependency>,
    /// True for a package that was asked for.
    pub(crate) is_selected: bool,
}

/// A crate by the file that it begins with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Root {
    /// The name that code knows it by.
    pub(crate) name: String,
    /// True for a library, false for a program.
    pub(crate) is_library: bool,
    /// The file.
    pub(crate) file: PathBuf,
}

/// A package that another depends on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Dependency {
    /// The name of the package.
    pub(crate) package: String,
    /// The name that code knows it by.
    pub(crate) name: String,
}

/// Why cargo did not say what the workspace is.
#[derive(Debug)]
#[non_exhaustive]
pub(crate) enum WorkspaceError {
    /// Cargo could not be started; install it, or set `CARGO` to its path.
    Start {
        /// What was to be started.
        cargo: OsString,
        /// What the system said.
        error: io::Error,
    },
    /// Cargo refused; it said why.
    Failed(ExitStatus),
    /// Cargo's answer could not be read.
    Answer(serde_json::Error),
    /// The workspace has no package of this name.
    NoPackage {
        /// The name asked for.
        name: String,
        /// The names there are.
        known: Vec<String>,
    },
}

impl WorkspaceError {
    /// The error as it is told to people.
    pub(crate) fn diagnostic(&self) -> Diagnostic {
        let error = Diagnostic::error(self.to_string());
        match self {
            WorkspaceError::Start { .. } => error.with_help("set `CARGO` to the path of cargo"),
            WorkspaceError::Failed(_) => error.with_help("the error of cargo is above"),
            WorkspaceError::Answer(_) => error,
            WorkspaceError::NoPackage { known, .. } => {
                error.with_note(format!("it has these: {}", known.join(", ")))
            }
        }
    }
}

impl fmt::Display for WorkspaceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WorkspaceError::Start { cargo, error } => {
                write!(f, "`{}` can't be started: {error}", cargo.display())
            }
            WorkspaceError::Failed(status) => write!(f, "`cargo metadata` failed: {status}"),
            WorkspaceError::Answer(error) => {
                write!(f, "the answer of `cargo metadata` can't be read: {error}")
            }
            WorkspaceError::NoPackage { name, .. } => {
                write!(f, "the workspace has no package `{name}`")
            }
        }
    }
}

impl std::error::Error for WorkspaceError {}

/// Which packages are asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Selection<'a> {
    /// All of the workspace.
    All,
    /// Those of these names; if there are none, what `cargo build` would build.
    Named(&'a [String]),
}

/// The packages of the workspace, with these further arguments of `cargo metadata`. Nothing is
/// built, and no build script runs.
///
/// # Errors
/// If cargo can't be started or refuses, or if a package asked for is missing.
pub(crate) fn members<Arg: AsRef<OsStr>>(
    selection: Selection<'_>,
    arguments: &[Arg],
) -> Result<Vec<Member>, WorkspaceError> {
    let mut cargo = cargo();
    let output = cargo
        .args(["metadata", "--format-version=1", "--no-deps"])
        .args(arguments)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| WorkspaceError::Start {
            cargo: cargo.get_program().to_owned(),
            error,
        })?;
    if !output.status.success() {
        return Err(WorkspaceError::Failed(output.status));
    }
    let metadata: Metadata =
        serde_json::from_slice(&output.stdout).map_err(WorkspaceError::Answer)?;
    let here = std::env::current_dir().unwrap_or_default();
    metadata.members(selection, &here)
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    /// Since Rust 1.71.
    #[serde(default)]
    workspace_default_members: Vec<String>,
}

#[derive(Deserialize)]
struct Package {
    id: String,
    name: String,
    manifest_path: PathBuf,
    targets: Vec<Target>,
    dependencies: Vec<Declared>,
}

#[derive(Deserialize)]
struct Target {
    kind: Vec<String>,
    name: String,
    src_path: PathBuf,
}

#[derive(Deserialize)]
struct Declared {
    name: String,
    rename: Option<String>,
    kind: Option<String>,
}

impl Metadata {
    fn members(self, selection: Selection<'_>, here: &Path) -> Result<Vec<Member>, WorkspaceError> {
        let around = |package: &Package| {
            let folder = package.manifest_path.parent().unwrap_or(Path::new(""));
            here.starts_with(folder)
                .then_some(folder.components().count())
        };
        // The innermost package that this folder is in, as for `cargo build`.
        let innermost = self.packages.iter().filter_map(around).max();
        let is_selected = |package: &Package| match selection {
            Selection::All => true,
            Selection::Named([]) => match innermost {
                Some(_) => around(package) == innermost,
                None => self.workspace_default_members.contains(&package.id),
            },
            Selection::Named(names) => names.contains(&package.name),
        };
        if let Selection::Named(names) = selection {
            let known = |name: &String| self.packages.iter().any(|one| one.name == *name);
            if let Some(name) = names.iter().find(|name| !known(name)) {
                return Err(WorkspaceError::NoPackage {
                    name: name.clone(),
                    known: self.packages.into_iter().map(|one| one.name).collect(),
                });
            }
        }
        Ok(self
            .packages
            .iter()
            .map(|package| package.member(is_selected(package)))
            .collect())
    }
}

impl Package {
    fn member(&self, is_selected: bool) -> Member {
        let crates = self.targets.iter().filter_map(Target::root);
        let dependencies = self
            .dependencies
            .iter()
            .filter(|one| one.kind.is_none())
            .map(|one| Dependency {
                package: one.name.clone(),
                name: one.rename.as_ref().unwrap_or(&one.name).replace('-', "_"),
            });
        Member {
            name: self.name.clone(),
            folder: self
                .manifest_path
                .parent()
                .unwrap_or(Path::new(""))
                .to_owned(),
            crates: crates.collect(),
            dependencies: dependencies.collect(),
            is_selected,
        }
    }
}

impl Target {
    fn root(&self) -> Option<Root> {
        let is = |kind: &str| self.kind.iter().any(|one| one == kind);
        let is_library = ["lib", "rlib", "dylib", "cdylib", "staticlib"]
            .into_iter()
            .any(is);
        (is_library || is("bin")).then(|| Root {
            name: self.name.replace('-', "_"),
            is_library,
            file: self.src_path.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn metadata() -> Metadata {
        let package = |name: &str, folder: &str| {
            json!({
                "id": name, "name": name, "manifest_path": format!("{folder}/Cargo.toml"),
                "targets": [
                    {"kind": ["lib"], "name": format!("{name}-api"), "src_path": "/w/lib.rs"},
                    {"kind": ["bin"], "name": name, "src_path": "/w/main.rs"},
                    {"kind": ["test"], "name": "it", "src_path": "/w/it.rs"},
                    {"kind": ["custom-build"], "name": "build", "src_path": "/w/build.rs"},
                ],
                "dependencies": [
                    {"name": "slo-sdk", "rename": null, "kind": null},
                    {"name": "axum", "rename": "web-axum", "kind": null},
                    {"name": "tempfile", "rename": null, "kind": "dev"},
                ],
            })
        };
        let value = json!({
            "packages": [package("orders", "/w"), package("stock", "/w/stock")],
            "workspace_default_members": ["stock"],
        });
        serde_json::from_value(value).unwrap()
    }

    fn selected(selection: Selection<'_>, here: &str) -> Vec<String> {
        let members = metadata().members(selection, Path::new(here)).unwrap();
        let selected = members.into_iter().filter(|member| member.is_selected);
        selected.map(|member| member.name).collect()
    }

    #[test]
    fn packages_are_those_that_cargo_would_build() {
        let named = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let stock: Vec<_> = named(&["stock"]);
        assert_eq!(selected(Selection::Named(&[]), "/w/src"), ["orders"]);
        assert_eq!(selected(Selection::Named(&[]), "/w/stock/src"), ["stock"]);
        assert_eq!(selected(Selection::Named(&[]), "/elsewhere"), ["stock"]);
        assert_eq!(selected(Selection::Named(&stock), "/w"), ["stock"]);
        assert_eq!(selected(Selection::All, "/w"), ["orders", "stock"]);
        let none: Vec<_> = named(&["none"]);
        let error = metadata()
            .members(Selection::Named(&none), Path::new("/w"))
            .unwrap_err();
        assert!(error.to_string().contains("no package `none`"));
    }

    #[test]
    fn crates_and_dependencies_have_the_names_that_code_has_for_them() {
        let members = metadata().members(Selection::All, Path::new("/w")).unwrap();
        let names: Vec<_> = members[0].crates.iter().map(|root| &*root.name).collect();
        assert_eq!(names, ["orders_api", "orders"]);
        let known: Vec<_> = members[0]
            .dependencies
            .iter()
            .map(|one| &*one.name)
            .collect();
        assert_eq!(known, ["slo_sdk", "web_axum"]);
    }
}
