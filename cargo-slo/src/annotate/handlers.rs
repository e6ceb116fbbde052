//! What is known of each function that handles requests.

use super::{
    grpc,
    index::{Function, Index},
    modules::{has, plain},
    proto::Service,
    routers::{self, Mount, Target},
};
use crate::diagnostics::Diagnostic;
use std::collections::{BTreeMap, BTreeSet};
use syn::{Item, Meta, ReturnType, Type};

/// A function that handles requests.
pub(super) struct Handler {
    /// The function, and the same one in other crates that its file is compiled into.
    pub(super) functions: Vec<usize>,
    /// The file and the byte that an annotation would stand at.
    pub(super) place: (usize, usize),
    /// The routes it serves, and why others are not known.
    pub(super) routes: BTreeSet<Route>,
    /// The service of gRPC that it belongs to.
    pub(super) service: Option<String>,
    pub(super) is_annotated: bool,
}

/// What a handler serves.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Route {
    /// `GET /orders/{id}`, or a method of gRPC.
    Known(String),
    /// Several methods of a path.
    Any(String),
    /// Something that is not known, and why.
    Unknown(&'static str),
}

/// Everything that was found.
pub(super) struct Handlers {
    pub(super) handlers: Vec<Handler>,
    pub(super) remarks: Vec<Diagnostic>,
}

impl Handler {
    /// The only route, if there is just one.
    pub(super) fn route(&self) -> Result<&str, String> {
        let mut routes = self.routes.iter();
        match (routes.next(), self.routes.len()) {
            (Some(Route::Known(route)), 1) => check(route).map_err(str::to_owned),
            (Some(Route::Any(path)), 1) => Err(format!("it serves several methods of `{path}`")),
            (Some(Route::Unknown(why)), 1) => Err((*why).to_owned()),
            (Some(_), _) => {
                let all: Vec<_> = self.routes.iter().map(Route::to_string).collect();
                Err(format!("it serves several routes: {}", all.join(", ")))
            }
            (None, _) => Err("its route is not known".to_owned()),
        }
    }
}

impl std::fmt::Display for Route {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Route::Known(route) => write!(f, "`{route}`"),
            Route::Any(path) => write!(f, "any method of `{path}`"),
            Route::Unknown(why) => write!(f, "one that is not known ({why})"),
        }
    }
}

/// A route that an annotation takes.
fn check(route: &str) -> Result<&str, &'static str> {
    let path = route.split_once(' ').map_or(route, |(_, path)| path);
    let is_plain = path.starts_with('/') && !path.contains(['?', '#']);
    let is_plain = is_plain && path.chars().all(|c| !c.is_whitespace() && !c.is_control());
    let braces = path.matches('{').count() == path.matches('}').count();
    match is_plain && braces {
        true => Ok(route),
        false => Err("its path is none that a request can have"),
    }
}

/// Puts routers and services of gRPC together, by function.
pub(super) fn find(index: &Index<'_>, services: &[Service], offered: &[String]) -> Handlers {
    let routers = routers::find(index);
    let mut remarks: Vec<_> = routers.remarks.into_values().collect();
    remarks.extend(macros(index));
    let mut all: BTreeMap<(usize, usize), Handler> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for mount in &routers.mounts {
        match &mount.served.target {
            Target::Functions(functions) => {
                for function in functions {
                    let handler = handler(index, &mut all, *function);
                    handler.routes.insert(route(mount));
                }
            }
            other => {
                let file = &index.files[mount.file];
                if seen.insert((mount.file, file.range(mount.span).start, route(mount))) {
                    remarks.push(not_a_function(index, mount, other));
                }
            }
        }
    }
    for method in grpc::methods(index, services, offered) {
        let handler = handler(index, &mut all, method.function);
        handler.service = Some(method.service);
        handler.routes.insert(match method.route {
            Ok(route) => Route::Known(route),
            Err(why) => Route::Unknown(why),
        });
    }
    Handlers {
        handlers: all.into_values().collect(),
        remarks,
    }
}

