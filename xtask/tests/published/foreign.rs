//! Types of other crates in the public interface: a new major version of such a crate is one of ours.
//!
//! Read from the source. An item that is `pub` can be reached, as the lint `unreachable_pub` is an
//! error everywhere; what is reached only through a macro or a glob import is not seen.

use crate::repository;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};
use syn::{
    Attribute, Field, FnArg, ImplItem, Item, ReturnType, Signature, TraitItem, Type, UseTree,
    Visibility, visit::Visit,
};

/// The crates whose types others may meet in ours, a line each: the crate, and the type.
const ALLOWED: &str = include_str!("foreign.txt");

/// Libraries: of `cargo-slo` only the command is published as an interface.
const LIBRARIES: [&str; 3] = ["slo-model", "slo-sdk", "slo-tower"];

/// Crates that are the family's own, or Rust's.
const OWN: [&str; 9] = [
    "std",
    "core",
    "alloc",
    "crate",
    "self",
    "super",
    "slo_model",
    "slo_macros",
    "slo_sdk",
];

/// What a file calls what it imports: the full path by the name.
type Imports = BTreeMap<String, String>;

#[derive(Default)]
struct Found {
    externs: BTreeSet<String>,
    /// The public structs and enums of the crate.
    public: BTreeSet<String>,
    /// The structs of the file that are not, though one elsewhere may be called so.
    private: BTreeSet<String>,
    imports: Imports,
    types: BTreeSet<String>,
}

impl Found {
    fn import(&mut self, tree: &UseTree, path: &str) {
        let below = |name: String| {
            if path.is_empty() {
                name
            } else {
                format!("{path}::{name}")
            }
        };
        match tree {
            UseTree::Path(step) => self.import(&step.tree, &below(step.ident.to_string())),
            UseTree::Name(name) if name.ident == "self" => {
                let name = path.rsplit("::").next().unwrap_or_default().to_owned();
                self.imports.insert(name, path.to_owned());
            }
            UseTree::Name(name) => {
                self.imports
                    .insert(name.ident.to_string(), below(name.ident.to_string()));
            }
            UseTree::Rename(name) => {
                self.imports
                    .insert(name.rename.to_string(), below(name.ident.to_string()));
            }
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.import(tree, path)),
            UseTree::Glob(_) => {}
        }
    }

    fn items(&mut self, items: &[Item]) {
        for item in items {
            match item {
                Item::Use(item) => self.import(&item.tree, ""),
                Item::Struct(item) if !is_public(&item.vis, &item.attrs) => {
                    self.private.insert(item.ident.to_string());
                }
                _ => {}
            }
        }
        for item in items {
            self.item(item);
        }
    }

    fn item(&mut self, item: &Item) {
        match item {
            Item::Fn(item) if is_public(&item.vis, &item.attrs) => self.signature(&item.sig),
            Item::Struct(item) if is_public(&item.vis, &item.attrs) => {
                self.visit_generics(&item.generics);
                item.fields.iter().for_each(|field| self.field(field));
            }
            Item::Enum(item) if is_public(&item.vis, &item.attrs) => {
                for field in item.variants.iter().flat_map(|variant| &variant.fields) {
                    self.visit_type(&field.ty);
                }
            }
            Item::Type(item) if is_public(&item.vis, &item.attrs) => self.visit_type(&item.ty),
            Item::Const(item) if is_public(&item.vis, &item.attrs) => self.visit_type(&item.ty),
            Item::Trait(item) if is_public(&item.vis, &item.attrs) => {
                item.supertraits
                    .iter()
                    .for_each(|bound| self.visit_type_param_bound(bound));
                for item in &item.items {
                    if let TraitItem::Fn(item) = item {
                        self.signature(&item.sig);
                    }
                }
            }
            Item::Impl(item) if !is_hidden(&item.attrs) => {
                let is_shown = self.is_shown(&item.self_ty);
                if let Some((_, of, _)) = &item.trait_
                    && is_shown
                {
                    self.visit_path(of);
                    self.visit_generics(&item.generics);
                }
                for inner in &item.items {
                    match inner {
                        ImplItem::Type(inner) if is_shown => self.visit_type(&inner.ty),
                        ImplItem::Fn(inner) if is_public(&inner.vis, &inner.attrs) => {
                            self.signature(&inner.sig);
                            self.visit_generics(&item.generics);
                        }
                        _ => {}
                    }
                }
            }
            Item::Mod(item) if !is_hidden(&item.attrs) => {
                if let Some((_, items)) = &item.content {
                    self.items(items);
                }
            }
            _ => {}
        }
    }

    fn is_shown(&self, own: &Type) -> bool {
        let Type::Path(own) = own else {
            return false;
        };
        let name = own.path.segments.last().map(|name| name.ident.to_string());
        name.is_some_and(|name| self.public.contains(&name) && !self.private.contains(&name))
    }

    fn field(&mut self, field: &Field) {
        if is_public(&field.vis, &field.attrs) {
            self.visit_type(&field.ty);
        }
    }

    fn signature(&mut self, signature: &Signature) {
        self.visit_generics(&signature.generics);
        for input in &signature.inputs {
            if let FnArg::Typed(input) = input {
                self.visit_type(&input.ty);
            }
        }
        if let ReturnType::Type(_, output) = &signature.output {
            self.visit_type(output);
        }
    }
}

