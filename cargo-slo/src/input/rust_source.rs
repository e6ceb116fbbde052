//! The lines of Rust that records come from.

use super::{Folders, NamedBy, read_text};
use crate::diagnostics::Location;
use slo_model::record::SourceRecord;
use std::{
    collections::HashMap,
    path::{Component, Path, PathBuf},
};

/// Longer files are not read: nobody writes handlers into them.
const MAX_FILE_BYTES: u64 = 8 << 20;

/// Finds the line of an annotation on disk, so that it can be shown.
///
/// A record names its file as the compiler was given it: relative to the workspace, which the
/// working folder is or lies in. A record comes from a file that anybody may have written, so
/// only Rust files below those folders are ever read, and only a line that looks like an
/// annotation is shown; where the source is elsewhere or has changed, the place is still named.
#[derive(Debug)]
pub struct RustSource {
    folders: Vec<PathBuf>,
    within: Folders,
    files: HashMap<String, Option<Vec<String>>>,
}

impl RustSource {
    /// Looks below a folder, and below the folders it lies in up to the workspace's.
    pub fn below(folder: &Path) -> RustSource {
        let mut folders = Vec::new();
        for folder in folder.ancestors() {
            let is_package = folder.join("Cargo.toml").is_file();
            if folders.is_empty() || is_package {
                folders.push(folder.to_owned());
            }
        }
        RustSource {
            within: Folders::default().and(&folders),
            folders,
            files: HashMap::new(),
        }
    }

    /// Where a record comes from, with the line where it is at hand.
    pub fn location(&mut self, source: &SourceRecord) -> Location {
        let mut location = Location::file(source.file.clone());
        location.line = Some(source.line);
        if let Some(text) = self.line(&source.file, source.line) {
            let indent = text.chars().take_while(|c| c.is_whitespace()).count();
            let length = text.trim().chars().count();
            location.column = u32::try_from(indent + 1).ok();
            location.length = u32::try_from(length).ok();
            location.excerpt = Some(text.to_owned());
        }
        location
    }

    fn line(&mut self, file: &str, line: u32) -> Option<&str> {
        if !self.files.contains_key(file) {
            let lines = self.read(file);
            self.files.insert(file.to_owned(), lines);
        }
        let lines = self.files[file].as_ref()?;
        let text = lines.get(usize::try_from(line).ok()?.checked_sub(1)?)?;
        (text.contains("slo") || text.contains("fn ")).then_some(text)
    }

    fn read(&self, file: &str) -> Option<Vec<String>> {
        let path = Path::new(file);
        let is_below = path
            .components()
            .all(|part| matches!(part, Component::Normal(_)));
        if !is_below || path.extension().is_none_or(|ending| ending != "rs") {
            return None;
        }
        self.folders.iter().find_map(|folder| {
            let named_by = NamedBy::FileWithin(&self.within);
            let text = read_text(&folder.join(path), MAX_FILE_BYTES, named_by).ok()?;
            Some(text.lines().map(str::to_owned).collect())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn source(file: &str, line: u32) -> SourceRecord {
        SourceRecord {
            package: "orders".into(),
            version: "1.0.0".into(),
            module: "orders".into(),
            function: "cart".into(),
            file: file.into(),
            line,
        }
    }

    #[test]
    fn only_annotations_below_the_workspace_are_shown() {
        let root = tempfile::tempdir().unwrap();
        let inner = root.path().join("orders");
        fs::create_dir_all(inner.join("src")).unwrap();
        fs::write(root.path().join("Cargo.toml"), "").unwrap();
        fs::write(
            inner.join("src/api.rs"),
            "secret\n    #[slo(journey = C)]\n",
        )
        .unwrap();
        fs::write(root.path().join("fn slo.txt"), "fn slo\n").unwrap();
        let mut sources = RustSource::below(&inner);
        for file in ["orders/src/api.rs", "src/api.rs"] {
            let shown = sources.location(&source(file, 2));
            assert_eq!(shown.excerpt.as_deref(), Some("    #[slo(journey = C)]"));
            assert_eq!((shown.column, shown.length), (Some(5), Some(19)));
        }
        let absolute = inner.join("src/api.rs").display().to_string();
        for (file, line) in [
            ("src/api.rs", 1),
            ("src/api.rs", 3),
            ("src/api.rs", 0),
            (&*absolute, 2),
            ("../orders/src/api.rs", 2),
            ("fn slo.txt", 1),
        ] {
            let place = sources.location(&source(file, line));
            assert_eq!(place.excerpt, None, "{file}:{line}");
            assert_eq!(place.line, Some(line));
        }
    }
}
