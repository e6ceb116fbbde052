//! Which journeys handlers are drafted into, and where these are declared.

use super::{
    handlers::{Handler, Route},
    index::{Found, Index, segments},
};
use std::path::PathBuf;
use syn::Expr;

/// The journey of a group of handlers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Group {
    /// Its name: words of lower case, joined by `-`.
    pub(super) name: String,
    /// The constant it is.
    pub(super) constant: String,
}

impl Group {
    pub(super) fn named(words: &str) -> Option<Group> {
        let letters = words.chars().map(|c| match c {
            c if c.is_ascii_alphanumeric() => c.to_ascii_lowercase(),
            _ => '-',
        });
        let letters: String = letters.collect();
        let parts: Vec<_> = letters.split('-').filter(|part| !part.is_empty()).collect();
        let name = parts.join("-");
        let name: String = name.chars().take(60).collect();
        let name = name.trim_end_matches('-').to_owned();
        if name.is_empty() {
            return None;
        }
        let mut constant = name.to_uppercase().replace('-', "_");
        if constant.starts_with(|c: char| c.is_ascii_digit()) {
            constant.insert(0, '_');
        }
        Some(Group { name, constant })
    }

    /// The group of a handler: what stands first in its path, behind the version of an API; the
    /// service of gRPC; else its module or its package.
    pub(super) fn from_handler(index: &Index<'_>, handler: &Handler) -> Option<Group> {
        if let Some(service) = &handler.service {
            return Group::named(&super::proto::snake(service));
        }
        let paths = handler.routes.iter().filter_map(|route| match route {
            Route::Known(route) => route.split_once(' ').map(|(_, path)| path),
            Route::Any(path) => Some(&**path),
            Route::Unknown(_) => None,
        });
        let words = paths.filter_map(first_word).next();
        if let Some(group) = words.and_then(Group::named) {
            return Some(group);
        }
        let function = &index.functions[*handler.functions.first()?];
        let module = &index.modules[index.outer(function.module)];
        let is_telling = module.parent.is_some()
            && !matches!(
                &*module.name,
                "handlers" | "handler" | "routes" | "api" | "http" | "web"
            );
        let package = &index.members[index.member_of(function.module)].name;
        Group::named(if is_telling { &module.name } else { package })
    }
}

/// The first part of a path that says what it is about.
fn first_word(path: &str) -> Option<&str> {
    let is_version = |part: &str| {
        let number = part.strip_prefix('v').unwrap_or("-");
        !number.is_empty() && number.chars().all(|c| c.is_ascii_digit() || c == '.')
    };
    path.split('/').find(|part| {
        !part.is_empty()
            && !part.starts_with('{')
            && !matches!(*part, "api" | "rest")
            && !is_version(part)
    })
}

/// Where the journeys of a crate are declared.
pub(super) struct Home {
    /// The module, if it is there.
    pub(super) module: Option<usize>,
    /// Its name.
    pub(super) name: &'static str,
    /// The file that it is or becomes.
    pub(super) file: PathBuf,
    /// What declares it at the root, if nothing does yet.
    pub(super) declaration: Option<String>,
}

/// Names for the module, the first that is free.
const NAMES: [&str; 2] = ["journeys", "slo_journeys"];

impl Home {
    /// The module `journeys` of a crate; another name where that is something else already.
    pub(super) fn new(index: &Index<'_>, of: usize) -> Option<Home> {
        let root = index.crates[of].root;
        let root_file = &index.files[index.modules[root].file].path;
        let folder = root_file.parent()?;
        // Every file in there is a program of its own.
        let is_bin = folder.file_name().is_some_and(|name| name == "bin");
        let folder = if is_bin { folder.parent()? } else { folder };
        NAMES.into_iter().find_map(|name| {
            let path = [name.to_owned()];
            if index.has_name(root, name) {
                let found = index.resolve(root, &path);
                let [Found::Module(module)] = found[..] else {
                    return None;
                };
                let inner = &index.modules[module];
                if inner.of != of || inner.inline.is_some() {
                    return None;
                }
                return Some(Home {
                    module: Some(module),
                    name,
                    file: index.files[inner.file].path.clone(),
                    declaration: None,
                });
            }
            let file = folder.join(format!("{name}.rs"));
            let is_free = file.symlink_metadata().is_err() && !folder.join(name).exists();
            let attribute = match is_bin {
                true => format!("#[path = \"../{name}.rs\"]\n"),
                false => String::new(),
            };
            is_free.then(|| Home {
                module: None,
                name,
                file,
                declaration: Some(format!("{attribute}mod {name};")),
            })
        })
    }
}

