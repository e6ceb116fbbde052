//! From the names of files to what they list.

use super::{Api, ApiError, descriptors, gateway, list, offered::Listed, openapi};
use crate::{
    diagnostics::Location,
    input::{
        Folders, NamedBy, read_file,
        yaml::{Lines, Tree, Wrong, without_pairs},
    },
};
use std::path::PathBuf;

/// Longest file that is read, in bytes; the largest descriptions there are have a third of it.
const MAX_FILE_BYTES: u64 = 32 << 20;

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A description of an HTTP API.
    OpenApi,
    /// A descriptor set of protobuf.
    Descriptors,
    /// Routes of a gateway, an ingress or a mesh.
    Gateway,
    /// A list of routes, one a line.
    Routes,
}

/// The files that list the endpoints of a service.
#[derive(Clone, Debug, Default)]
pub struct ApiFiles {
    /// Each with what it is, and where `slo.toml` names it.
    pub files: Vec<(Kind, PathBuf, Option<Location>)>,
    /// The backend whose routes of a gateway count; all where none is named.
    pub backend: Option<String>,
    /// The folders that `slo.toml` may name files in; a person names any.
    pub within: Folders,
}

/// Reads all files of a service.
///
/// # Errors
/// What is wrong with each file: it is missing, damaged, too long, of another kind, or lists
/// nothing.
pub fn read(files: &ApiFiles) -> Result<Api, Vec<ApiError>> {
    let mut api = Api::default();
    let mut errors = Vec::new();
    for (kind, path, named) in &files.files {
        let shown = path.display().to_string();
        let named_by = match named {
            Some(_) => NamedBy::FileWithin(&files.within),
            None => NamedBy::Person,
        };
        let bytes = match read_file(path, MAX_FILE_BYTES, named_by) {
            Ok(bytes) => bytes,
            Err(error) => {
                errors.push(ApiError::Io {
                    path: path.clone(),
                    error,
                    named: named.clone(),
                });
                continue;
            }
        };
        match listed(*kind, &bytes, &shown, files.backend.as_deref()) {
            Ok(listed) => api.add(shown, listed),
            Err(wrong) => errors.push(wrong.into()),
        }
    }
    if errors.is_empty() {
        Ok(api)
    } else {
        Err(errors)
    }
}

fn listed(kind: Kind, bytes: &[u8], file: &str, backend: Option<&str>) -> Result<Listed, Wrong> {
    if kind == Kind::Descriptors {
        return descriptors::endpoints(bytes, file);
    }
    let text = str::from_utf8(bytes).map_err(|error| {
        Wrong::at(
            Location::file(file),
            format!("the file is not valid UTF-8: {error}"),
        )
    })?;
    if kind == Kind::Routes {
        return list::endpoints(text, &Lines::new(file, text));
    }
    if kind == Kind::Gateway {
        let lines = Lines::new(file, text);
        gateway::refuse_text(text, |line| lines.location(line, 1, 1))?;
    }
    let text = without_pairs(text);
    let tree = Tree::parse(Lines::new(file, &text), &text)?;
    match kind {
        Kind::Gateway => gateway::endpoints(&tree, backend),
        _ => openapi::endpoints(&tree),
    }
}
