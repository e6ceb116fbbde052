//! Which endpoint serves which route, for requests no handler claimed, as annotations say it
//! with `route`. Nothing here is touched by a request that reaches its handler.

use http::Method;
use slo_sdk::{Endpoint, Route};
use std::{
    collections::BTreeMap,
    ptr,
    sync::{Once, PoisonError, RwLock},
};

static DECLARED: RwLock<Option<Declared>> = RwLock::new(None);

/// The endpoint whose route a path matches. `None` also if several do, of which it can't be
/// told.
#[cold]
pub(crate) fn of_path(method: &Method, path: &str) -> Option<&'static Endpoint> {
    declared(|table| table.at(method, path))
}

/// The endpoints whose route is the one that a router matched.
#[cfg(feature = "axum")]
#[cold]
pub(crate) fn of_template(method: &Method, template: &str) -> Vec<&'static Endpoint> {
    declared(|table| {
        let known = table.route_cache.get(&without_names(template));
        known.map_or(Vec::new(), |known| known.find(method))
    })
}

/// True where a path matches a declared route, whatever its method.
#[cold]
pub(crate) fn is_path(route: &Route, path: &str) -> bool {
    let mut router = matchit::Router::new();
    let is_known = router.insert(without_names(route.path()), ()).is_ok();
    let matches = |path: &str| router.at(path).is_ok();
    let trimmed = path.trim_end_matches('/');
    // A template no router understands can't be compared.
    !is_known || matches(path) || matches(trimmed)
}

/// True where a template is that of a declared route.
#[cfg(feature = "axum")]
#[cold]
pub(crate) fn is_template(route: &Route, template: &str) -> bool {
    without_names(route.path()) == without_names(template)
}

/// Looks something up in the declared routes.
fn declared<R>(look_up: impl FnOnce(&Declared) -> R) -> R {
    let known = slo_sdk::layer::endpoint_count();
    let table = DECLARED.read().unwrap_or_else(PoisonError::into_inner);
    if let Some(table) = table.as_ref().filter(|table| table.endpoints == known) {
        return look_up(table);
    }
    drop(table);
    let table = Declared::new(&slo_sdk::layer::endpoints());
    let found = look_up(&table);
    *DECLARED.write().unwrap_or_else(PoisonError::into_inner) = Some(table);
    found
}

/// Warns, once in a process, of routes of which it can't be told whose a request is that matches
/// both.
pub(crate) fn report_conflicts() {
    const MAX_CONFLICTS_SHOWN: usize = 5;
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let conflicts = Declared::new(&slo_sdk::layer::endpoints()).conflicts();
        if conflicts.is_empty() {
            return;
        }
        let more = conflicts.len().saturating_sub(MAX_CONFLICTS_SHOWN);
        let mut routes = conflicts[..conflicts.len() - more].join("; ");
        if more > 0 {
            routes.push_str(&format!("; and {more} more"));
        }
        slo_sdk::layer::warn(format_args!(
            "these declared routes can't stand in one router, so it can't be told whose a request \
             is that matches both and reaches no handler: it may count for neither: {routes}"
        ));
    });
}

/// The routes that annotations declare.
struct Declared {
    /// How many endpoints it was made from; more of them make it again.
    endpoints: usize,
    /// Templates that can't stand in one router stand in several, each in the first that takes
    /// it, so that the order of the endpoints changes nothing.
    routers: Vec<matchit::Router<Template>>,
    route_cache: BTreeMap<String, ByMethod>,
    /// Templates, each with one of an earlier router that it can't stand beside.
    conflicts: Vec<(String, String)>,
}

/// A template that a path may match.
struct Template {
    is_wildcard: bool,
    methods: ByMethod,
}

/// Endpoints of one path; a gRPC method answers to every HTTP method.
#[derive(Clone, Default)]
struct ByMethod(Vec<(Option<&'static str>, &'static Endpoint)>);

impl ByMethod {
    /// All that serve the method; `HEAD` is served by the handler of `GET`, as in axum.
    fn find(&self, method: &Method) -> Vec<&'static Endpoint> {
        let find = |name: &str| -> Vec<&'static Endpoint> {
            let all = self.0.iter();
            let known = all.filter(|(known, _)| known.is_none_or(|known| known == name));
            known.map(|(_, endpoint)| *endpoint).collect()
        };
        let found = find(method.as_str());
        if found.is_empty() && *method == Method::HEAD {
            return find("GET");
        }
        found
    }

    /// Pairs of endpoints that serve the same method.
    fn rivals<'a>(&'a self, other: &'a ByMethod) -> impl Iterator<Item = (Entry, Entry)> + 'a {
        let pairs = self
            .0
            .iter()
            .flat_map(|one| other.0.iter().map(move |two| (*one, *two)));
        pairs.filter(|(one, two)| {
            let is_method = one.0.is_none() || two.0.is_none() || one.0 == two.0;
            is_method && !ptr::eq(one.1, two.1)
        })
    }
}