/// The path of a journey that is there, if there is one of this name: in the module for journeys, at
/// the root of the crate, or in a library of the workspace.
pub(super) fn known(index: &Index<'_>, of: usize, home: &Home, group: &Group) -> Option<String> {
    let root = index.crates[of].root;
    let member = &index.members[index.crates[of].member];
    let own = [
        vec!["crate", home.name, &group.constant],
        vec!["crate", &group.constant],
    ];
    let dependencies = member.dependencies.iter();
    let foreign = dependencies.map(|one| vec![&*one.name, &group.constant]);
    let found = own.into_iter().chain(foreign).find(|path| {
        let names: Vec<_> = path.iter().map(|name| (*name).to_owned()).collect();
        let found = index.resolve(root, &names);
        found.iter().any(|found| match found {
            Found::Constant(module, name) => {
                index
                    .constant(*module, name)
                    .is_some_and(|(value, is_public)| {
                        is_journey(value) && (is_public || path[0] == "crate")
                    })
            }
            _ => false,
        })
    });
    Some(found?.join("::"))
}

/// True for `Journey::new(…)` and what is called on it.
fn is_journey(expression: &Expr) -> bool {
    match expression {
        Expr::MethodCall(call) => is_journey(&call.receiver),
        Expr::Call(call) => match &*call.func {
            Expr::Path(path) => segments(&path.path).ends_with(&["Journey".into(), "new".into()]),
            _ => false,
        },
        _ => false,
    }
}

/// A file of journeys, before the first of them.
pub(super) fn head(sdk: &str) -> String {
    format!(
        "//! The journeys of the service's users, drafted by `cargo slo init --annotate`.\n\
         //!\n\
         //! Each gathers what stands below one path. Join those that are one thing to a user, say what\n\
         //! they get done, and choose what to promise: `cargo slo check` lists what is missing.\n\n\
         use {sdk}::{{Journey, Objectives}};\n\n\
         /// A placeholder: replace it by what the users of each journey were asked about.\n\
         pub(crate) const DRAFT: Objectives = Objectives::new().availability(99.0);\n"
    )
}

/// More routes of a journey than these are a number.
const MAX_ROUTES: usize = 8;

/// The declaration of a journey. `prefix` stands before the names of the SDK.
pub(super) fn draft(group: &Group, routes: &[String], prefix: &str, objectives: &str) -> String {
    let mut docs: Vec<_> = routes
        .iter()
        .take(MAX_ROUTES)
        .map(|route| format!("/// - `{}`\n", route.replace('`', "'")))
        .collect();
    if routes.len() > MAX_ROUTES {
        docs.push(format!("/// - and {} more\n", routes.len() - MAX_ROUTES));
    }
    let Group { name, constant } = group;
    format!(
        "\n/// What is served below `{name}`:\n{}\
         pub(crate) const {constant}: {prefix}Journey = {prefix}Journey::new(\"{name}\")\n    \
         //.title(\"What the user gets done\")\n    \
         //.user(\"Who is unhappy when it fails\")\n    \
         //.owner(\"The team that answers for it\")\n    \
         .objectives({objectives});\n",
        docs.concat()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_have_names_that_journeys_take() {
        for (words, name, constant) in [
            ("orders", "orders", "ORDERS"),
            ("Order_Items.v2", "order-items-v2", "ORDER_ITEMS_V2"),
            ("3d--models", "3d-models", "_3D_MODELS"),
        ] {
            let group = Group::named(words).unwrap();
            assert_eq!((&*group.name, &*group.constant), (name, constant));
        }
        assert_eq!(Group::named("日本"), None);
    }

    #[test]
    fn versions_and_parameters_say_nothing() {
        assert_eq!(first_word("/api/v1/orders/{id}"), Some("orders"));
        assert_eq!(first_word("/{tenant}/orders"), Some("orders"));
        assert_eq!(first_word("/vat"), Some("vat"));
        assert_eq!(first_word("/v/x"), Some("v"));
        assert_eq!(first_word("/{id}"), None);
        assert_eq!(first_word("/"), None);
    }
}