/// Macros beside functions that seem to make routes, each of which is called and not defined.
fn macros(index: &Index<'_>) -> Vec<Diagnostic> {
    let mut told = BTreeMap::new();
    for module in &index.modules {
        for item in module.items {
            if let Item::Macro(call) = item
                && call.ident.is_none()
                && routers::is_about_routes(&call.mac)
                && let Some(last) = call.mac.path.segments.last()
            {
                let file = &index.files[module.file];
                let key = (module.file, file.range(last.ident.span()).start);
                let place = file.location(last.ident.span());
                told.insert(key, routers::unseen_macro().at_location(place));
            }
        }
    }
    told.into_values().collect()
}

fn handler<'h>(
    index: &Index<'_>,
    all: &'h mut BTreeMap<(usize, usize), Handler>,
    number: usize,
) -> &'h mut Handler {
    let function = &index.functions[number];
    let start = super::edit::start(function.visibility, function.signature);
    let place = (function.file, index.files[function.file].range(start).start);
    let handler = all.entry(place).or_insert_with(|| Handler {
        functions: Vec::new(),
        place,
        routes: BTreeSet::new(),
        service: None,
        is_annotated: is_annotated(function),
    });
    if !handler.functions.contains(&number) {
        handler.functions.push(number);
    }
    handler
}

fn route(mount: &Mount) -> Route {
    match (&mount.path, &mount.served.method) {
        (Ok(path), Some(method)) => Route::Known(format!("{method} {path}")),
        (Ok(path), None) => Route::Any(path.clone()),
        (Err(why), _) => Route::Unknown(why),
    }
}

fn not_a_function(index: &Index<'_>, mount: &Mount, target: &Target) -> Diagnostic {
    let what = match mount.path {
        Ok(_) => route(mount).to_string(),
        Err(_) => "a route".to_owned(),
    };
    let place = index.files[mount.file].location(mount.span);
    match target {
        Target::Other(text) => {
            let text: String = text.chars().take(60).collect();
            let what = format!("not annotated: {what} is served by `{text}`, which is not a function of this workspace");
            Diagnostic::warning(what)
                .with_help("annotate the function by hand, or count it by the layer: `SloLayer::new().journey(…)`")
        }
        Target::Closure | Target::Functions(_) => {
            let what = format!("not annotated: {what} is served by a closure, which takes no attribute");
            Diagnostic::note(what).with_help("make it an `async fn` if something is to be promised about it")
        }
    }
    .at_location(place)
}

/// True for a function with `#[slo]`, under a condition or not.
pub(super) fn is_annotated(function: &Function<'_>) -> bool {
    has(function.attributes, "slo")
        || function
            .attributes
            .iter()
            .any(|attribute| match &attribute.meta {
                Meta::List(list) if list.path.is_ident("cfg_attr") => {
                    let words = list.tokens.to_string();
                    words
                        .split(|c: char| !c.is_alphanumeric() && c != '_')
                        .any(|word| word == "slo")
                }
                _ => false,
            })
}

/// Why the annotation would refuse a function; `None` if it takes it.
pub(super) fn refusal(function: &Function<'_>) -> Option<&'static str> {
    let signature = function.signature;
    let name = plain(&signature.ident);
    let is_async = signature.asyncness.is_some();
    if signature.constness.is_some() {
        Some("a `const fn` can't be measured")
    } else if signature.unsafety.is_some() {
        Some("an `unsafe fn` can't be measured")
    } else if signature.abi.is_some() {
        Some("a function with a foreign ABI can't be measured")
    } else if !name.is_ascii() || name.chars().all(|c| c == '_') {
        Some("no name for metrics can be made of that of the function")
    } else if !is_async && is_unknown_future(&signature.output) {
        Some("it returns a future of an unknown kind: write `-> impl Future<Output = …>`")
    } else {
        None
    }
}

/// True for a type that is called a future and is not one that can be measured.
fn is_unknown_future(output: &ReturnType) -> bool {
    let ReturnType::Type(_, output) = output else {
        return false;
    };
    let Type::Path(path) = &**output else {
        return false;
    };
    path.path.segments.last().is_some_and(|last| {
        let name = last.ident.to_string();
        (name.ends_with("Future") || name.ends_with("Fut"))
            && name != "BoxFuture"
            && name != "LocalBoxFuture"
    })
}

/// Where a function is, as people are told it.
pub(super) fn location(index: &Index<'_>, function: usize) -> crate::diagnostics::Location {
    let function = &index.functions[function];
    index.files[function.file].location(function.signature.ident.span())
}
