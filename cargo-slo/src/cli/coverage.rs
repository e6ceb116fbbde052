//! Which files list the endpoints of the services that are read.

use super::{failure::Failure, manifest_options::Known, unread::Unread};
use crate::{
    definition::Definition,
    diagnostics::Diagnostic,
    input::api::{self, Api, ApiError, ApiFiles, Kind},
};
use clap::Args;
use std::{
    collections::{BTreeMap, HashMap},
    io::Write,
    path::PathBuf,
};

/// Files that list the endpoints of the service that is read, beside those that its `slo.toml`
/// names.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "What the service offers")]
pub(super) struct OfferedBy {
    /// OpenAPI descriptions, YAML or JSON
    #[arg(long, value_name = "FILE", num_args = 1..)]
    openapi: Vec<PathBuf>,
    /// Descriptor sets of protobuf: `protoc --descriptor_set_out`, `buf build`
    #[arg(long, value_name = "FILE", num_args = 1..)]
    descriptors: Vec<PathBuf>,
    /// Routes of a gateway or mesh: HTTPRoute, GRPCRoute, Ingress, VirtualService, Kong, Envoy
    #[arg(long, value_name = "FILE", num_args = 1..)]
    gateway: Vec<PathBuf>,
    /// Lists of routes, a line `METHOD /path` each
    #[arg(long, value_name = "FILE", num_args = 1..)]
    routes: Vec<PathBuf>,
}

impl OfferedBy {
    /// What the services offer, by their names, as far as a file says so. If the command keeps
    /// going, nothing is known of a service where one of its files can't be read.
    pub(super) fn read(
        &self,
        definition: &Definition,
        known: &Known,
        unread: &mut Unread,
        err: &mut dyn Write,
    ) -> Result<HashMap<String, Api>, Failure> {
        let mut files: BTreeMap<String, ApiFiles> = BTreeMap::new();
        let only = match &definition.services[..] {
            [only] => Some(&only.name),
            _ => None,
        };
        for manifest in &known.manifests {
            // Which service a file is about that says nothing, is told elsewhere.
            if let Some(name) = manifest.service().or(only.map(String::as_str)) {
                let mut listed = manifest.api_files();
                listed.within = listed.within.and(&known.may_read);
                files.insert(name.to_owned(), listed);
            }
        }
        let more = self.files();
        if !more.is_empty() {
            let Some(only) = only else {
                return Err(Diagnostic::error(
                    "endpoint files describe one service, but several were read",
                )
                .with_help("name them under `[coverage]` in the `slo.toml` of each service")
                .into());
            };
            files.entry(only.clone()).or_default().files.extend(more);
        }
        let (mut apis, mut wrong) = (HashMap::new(), Vec::new());
        for (service, files) in files {
            if files.files.is_empty() {
                continue;
            }
            match api::read(&files) {
                Ok(api) => drop(apis.insert(service, api)),
                Err(errors) if unread.keeps_going() => {
                    let why: Vec<_> = errors.iter().map(ApiError::diagnostic).collect();
                    unread.leave_out(errors.iter().map(ApiError::file), &why, err)?;
                }
                Err(errors) => wrong.push((service, errors)),
            }
        }
        if wrong.is_empty() {
            return Ok(apis);
        }
        wrong.sort_by(|(one, _), (other, _)| one.cmp(other));
        let told = wrong.iter().flat_map(|(_, errors)| errors);
        Err(Failure::Told(told.map(ApiError::diagnostic).collect()))
    }

    pub(super) fn files(&self) -> Vec<(Kind, PathBuf, Option<crate::diagnostics::Location>)> {
        let of = |kind, paths: &[PathBuf]| {
            let files = paths.iter().map(|path| (kind, path.clone(), None));
            files.collect::<Vec<_>>()
        };
        [
            of(Kind::OpenApi, &self.openapi),
            of(Kind::Descriptors, &self.descriptors),
            of(Kind::Gateway, &self.gateway),
            of(Kind::Routes, &self.routes),
        ]
        .concat()
    }
}
