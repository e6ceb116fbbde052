//! From what is known of handlers to what is inserted into files.

use super::{
    Annotated, Change, edit,
    edit::Edits,
    handlers::{self, Handler, Route},
    index::{Found, Index},
    journeys::{self, Group, Home},
    modules::{Sources, plain},
    proto,
};
use crate::{
    diagnostics::Diagnostic,
    input::{api::RoutePattern, workspace::Member},
};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    path::{Path, PathBuf},
};

/// The package that annotations are from.
const SDK: &str = "slo-sdk";

/// Ranks of what is inserted at one place.
const MODULE: u8 = 0;
const IMPORT: u8 = 1;
const ATTRIBUTE: u8 = 2;
const JOURNEY: u8 = 3;

/// Journeys that a file gets.
struct Drafts {
    sdk: String,
    home: Home,
    groups: BTreeMap<String, (Group, BTreeSet<String>)>,
}

/// Everything, for the packages that were asked for.
pub(super) fn annotated(members: &[Member], offered: &[String]) -> Annotated {
    let sources = Sources::read(members);
    let index = Index::new(&sources, members);
    let services: Vec<_> = members
        .iter()
        .flat_map(|member| proto::services(&member.folder))
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    let found = handlers::find(&index, &services, offered);
    let mut writer = Writer {
        index: &index,
        names: endpoint_names(&index, &found.handlers),
        edits: Edits::default(),
        drafts: BTreeMap::new(),
        out: Annotated::default(),
        elsewhere: BTreeMap::new(),
    };
    writer.out.remarks.extend(sources.unread.iter().cloned());
    writer.out.remarks.extend(found.remarks);
    for handler in &found.handlers {
        writer.handler(handler);
    }
    writer.finish(members)
}

struct Writer<'i, 'a> {
    index: &'i Index<'a>,
    names: HashMap<(usize, usize), String>,
    edits: Edits,
    /// By the file that they go to.
    drafts: BTreeMap<PathBuf, Drafts>,
    out: Annotated,
    /// Handlers of packages that were not asked for.
    elsewhere: BTreeMap<String, usize>,
}

impl Writer<'_, '_> {
    fn handler(&mut self, handler: &Handler) {
        let index = self.index;
        let known = handler.routes.iter().filter_map(|route| match route {
            Route::Known(route) => RoutePattern::parse(route),
            Route::Any(path) => RoutePattern::parse(path),
            Route::Unknown(_) => None,
        });
        self.out.routes.extend(known);
        let Some(number) = handler.functions.first().copied() else {
            return;
        };
        let function = &index.functions[number];
        let name = plain(&function.signature.ident);
        if handler.is_annotated {
            self.out.known += 1;
            return;
        }
        let member = &index.members[index.member_of(function.module)];
        if !member.is_selected {
            *self.elsewhere.entry(member.name.clone()).or_default() += 1;
            return;
        }
        if let Some(why) = handlers::refusal(function) {
            let what = format!("not annotated: `{name}`: {why}");
            self.tell(number, Diagnostic::warning(what));
            return;
        }
        let route = handler.route();
        if let Err(why) = &route {
            let what = format!("`{name}` is annotated without a `route`: {why}");
            self.tell(
                number,
                Diagnostic::note(what).with_help(
                    "what fails before it runs counts once it was reached; a handler for each \
                     route, with its own annotation, has no such gap",
                ),
            );
        }
        let Some(group) = Group::from_handler(index, handler) else {
            let what = format!("not annotated: no name for a journey was found for `{name}`");
            self.tell(number, Diagnostic::warning(what));
            return;
        };
        let sdk = member
            .dependencies
            .iter()
            .find(|one| one.package == SDK)
            .map_or("slo_sdk", |one| &one.name);
        let shown = *route.as_ref().unwrap_or(&&*name);
        let Some(journey) = self.journey(handler, &group, shown, sdk) else {
            let what = format!(
                "not annotated: `{name}`: there is no place for journeys beside the root of its crate"
            );
            let help = "declare `mod journeys;` there";
            self.tell(number, Diagnostic::warning(what).with_help(help));
            return;
        };
        let mut arguments = vec![format!("journey = {journey}")];
        if let Some(name) = self.names.get(&handler.place) {
            arguments.push(format!("name = \"{name}\""));
        }
        if let Ok(route) = route {
            let route = proc_macro2::Literal::string(route);
            arguments.push(format!("route = {route}"));
        }
        if sdk != "slo_sdk" {
            arguments.push(format!("crate = {sdk}"));
        }
        let path = self.import(handler, sdk);
        let (file, at) = handler.place;
        let text = edit::attribute(&index.files[file], at, &path, &arguments);
        self.edits.insert(file, at, ATTRIBUTE, text);
        self.out.new += 1;
    }

