//! Options that are handed on to `cargo build`.

use crate::input::workspace::Selection;
use clap::Args;
use std::{ffi::OsString, path::PathBuf};

/// What to build, in cargo's own words.
#[derive(Debug, Default, Args)]
#[group(id = "cargo-options", multiple = true, conflicts_with = "file-options")]
#[command(next_help_heading = "What to build")]
pub(super) struct CargoOptions {
    /// Package to build
    #[arg(short, long, value_name = "SPEC")]
    package: Vec<String>,
    /// Build all packages of the workspace
    #[arg(long)]
    workspace: bool,
    /// Build in release mode
    #[arg(short, long, conflicts_with = "profile")]
    release: bool,
    /// Build with this profile
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    /// Features to activate
    #[arg(short = 'F', long, value_name = "FEATURES")]
    features: Vec<String>,
    /// Activate all features
    #[arg(long)]
    all_features: bool,
    /// Leave the feature `default` out
    #[arg(long)]
    no_default_features: bool,
    /// Build for this target triple
    #[arg(long, value_name = "TRIPLE")]
    target: Option<String>,
    /// Path to `Cargo.toml`
    #[arg(long, value_name = "PATH")]
    manifest_path: Option<PathBuf>,
    /// Leave `Cargo.lock` as it is
    #[arg(long)]
    locked: bool,
    /// Do not use the network
    #[arg(long)]
    offline: bool,
    /// As `--locked --offline`
    #[arg(long)]
    frozen: bool,
}

impl CargoOptions {
    /// The arguments of `cargo build` that say the same.
    pub(super) fn arguments(&self) -> Vec<OsString> {
        let mut arguments = self.metadata_arguments();
        let switches = [("--workspace", self.workspace), ("--release", self.release)];
        let on = switches.iter().filter(|(_, is_on)| *is_on);
        arguments.extend(on.map(|(switch, _)| OsString::from(switch)));
        let mut pair = |option: &str, value: OsString| arguments.extend([option.into(), value]);
        for package in &self.package {
            pair("--package", package.into());
        }
        let single = [("--profile", &self.profile), ("--target", &self.target)];
        for (option, value) in single {
            if let Some(value) = value {
                pair(option, value.into());
            }
        }
        arguments
    }

    /// The packages that these options choose.
    pub(super) fn selection(&self) -> Selection<'_> {
        match self.workspace {
            true => Selection::All,
            false => Selection::Named(&self.package),
        }
    }

    /// Those of them that `cargo metadata` takes, too.
    pub(super) fn metadata_arguments(&self) -> Vec<OsString> {
        let mut arguments = Vec::new();
        let switches = [
            ("--all-features", self.all_features),
            ("--no-default-features", self.no_default_features),
            ("--locked", self.locked),
            ("--offline", self.offline),
            ("--frozen", self.frozen),
        ];
        let on = switches.iter().filter(|(_, is_on)| *is_on);
        arguments.extend(on.map(|(switch, _)| OsString::from(switch)));
        let mut pair = |option: &str, value: OsString| arguments.extend([option.into(), value]);
        for features in &self.features {
            pair("--features", features.into());
        }
        if let Some(path) = &self.manifest_path {
            pair("--manifest-path", path.into());
        }
        arguments
    }
}
