//! Insertions into files: nothing else of them changes.

use super::{
    index::{Index, Module},
    source::SourceFile,
};
use proc_macro2::Span;
use std::collections::{BTreeMap, BTreeSet};
use syn::{Item, ItemUse, Visibility, spanned::Spanned};

/// What is inserted where: of several texts at one place, those of a lower rank come first.
#[derive(Debug, Default)]
pub(super) struct Edits(BTreeMap<usize, BTreeSet<(usize, u8, String)>>);

impl Edits {
    pub(super) fn insert(&mut self, file: usize, at: usize, rank: u8, text: String) {
        self.0.entry(file).or_default().insert((at, rank, text));
    }

    /// Each file that changes, and what it becomes.
    pub(super) fn apply<'a>(
        &'a self,
        files: &'a [SourceFile],
    ) -> impl Iterator<Item = (&'a SourceFile, String)> {
        self.0.iter().map(|(file, edits)| {
            let file = &files[*file];
            let mut text = String::with_capacity(file.text.len() + 200 * edits.len());
            let mut done = 0;
            for (at, _, inserted) in edits {
                text.push_str(&file.text[done..*at]);
                text.push_str(inserted);
                done = *at;
            }
            text.push_str(&file.text[done..]);
            (file, text)
        })
    }
}

/// Where a function begins that has all of its attributes before it.
pub(super) fn start(visibility: Option<&Visibility>, signature: &syn::Signature) -> Span {
    let visible = visibility.filter(|visibility| !matches!(visibility, Visibility::Inherited));
    let abi = signature.abi.as_ref().map(|abi| abi.extern_token.span);
    visible
        .map(Spanned::span)
        .or(signature.constness.map(|word| word.span))
        .or(signature.asyncness.map(|word| word.span))
        .or(signature.unsafety.map(|word| word.span))
        .or(abi)
        .unwrap_or(signature.fn_token.span)
}

/// An attribute above what stands at a place.
pub(super) fn attribute(file: &SourceFile, at: usize, path: &str, arguments: &[String]) -> String {
    /// As rustfmt sets it.
    const MAX_WIDTH: usize = 100;
    let (_, indent) = file.line_of(at);
    let (end, one) = (file.line_end(), arguments.join(", "));
    let width = indent
        .chars()
        .map(|c| if c == '\t' { 4 } else { 1 })
        .sum::<usize>();
    let line = format!("#[{path}({one})]");
    if width + line.chars().count() <= MAX_WIDTH {
        return format!("{line}{end}{indent}");
    }
    let step = if indent.contains('\t') { "\t" } else { "    " };
    let lines: String = arguments
        .iter()
        .map(|argument| format!("{indent}{step}{argument},{end}"))
        .collect();
    format!("#[{path}({end}{lines}{indent})]{end}{indent}")
}

/// Where a `use` goes in a module, and what is written there.
pub(super) fn import(index: &Index<'_>, module: &Module<'_>, path: &str) -> (usize, String) {
    let file = &index.files[module.file];
    let line = format!("use {path};");
    let mut groups: Vec<Vec<&ItemUse>> = Vec::new();
    for item in module.items {
        let Item::Use(item) = item else { continue };
        let begin = file.range(first(item)).start;
        match groups.last_mut() {
            Some(group) if is_next(file, end_of(file, group), begin) => group.push(item),
            _ => groups.push(vec![item]),
        }
    }
    let is_foreign = |group: &&Vec<&ItemUse>| {
        group.iter().any(|item| {
            let word = key(file, item);
            let word = word.1.split("::").next().unwrap_or_default();
            !matches!(word, "std" | "core" | "alloc" | "crate" | "self" | "super")
        })
    };
    let group = groups.iter().find(is_foreign).or(groups.last());
    let Some(group) = group else {
        let is_other = |item: &&Item| !matches!(item, Item::Mod(inner) if inner.content.is_none());
        let item = module.items.iter().find(is_other).or(module.items.first());
        return before_item(file, item, &line);
    };
    let wanted = (rank(path), path.to_owned());
    match group.iter().find(|item| key(file, item) > wanted) {
        Some(item) => before(file, file.range(first(item)).start, &line, ""),
        None => {
            let at = end_of(file, group);
            let (_, indent) = file.line_of(file.range(first(group[0])).start);
            (at, format!("{}{indent}{line}", file.line_end()))
        }
    }
}

/// Where a `mod` goes in the file of a crate, and what is written there.
pub(super) fn declaration(
    index: &Index<'_>,
    root: &Module<'_>,
    line: &str,
    name: &str,
) -> (usize, String) {
    let file = &index.files[root.file];
    let line = &line.replace('\n', file.line_end());
    let modules = root.items.iter().filter_map(|item| match item {
        Item::Mod(inner) if inner.content.is_none() => Some(inner),
        _ => None,
    });
    let modules: Vec<_> = modules.collect();
    let start = |inner: &syn::ItemMod| {
        let attribute = inner.attrs.first().map(Spanned::span);
        let visible = match inner.vis {
            Visibility::Inherited => inner.mod_token.span,
            _ => inner.vis.span(),
        };
        file.range(attribute.unwrap_or(visible)).start
    };
    if let Some(inner) = modules
        .iter()
        .find(|inner| inner.ident.to_string().as_str() > name)
    {
        return before(file, start(inner), line, "");
    }
    match modules.last() {
        Some(inner) => {
            let end = inner.semi.map_or(inner.ident.span(), |semi| semi.spans[0]);
            (file.range(end).end, format!("{}{line}", file.line_end()))
        }
        None => before_item(file, root.items.first(), line),
    }
}

fn before_item(file: &SourceFile, item: Option<&Item>, line: &str) -> (usize, String) {
    match item {
        Some(item) => before(file, file.range(item.span()).start, line, file.line_end()),
        None => (file.text.len(), format!("{line}{}", file.line_end())),
    }
}

fn before(file: &SourceFile, at: usize, line: &str, blank: &str) -> (usize, String) {
    let (_, indent) = file.line_of(at);
    (at, format!("{line}{}{blank}{indent}", file.line_end()))
}

/// The first token of an import.
fn first(item: &ItemUse) -> Span {
    let attribute = item.attrs.first().map(Spanned::span);
    let visible = match item.vis {
        Visibility::Inherited => item.use_token.span,
        _ => item.vis.span(),
    };
    attribute.unwrap_or(visible)
}

fn end_of(file: &SourceFile, group: &[&ItemUse]) -> usize {
    group
        .last()
        .map_or(0, |item| file.range(item.semi_token.spans[0]).end)
}

/// True where only the end of one line is between two places.
fn is_next(file: &SourceFile, end: usize, begin: usize) -> bool {
    let between = file.text.get(end..begin).unwrap_or("\n\n");
    between.matches('\n').count() <= 1
}

/// What imports are sorted by.
fn key(file: &SourceFile, item: &ItemUse) -> (u8, String) {
    let text = &file.text[file.range(item.tree.span())];
    let text = text.trim_start_matches(':').to_owned();
    (rank(&text), text)
}

fn rank(path: &str) -> u8 {
    match path.split("::").next() {
        Some("self") => 0,
        Some("super") => 1,
        Some("crate") => 2,
        _ => 3,
    }
}
