//! Which endpoint serves which route, for requests no handler claimed, as annotations say it
//! with `route`. Nothing here is touched by a request that reaches its handler.

use http::Method;
use slo_sdk::Endpoint;
use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
};

static DECLARED: RwLock<Option<Declared>> = RwLock::new(None);

/// The endpoint whose route a path matches.
#[cold]
pub(crate) fn of_path(method: &Method, path: &str) -> Option<&'static Endpoint> {
    declared(|table| table.router.at(path).ok()?.value.find(method))
}

/// The endpoint whose route is the one that a router matched.
#[cfg(feature = "axum")]
#[cold]
pub(crate) fn of_template(method: &Method, template: &str) -> Option<&'static Endpoint> {
    declared(|table| table.templates.get(&without_names(template))?.find(method))
}

/// Looks something up in the declared routes.
fn declared<R>(look_up: impl FnOnce(&Declared) -> R) -> R {
    let known = slo_sdk::endpoint_count();
    let table = DECLARED.read().unwrap_or_else(PoisonError::into_inner);
    if let Some(table) = table.as_ref().filter(|table| table.endpoints == known) {
        return look_up(table);
    }
    drop(table);
    let table = Declared::of(&slo_sdk::endpoints());
    let found = look_up(&table);
    *DECLARED.write().unwrap_or_else(PoisonError::into_inner) = Some(table);
    found
}

/// The routes that annotations declare.
struct Declared {
    /// How many endpoints it was made from; more of them make it anew.
    endpoints: usize,
    router: matchit::Router<ByMethod>,
    #[cfg_attr(
        not(feature = "axum"),
        expect(dead_code, reason = "nobody says which route matched")
    )]
    templates: HashMap<String, ByMethod>,
}

/// Endpoints of one path; a gRPC method answers to every HTTP method.
#[derive(Default)]
struct ByMethod(Vec<(Option<&'static str>, &'static Endpoint)>);

impl ByMethod {
    fn find(&self, method: &Method) -> Option<&'static Endpoint> {
        let find = |name: &str| {
            self.0
                .iter()
                .find(|(known, _)| known.is_none_or(|known| known == name))
        };
        // axum serves HEAD by the handler of GET.
        let found = find(method.as_str()).or_else(|| {
            if *method == Method::HEAD {
                find("GET")
            } else {
                None
            }
        });
        found.map(|(_, endpoint)| *endpoint)
    }
}

impl Declared {
    fn of(endpoints: &[&'static Endpoint]) -> Declared {
        let mut templates = HashMap::<String, ByMethod>::new();
        for endpoint in endpoints {
            if let Some(route) = endpoint.declaration().route {
                let methods = templates.entry(without_names(route.path())).or_default();
                methods.0.push((route.method(), endpoint));
            }
        }
        let mut router = matchit::Router::new();
        for (template, methods) in &templates {
            let methods = ByMethod(methods.0.clone());
            // A template the router does not understand still serves by its text.
            let _ = router.insert(template.clone(), methods);
        }
        Declared {
            endpoints: endpoints.len(),
            router,
            templates,
        }
    }
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

    #[test]
    fn names_of_parameters_do_not_matter() {
        assert_eq!(without_names("/a/{id}/b/{*rest}"), "/a/{p0}/b/{*p1}");
        assert_eq!(without_names("/a/{id}"), without_names("/a/{order}"));
        assert_ne!(without_names("/a/{id}"), without_names("/a/{*id}"));
        assert_eq!(without_names("/{{literal}}/x"), "/{{literal}}/x");
        assert_eq!(without_names("/broken/{id"), "/broken/id");
    }
}