impl<'ast> Visit<'ast> for Found {
    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<_> = path
            .segments
            .iter()
            .map(|one| one.ident.to_string())
            .collect();
        let known = self.imports.get(&segments[0]);
        let full = match known {
            Some(start) => [&[start.clone()][..], &segments[1..]].concat().join("::"),
            None => segments.join("::"),
        };
        let root = full.split("::").next().unwrap_or_default();
        if full.contains("::") && self.externs.contains(root) {
            self.types.insert(full);
        }
        syn::visit::visit_path(self, path);
    }
}

fn is_public(visibility: &Visibility, attributes: &[Attribute]) -> bool {
    matches!(visibility, Visibility::Public(_)) && !is_hidden(attributes)
}

/// True for tests, and for what is not part of the interface.
fn is_hidden(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let syn::Meta::List(list) = &attribute.meta else {
            return false;
        };
        let text = list.tokens.to_string();
        (list.path.is_ident("cfg") && text.contains("test"))
            || (list.path.is_ident("doc") && text == "hidden")
    })
}

/// The types of other crates in the public items of these source texts of a crate.
fn types(texts: &[String], externs: BTreeSet<String>) -> BTreeSet<String> {
    let declared = ["pub struct ", "pub enum "]
        .map(|start| texts.iter().flat_map(move |text| text.split(start).skip(1)));
    let name = |rest: &str| {
        rest.split(|c: char| !c.is_alphanumeric())
            .next()
            .unwrap_or_default()
            .to_owned()
    };
    let mut found = Found {
        externs,
        public: declared.into_iter().flatten().map(name).collect(),
        ..Found::default()
    };
    for text in texts {
        found.imports.clear();
        found.private.clear();
        found.items(&syn::parse_file(text).expect("it is Rust").items);
    }
    found.types
}

/// The crates that a package names, but for the family's own.
fn externs(name: &str) -> BTreeSet<String> {
    let text = fs::read_to_string(repository(name).join("Cargo.toml")).expect("it has a manifest");
    let manifest: toml::Table = text.parse().expect("it is TOML");
    let dependencies = manifest.get("dependencies").and_then(toml::Value::as_table);
    let names = dependencies
        .into_iter()
        .flatten()
        .map(|(name, _)| name.replace('-', "_"));
    names.filter(|name| !OWN.contains(&name.as_str())).collect()
}

fn walk(folder: &Path, texts: &mut Vec<String>) {
    for entry in fs::read_dir(folder).expect("it is a folder") {
        let path = entry.expect("it can be read").path();
        if path.is_dir() {
            walk(&path, texts);
        } else if path.extension().is_some_and(|end| end == "rs") {
            texts.push(fs::read_to_string(&path).expect("it is text"));
        }
    }
}

#[test]
fn no_type_of_another_crate_is_shown_that_is_not_listed() {
    let mut shown = BTreeSet::new();
    for name in LIBRARIES {
        let mut texts = Vec::new();
        walk(&repository(name).join("src"), &mut texts);
        let types = types(&texts, externs(name));
        shown.extend(types.into_iter().map(|one| format!("{name} {one}")));
    }
    let allowed: BTreeSet<_> = ALLOWED.lines().map(str::to_owned).collect();
    let (new, gone) = (shown.difference(&allowed), allowed.difference(&shown));
    assert!(
        shown == allowed,
        "xtask/tests/published/foreign.txt lacks {:#?} and lists needlessly {:#?}",
        new.collect::<Vec<_>>(),
        gone.collect::<Vec<_>>()
    );
}

#[test]
fn a_planted_type_is_found() {
    let found = |text: &str| {
        let types = types(&[text.to_owned()], BTreeSet::from(["http".to_owned()]));
        types.into_iter().collect::<Vec<_>>()
    };
    for text in [
        "use http::Request as R; pub fn serve<A>(r: &R<A>) {}",
        "pub struct Kept { pub r: Option<http::Request<()>> }",
        "pub trait Serves { fn serve(&self) -> http::Request<()>; }",
        "struct S; impl S { pub fn r(&self) -> impl Fn(http::Request<()>) { |_| {} } }",
        "pub type R = http::Request<()>;",
        "pub struct S; impl Serve<http::Request<()>> for S {}",
        "pub struct S; impl Serve for S { type Of = http::Request<()>; }",
    ] {
        assert_eq!(found(text), ["http::Request"], "{text}");
    }
    for text in [
        "use http::Request; fn serve(r: Request<()>) {}",
        "pub struct Kept { r: http::Request<()> }",
        "struct S; impl Serve<http::Request<()>> for S {}",
        "#[cfg(test)] mod tests { pub fn serve(r: http::Request<()>) {} }",
        "#[doc(hidden)] pub fn serve(r: http::Request<()>) {}",
        "pub fn serve() { let r = http::Request::new(()); }",
    ] {
        assert!(found(text).is_empty(), "{text}");
    }
}