/// A method and the endpoint that serves it.
type Entry = (Option<&'static str>, &'static Endpoint);

/// True for one annotation that stands in the program twice, compiled into a library and into the
/// program that uses it: both count for the same series.
fn are_copies(one: &Endpoint, other: &Endpoint) -> bool {
    let (one, other) = (one.declaration(), other.declaration());
    one.name == other.name
        && one.journey.name() == other.journey.name()
        && one.source.is_copy_of(&other.source)
}

impl Declared {
    fn new(endpoints: &[&'static Endpoint]) -> Declared {
        let mut route_cache = BTreeMap::<String, ByMethod>::new();
        for endpoint in endpoints {
            if let Some(route) = endpoint.declaration().route {
                let methods = route_cache.entry(without_names(route.path())).or_default();
                let is_copy = |(_, known): &Entry| are_copies(known, endpoint);
                if !methods.0.iter().any(is_copy) {
                    methods.0.push((route.method(), endpoint));
                }
            }
        }
        let mut declared = Declared {
            endpoints: endpoints.len(),
            routers: Vec::new(),
            route_cache: BTreeMap::new(),
            conflicts: Vec::new(),
        };
        for (template, methods) in &route_cache {
            declared.insert(template, methods);
        }
        declared.route_cache = route_cache;
        declared
    }

    fn insert(&mut self, text: &str, methods: &ByMethod) {
        let template = || Template {
            is_wildcard: is_wildcard(text),
            methods: methods.clone(),
        };
        for router in &mut self.routers {
            match router.insert(text, template()) {
                Ok(()) => return,
                Err(matchit::InsertError::Conflict { with }) => {
                    self.conflicts.push((with, text.to_owned()));
                }
                // A template no router understands still serves by its text.
                Err(_) => return,
            }
        }
        let mut router = matchit::Router::new();
        if router.insert(text, template()).is_ok() {
            self.routers.push(router);
        }
    }

    /// The endpoint of a path, if it can be told.
    fn at(&self, method: &Method, path: &str) -> Option<&'static Endpoint> {
        let mut exact = Vec::new();
        let mut open = Vec::new();
        for router in &self.routers {
            if let Ok(found) = router.at(path) {
                let Template {
                    is_wildcard,
                    methods,
                } = found.value;
                let to = if *is_wildcard { &mut open } else { &mut exact };
                to.extend(methods.find(method));
            }
        }
        match (&exact[..], &open[..]) {
            ([only], []) | ([], [only]) => Some(only),
            // One that has never had an event is probably not mounted: a library's.
            ([only], open) if !open.iter().any(|endpoint| endpoint.has_started()) => Some(only),
            _ => None,
        }
    }

    /// Pairs of endpoints that can't stand in one router, in words.
    fn conflicts(&self) -> Vec<String> {
        let same = self.route_cache.values().flat_map(|methods| {
            let pairs = methods.rivals(methods);
            // Each pair is found from both of its sides.
            pairs.filter(|(one, two)| ptr::from_ref(one.1) < ptr::from_ref(two.1))
        });
        let across = self.conflicts.iter().flat_map(|(one, two)| {
            let known = (self.route_cache.get(one), self.route_cache.get(two));
            match known {
                (Some(one), Some(two)) => one.rivals(two).collect(),
                _ => Vec::new(),
            }
        });
        let mut conflicts: Vec<String> = same
            .chain(across)
            .map(|((_, one), (_, two))| {
                let mut pair = [in_words(one), in_words(two)];
                pair.sort_unstable();
                pair.join(" and ")
            })
            .collect();
        conflicts.sort_unstable();
        conflicts.dedup();
        conflicts
    }
}

fn in_words(endpoint: &Endpoint) -> String {
    let declaration = endpoint.declaration();
    let (method, path) = declaration
        .route
        .map_or((None, ""), |route| (route.method(), route.path()));
    let method = method.map_or(String::new(), |method| format!("{method} "));
    format!("`{method}{path}` ({})", declaration.name)
}

/// True for `/files/{*path}`, which may stand for many endpoints.
pub(crate) fn is_wildcard(template: &str) -> bool {
    let parameter = template.rsplit_once('{').map(|(_, last)| last);
    parameter.is_some_and(|last| last.starts_with('*') && last.ends_with('}'))
}