    fn tell(&mut self, function: usize, remark: Diagnostic) {
        let place = handlers::location(self.index, function);
        self.out.remarks.push(remark.at_location(place));
    }

    /// The path of the journey of a handler, which is drafted where it is not there.
    fn journey(
        &mut self,
        handler: &Handler,
        group: &Group,
        shown: &str,
        sdk: &str,
    ) -> Option<String> {
        let index = self.index;
        let mut path = None;
        for function in &handler.functions {
            let of = index.modules[index.functions[*function].module].of;
            let home = Home::new(index, of)?;
            if let Some(known) = journeys::known(index, of, &home, group) {
                path.get_or_insert(known);
                continue;
            }
            path = Some(format!("crate::{}::{}", home.name, group.constant));
            let root = &index.modules[index.crates[of].root];
            if let Some(line) = &home.declaration {
                let (at, text) = edit::declaration(index, root, line, home.name);
                self.edits.insert(root.file, at, MODULE, text);
            }
            let drafts = self
                .drafts
                .entry(home.file.clone())
                .or_insert_with(|| Drafts {
                    sdk: sdk.to_owned(),
                    home,
                    groups: BTreeMap::new(),
                });
            let entry = drafts.groups.entry(group.constant.clone());
            let (_, routes) = entry.or_insert_with(|| (group.clone(), BTreeSet::new()));
            routes.insert(shown.to_owned());
        }
        path
    }

    /// The path of the attribute, which is imported where it can be.
    fn import(&mut self, handler: &Handler, sdk: &str) -> String {
        let index = self.index;
        let full = format!("{sdk}::slo");
        let is_conditional = |function: &usize| index.functions[*function].is_conditional;
        let Some(first) = handler.functions.first() else {
            return full;
        };
        let number = index.outer(index.functions[*first].module);
        let module = &index.modules[number];
        let found = index.resolve(number, &["slo".to_owned()]);
        let is_it = |found: &Found| match found {
            Found::Elsewhere(path) => path.len() > 1 && path.ends_with(&["slo".to_owned()]),
            _ => false,
        };
        if found.iter().any(is_it) {
            return "slo".to_owned();
        }
        // An import that nothing uses would be warned about.
        if index.has_name(number, "slo") || handler.functions.iter().all(is_conditional) {
            return full;
        }
        let (at, text) = edit::import(index, module, &full);
        self.edits.insert(module.file, at, IMPORT, text);
        "slo".to_owned()
    }

    fn finish(mut self, members: &[Member]) -> Annotated {
        let here = std::fs::canonicalize(".").unwrap_or_default();
        let shown = |path: &Path| {
            let path = path.strip_prefix(&here).unwrap_or(path);
            path.display().to_string()
        };
        let mut created = Vec::new();
        for drafts in self.drafts.values() {
            let groups = drafts.groups.values();
            let names = groups.map(|(group, _)| group.name.clone()).collect();
            self.out.journeys.push((shown(&drafts.home.file), names));
            match drafts.home.module {
                Some(module) => {
                    let module = &self.index.modules[module];
                    let file = &self.index.files[module.file];
                    let text = drafts.text(self.index).replace('\n', file.line_end());
                    let text = match file.text.is_empty() || file.text.ends_with('\n') {
                        true => text,
                        false => format!("{}{text}", file.line_end()),
                    };
                    self.edits
                        .insert(module.file, file.text.len(), JOURNEY, text);
                }
                None => created.push(Change {
                    path: drafts.home.file.clone(),
                    shown: shown(&drafts.home.file),
                    before: None,
                    after: journeys::head(&drafts.sdk) + &drafts.text(self.index),
                }),
            }
        }
        for (file, after) in self.edits.apply(self.index.files) {
            self.out.changes.push(Change {
                path: file.path.clone(),
                shown: file.shown.clone(),
                before: Some(file.text.clone()),
                after,
            });
        }
        self.out.changes.extend(created);
        self.out
            .changes
            .sort_by(|one, other| one.shown.cmp(&other.shown));
        self.tell_packages(members);
        self.out
    }

