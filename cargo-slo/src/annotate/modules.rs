//! Which files the crates of a workspace are made of: those that their `mod` items name, and no
//! others.

use super::source::SourceFile;
use crate::{
    diagnostics::Diagnostic,
    input::{Folders, workspace::Member},
};
use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
};
use syn::{Attribute, Expr, ExprLit, Item, ItemMod, Lit, Meta};

/// More files than these are not of one workspace.
const MAX_FILES: usize = 50_000;

/// All files of Rust that were found.
pub(super) struct Sources {
    pub(super) files: Vec<SourceFile>,
    /// The file of each crate, by its place among the members and among the crates of its member.
    pub(super) roots: HashMap<(usize, usize), usize>,
    /// The file that a `mod name;` leads to, by its file and the byte it stands at.
    pub(super) outlined: HashMap<(usize, usize), usize>,
    /// Files and modules that were not read.
    pub(super) unread: Vec<Diagnostic>,
}

/// What is still to be read of a file.
struct Loader {
    sources: Sources,
    /// By their paths; `None` for one that can't be read.
    known: HashMap<PathBuf, Option<usize>>,
    within: Folders,
    here: PathBuf,
}

impl Sources {
    /// Reads what the crates are made of.
    pub(super) fn read(members: &[Member]) -> Sources {
        let folder = members.first().map_or(Path::new("."), |one| &one.folder);
        let mut loader = Loader {
            sources: Sources {
                files: Vec::new(),
                roots: HashMap::new(),
                outlined: HashMap::new(),
                unread: Vec::new(),
            },
            known: HashMap::new(),
            within: Folders::around(folder),
            here: std::env::current_dir().unwrap_or_default(),
        };
        for (number, member) in members.iter().enumerate() {
            for (of, root) in member.crates.iter().enumerate() {
                if let Some(file) = loader.load(&root.file, true) {
                    loader.sources.roots.insert((number, of), file);
                }
            }
        }
        loader.sources
    }
}

impl Loader {
    /// Reads a file and those below it, unless it is known.
    fn load(&mut self, path: &Path, owns_folder: bool) -> Option<usize> {
        let real = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        if let Some(known) = self.known.get(&real) {
            return *known;
        }
        if self.known.len() >= MAX_FILES {
            return None;
        }
        self.known.insert(real.clone(), None);
        let shown = path.strip_prefix(&self.here).unwrap_or(path);
        let shown = shown.display().to_string();
        match SourceFile::read(real.clone(), shown, &self.within) {
            Ok(file) => self.sources.files.push(file),
            Err(unread) => {
                self.sources.unread.push(*unread);
                return None;
            }
        }
        let file = self.sources.files.len() - 1;
        self.known.insert(real, Some(file));
        let folder = path.parent().unwrap_or(Path::new("")).to_owned();
        let stem = path.file_stem().unwrap_or_default();
        let below = match owns_folder || stem == "mod" {
            true => folder.clone(),
            false => folder.join(stem),
        };
        let mut outlined = Vec::new();
        collect(
            &self.sources.files[file].ast.items,
            &folder,
            &below,
            true,
            &mut outlined,
        );
        for Outlined {
            span,
            name,
            candidates,
            is_optional,
        } in outlined
        {
            let found = candidates.iter().find(|path| path.is_file());
            let range = self.sources.files[file].range(span);
            match found {
                Some(path) => {
                    let owns_folder = candidates.len() == 1;
                    if let Some(to) = self.load(path, owns_folder) {
                        self.sources.outlined.insert((file, range.start), to);
                    }
                }
                None if is_optional => {}
                None => {
                    let place = self.sources.files[file].location(span);
                    let what = format!("not looked at: there is no file for `mod {name}`");
                    self.sources
                        .unread
                        .push(Diagnostic::warning(what).at_location(place));
                }
            }
        }
        Some(file)
    }
}

/// A `mod name;` and the files that it may stand for.
struct Outlined {
    span: proc_macro2::Span,
    name: String,
    candidates: Vec<PathBuf>,
    is_optional: bool,
}

fn collect(items: &[Item], folder: &Path, below: &Path, is_outer: bool, found: &mut Vec<Outlined>) {
    for item in items {
        let Item::Mod(module) = item else { continue };
        if is_test(&module.attrs) {
            continue;
        }
        let name = plain(&module.ident);
        let named = path_of(module);
        match &module.content {
            Some((_, items)) => {
                let below = below.join(named.as_deref().unwrap_or(&name));
                collect(items, folder, &below, false, found);
            }
            None => {
                let base = if is_outer { folder } else { below };
                found.push(Outlined {
                    span: module.ident.span(),
                    candidates: match named {
                        Some(path) => vec![base.join(path)],
                        None => vec![
                            below.join(format!("{name}.rs")),
                            below.join(&name).join("mod.rs"),
                        ],
                    },
                    name,
                    is_optional: has(&module.attrs, "cfg") || has(&module.attrs, "cfg_attr"),
                });
            }
        }
    }
}

fn path_of(module: &ItemMod) -> Option<String> {
    module
        .attrs
        .iter()
        .find_map(|attribute| match &attribute.meta {
            Meta::NameValue(pair) if pair.path.is_ident("path") => match &pair.value {
                Expr::Lit(ExprLit {
                    lit: Lit::Str(path),
                    ..
                }) => Some(path.value()),
                _ => None,
            },
            _ => None,
        })
}

/// A name as files and messages spell it.
pub(super) fn plain(name: &syn::Ident) -> String {
    syn::ext::IdentExt::unraw(name).to_string()
}

/// True where one of the attributes has this name, whatever stands before it.
pub(super) fn has(attributes: &[Attribute], name: &str) -> bool {
    attributes.iter().any(|attribute| {
        let last = attribute.path().segments.last();
        last.is_some_and(|last| last.ident == name)
    })
}

/// True for `#[test]`, `#[tokio::test]`, and `#[cfg(test)]`.
pub(super) fn is_test(attributes: &[Attribute]) -> bool {
    has(attributes, "test")
        || attributes.iter().any(|attribute| match &attribute.meta {
            Meta::List(list) if list.path.is_ident("cfg") => list.tokens.to_string() == "test",
            _ => false,
        })
}