/// A template with its parameters numbered instead of named: `/a/{id}` and `/a/{order}` are
/// the same route.
fn without_names(template: &str) -> String {
    let mut plain = String::with_capacity(template.len());
    let mut rest = template;
    let mut number = 0;
    while let Some((before, after)) = rest.split_once('{') {
        plain.push_str(before);
        if let Some(literal) = after.strip_prefix('{') {
            plain.push_str("{{");
            rest = literal;
            continue;
        }
        let Some((name, after)) = after.split_once('}') else {
            rest = after;
            break;
        };
        let star = if name.starts_with('*') { "*" } else { "" };
        plain.push_str(&format!("{{{star}p{number}}}"));
        number += 1;
        rest = after;
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;
    use slo_sdk::{Journey, Objectives, endpoint};

    const J: Journey = Journey::new("j").objectives(Objectives::new().availability(99.0));

    static ID: &Endpoint = endpoint!(name = "id", journey = J, route = "GET /p/{id}");
    static REST: &Endpoint = endpoint!(name = "rest", journey = J, route = "GET /p/{*rest}");
    static OTHER: &Endpoint = endpoint!(name = "other", journey = J, route = "POST /p/{*rest}");
    static A: &Endpoint = endpoint!(name = "a", journey = J, route = "GET /a/{x}");
    static B: &Endpoint = endpoint!(name = "b", journey = J, route = "GET /a/{y}");
    static CALL: &Endpoint = endpoint!(name = "call", journey = J, route = "/s.S/Call");

    /// As one source gives in a library and in a program; a macro has one place, too.
    macro_rules! twice {
        ($($endpoint:tt)*) => {{
            static ONE: &Endpoint = endpoint!($($endpoint)*);
            static TWO: &Endpoint = endpoint!($($endpoint)*);
            [ONE, TWO]
        }};
    }

    #[test]
    fn one_annotation_that_is_compiled_twice_is_one_endpoint() {
        let copies = twice!(name = "copied", journey = J, route = "GET /copied/{id}");
        assert!(!ptr::eq(copies[0], copies[1]));
        let declared = Declared::new(&copies);
        assert_eq!(name(declared.at(&Method::GET, "/copied/7")), "copied");
        assert!(declared.conflicts().is_empty());
        let apart = Declared::new(&[A, B]);
        assert_eq!(name(apart.at(&Method::GET, "/a/7")), "nobody");
        assert_eq!(apart.conflicts().len(), 1);
    }

    fn name(found: Option<&'static Endpoint>) -> &'static str {
        found.map_or("nobody", |endpoint| endpoint.declaration().name)
    }

    #[test]
    fn names_of_parameters_do_not_matter() {
        assert_eq!(without_names("/a/{id}/b/{*rest}"), "/a/{p0}/b/{*p1}");
        assert_eq!(without_names("/a/{id}"), without_names("/a/{order}"));
        assert_ne!(without_names("/a/{id}"), without_names("/a/{*id}"));
        assert_eq!(without_names("/{{literal}}/x"), "/{{literal}}/x");
        assert_eq!(without_names("/broken/{id"), "/broken/id");
    }

    #[test]
    fn wildcards_are_told_from_parameters() {
        assert!(is_wildcard("/files/{*path}"));
        assert!(is_wildcard("/{id}/{*rest}"));
        for template in ["/", "/users/{id}", "/{id}/x", "/{{*x}}y", "{"] {
            assert!(!is_wildcard(template), "{template}");
        }
    }

    #[test]
    fn the_order_of_the_endpoints_changes_nothing() {
        let mut endpoints = [ID, REST, OTHER, A, B, CALL];
        let asked = [
            (Method::GET, "/p/x", "id"),
            (Method::HEAD, "/p/x", "id"),
            (Method::GET, "/p/x/y", "rest"),
            (Method::POST, "/p/x", "other"),
            (Method::POST, "/p/x/y", "other"),
            (Method::DELETE, "/p/x", "nobody"),
            // Two endpoints with one route.
            (Method::GET, "/a/1", "nobody"),
            (Method::PUT, "/s.S/Call", "call"),
            (Method::GET, "/p//x", "rest"),
            (Method::GET, "/p/", "nobody"),
            (Method::GET, "/p/../a/1", "rest"),
            (Method::GET, "/a/1%2f2", "nobody"),
        ];
        let expected = [
            "`GET /a/{x}` (a) and `GET /a/{y}` (b)",
            "`GET /p/{*rest}` (rest) and `GET /p/{id}` (id)",
        ];
        for _ in 0..endpoints.len() {
            endpoints.rotate_left(1);
            for turn in 0..2 {
                if turn == 1 {
                    endpoints.reverse();
                }
                let declared = Declared::new(&endpoints);
                for (method, path, endpoint) in &asked {
                    assert_eq!(
                        name(declared.at(method, path)),
                        *endpoint,
                        "{method} {path}"
                    );
                }
                assert_eq!(declared.conflicts(), expected);
            }
        }
    }

    #[test]
    fn two_that_are_both_served_are_nobodys() {
        static ONE: &Endpoint = endpoint!(name = "one", journey = J, route = "GET /q/{id}");
        static ALL: &Endpoint = endpoint!(name = "all", journey = J, route = "GET /q/{*rest}");
        let declared = Declared::new(&[ONE, ALL]);
        assert_eq!(name(declared.at(&Method::GET, "/q/x")), "one");
        ALL.event().good();
        assert_eq!(name(declared.at(&Method::GET, "/q/x")), "nobody");
        assert_eq!(name(declared.at(&Method::GET, "/q/x/y")), "all");
    }
}