    fn tell_packages(&mut self, members: &[Member]) {
        for (package, n) in &self.elsewhere {
            let what = match n {
                1 => "a handler that is not annotated is".to_owned(),
                n => format!("{n} handlers that are not annotated are"),
            };
            self.out.remarks.push(
                Diagnostic::note(format!(
                    "{what} in the package `{package}`, which was not asked for"
                ))
                .with_help(format!("`cargo slo init --annotate -p {package}`")),
            );
        }
        let changed = |member: &Member| {
            let mut changes = self.out.changes.iter();
            changes.any(|change| change.path.starts_with(&member.folder))
        };
        let lacking: Vec<_> = members
            .iter()
            .filter(|member| member.is_selected && changed(member))
            .filter(|member| member.dependencies.iter().all(|one| one.package != SDK))
            .map(|member| member.name.clone())
            .collect();
        for package in lacking {
            self.out.remarks.push(
                Diagnostic::note(format!(
                    "the package `{package}` does not depend on {SDK} yet"
                ))
                .with_help(format!("`cargo add -p {package} {SDK} slo-tower`"))
                .with_help("the README says where the layer stands that counts"),
            );
        }
    }
}

impl Drafts {
    /// The declarations, for a file that is there or for a new one.
    fn text(&self, index: &Index<'_>) -> String {
        let has = |name: &str| match self.home.module {
            Some(module) => !matches!(
                index.resolve(module, &[name.to_owned()])[..],
                [Found::Elsewhere(ref path)] if path.len() == 1
            ),
            None => true,
        };
        let prefix = match has("Journey") {
            true => String::new(),
            false => format!("{}::", self.sdk),
        };
        let objectives = match has("DRAFT") {
            true => "DRAFT".to_owned(),
            false => format!("{}::Objectives::new().availability(99.0)", self.sdk),
        };
        let groups = self.groups.values();
        let drafts = groups.map(|(group, routes)| {
            let routes: Vec<_> = routes.iter().cloned().collect();
            journeys::draft(group, &routes, &prefix, &objectives)
        });
        drafts.collect()
    }
}

/// Names for endpoints whose functions have the name of another in the same package.
fn endpoint_names(index: &Index<'_>, handlers: &[Handler]) -> HashMap<(usize, usize), String> {
    let mut taken: HashMap<(usize, String), BTreeSet<(usize, usize)>> = HashMap::new();
    // Of two that are chosen by a condition, one is compiled: they are one endpoint.
    let mut same: HashMap<(usize, String), (usize, usize)> = HashMap::new();
    let mut place_of = HashMap::new();
    for handler in handlers {
        let Some(number) = handler.functions.first() else {
            continue;
        };
        let function = &index.functions[*number];
        let name = plain(&function.signature.ident)
            .replace('_', "-")
            .to_lowercase();
        let key = (function.module, name.clone());
        let place = match function.is_conditional {
            true => *same.entry(key).or_insert(handler.place),
            false => handler.place,
        };
        place_of.insert(handler.place, place);
        let member = index.member_of(function.module);
        taken.entry((member, name)).or_default().insert(place);
    }
    let mut used: BTreeSet<(usize, String)> = taken.keys().cloned().collect();
    let mut names: HashMap<(usize, usize), String> = HashMap::new();
    for handler in handlers {
        let Some(number) = handler.functions.first() else {
            continue;
        };
        let function = &index.functions[*number];
        let member = index.member_of(function.module);
        let name = plain(&function.signature.ident)
            .replace('_', "-")
            .to_lowercase();
        let places = taken.get(&(member, name.clone()));
        if handler.is_annotated || places.is_none_or(|places| places.len() < 2) {
            continue;
        }
        let place = place_of
            .get(&handler.place)
            .copied()
            .unwrap_or(handler.place);
        if let Some(name) = names.get(&place).cloned() {
            names.insert(handler.place, name);
            continue;
        }
        let of = function.owner.clone().unwrap_or_else(|| {
            let module = &index.modules[index.outer(function.module)];
            module.name.clone()
        });
        let of =
            Group::named(&proto::snake(&of)).map_or_else(|| "endpoint".to_owned(), |of| of.name);
        let base = format!("{of}-{name}");
        let mut unique = base.clone();
        let mut n = 2;
        while !used.insert((member, unique.clone())) {
            unique = format!("{base}-{n}");
            n += 1;
        }
        names.insert(handler.place, unique);
    }
    names
}
