//! Which files list the endpoints of a service.

use super::ManifestFile;
use crate::input::{
    Folders,
    api::{ApiFiles, Kind},
    values::Route,
};
use serde::Deserialize;
use std::path::Path;
use toml::Spanned;

/// What the annotations are compared with: how much of the service they cover.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Coverage {
    /// OpenAPI descriptions.
    #[serde(default)]
    pub openapi: Vec<Spanned<String>>,
    /// Descriptor sets of protobuf.
    #[serde(default)]
    pub descriptors: Vec<Spanned<String>>,
    /// Routes of gateways, ingresses and meshes.
    #[serde(default)]
    pub gateway: Vec<Spanned<String>>,
    /// Lists of routes, one a line.
    #[serde(default)]
    pub routes: Vec<Spanned<String>>,
    /// The backend of the gateway that is this service; every one by default.
    pub backend: Option<String>,
    /// What the files have before the path that the service sees.
    pub prefix: Option<Route>,
    /// Endpoints that need no annotation.
    #[serde(default)]
    pub ignore: Vec<Ignore>,
}

/// An endpoint that needs no annotation.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Ignore {
    /// Its route; without a method all of the path, with `*` at its end all below.
    pub route: Spanned<Route>,
    /// Why nothing is to be promised for it.
    pub reason: Spanned<String>,
}

impl ManifestFile {
    /// Returns the files that list the endpoints of the service, whose paths are relative to this
    /// one.
    pub fn api_files(&self) -> ApiFiles {
        let Some(coverage) = &self.facts.coverage else {
            return ApiFiles::default();
        };
        let folder = self.file.path.parent().unwrap_or(Path::new(""));
        let of = |kind, names: &[Spanned<String>]| {
            let named = names.iter().map(move |name| {
                let location = self.location(name.span());
                (kind, folder.join(name.get_ref()), Some(location))
            });
            named.collect::<Vec<_>>()
        };
        ApiFiles {
            files: [
                of(Kind::OpenApi, &coverage.openapi),
                of(Kind::Descriptors, &coverage.descriptors),
                of(Kind::Gateway, &coverage.gateway),
                of(Kind::Routes, &coverage.routes),
            ]
            .concat(),
            backend: coverage.backend.clone(),
            within: Folders::around(folder),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_relative_to_the_file() {
        let text = "[coverage]\nopenapi = ['a.yaml', '/b.json']\nroutes = ['../r.txt']";
        let file = ManifestFile::parse(Path::new("orders/slo.toml"), text).unwrap();
        let files = file.api_files().files;
        let paths: Vec<_> = files
            .iter()
            .map(|(_, path, _)| path.to_str().unwrap())
            .collect();
        assert_eq!(paths, ["orders/a.yaml", "/b.json", "orders/../r.txt"]);
        assert_eq!(files[2].2.as_ref().unwrap().line, Some(3));
    }
}
