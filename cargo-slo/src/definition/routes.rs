//! Declared routes of a service that claim the same requests.

use super::Service;
use slo_model::record::EndpointRecord;
use std::collections::HashMap;

/// An endpoint, and those whose requests can't be told from its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteConflict<'a> {
    /// The endpoint.
    pub endpoint: &'a EndpointRecord,
    /// The others, at least one.
    pub rivals: Vec<&'a EndpointRecord>,
    /// True where all of them declare one and the same route; else that of the endpoint takes
    /// whatever follows, and so what the others take, too.
    pub is_same: bool,
}

impl Service {
    /// Returns the endpoints whose declared routes match some request of one method with equal
    /// right: no router holds both, and so nobody can tell whose a request is that reaches no
    /// handler.
    ///
    /// A literal goes before a parameter, so `/orders/new` and `/orders/{id}` stand together. Each
    /// endpoint of one route is found once, beside the first of them.
    pub fn conflicting_routes(&self) -> Vec<RouteConflict<'_>> {
        let declared: Vec<_> = self
            .endpoints
            .iter()
            .filter_map(Declared::from_endpoint)
            .collect();
        let mut by_shape: HashMap<&str, Vec<&Declared<'_>>> = HashMap::new();
        let mut by_parameter: HashMap<&str, Vec<&Declared<'_>>> = HashMap::new();
        for one in &declared {
            for place in &one.parameters {
                by_parameter
                    .entry(&one.shape[..*place])
                    .or_default()
                    .push(one);
            }
        }
        let mut conflicts = Vec::new();
        for one in &declared {
            let same = by_shape.entry(&one.shape).or_default();
            let first = same.iter().find(|other| one.is_rival(other));
            let is_same = first.is_some();
            let rivals: Vec<_> = match (first, one.before_rest()) {
                (Some(first), _) => vec![first.endpoint],
                (None, Some(before)) => {
                    let taken = by_parameter.get(before).into_iter().flatten();
                    let rivals = taken.filter(|other| one.is_rival(other));
                    rivals.map(|other| other.endpoint).collect()
                }
                (None, None) => Vec::new(),
            };
            if !is_same {
                same.push(one);
            }
            if !rivals.is_empty() {
                conflicts.push(RouteConflict {
                    endpoint: one.endpoint,
                    rivals,
                    is_same,
                });
            }
        }
        conflicts
    }
}

/// A declared route.
struct Declared<'a> {
    endpoint: &'a EndpointRecord,
    /// `None` for gRPC, which answers to every method.
    method: Option<&'a str>,
    /// The path without the names of its parameters: `/p/{}`, `/p/{*}`.
    shape: String,
    /// Where in the shape its parameters begin.
    parameters: Vec<usize>,
}

const REST: &str = "{*}";

impl<'a> Declared<'a> {
    fn from_endpoint(endpoint: &'a EndpointRecord) -> Option<Declared<'a>> {
        let route = endpoint.route.as_deref()?;
        let (method, path) = match route.split_once(' ') {
            Some((method, path)) => (Some(method), path),
            None => (None, route),
        };
        let (mut shape, mut parameters) = (String::with_capacity(path.len()), Vec::new());
        let mut rest = path;
        while let Some((before, after)) = rest.split_once('{') {
            shape.push_str(before);
            if let Some(literal) = after.strip_prefix('{') {
                shape.push_str("{{");
                rest = literal;
                continue;
            }
            let Some((name, after)) = after.split_once('}') else {
                rest = after;
                break;
            };
            if name.starts_with('*') {
                shape.push_str(REST);
            } else {
                parameters.push(shape.len());
                shape.push_str("{}");
            }
            rest = after;
        }
        shape.push_str(rest);
        let is_understood = |place: &usize| {
            let after = &shape[place + "{}".len()..];
            after.is_empty() || after.starts_with('/')
        };
        // No router understands `/{id}.json`: it serves by its text.
        if !parameters.iter().all(is_understood) {
            parameters.clear();
        }
        Some(Declared {
            endpoint,
            method,
            shape,
            parameters,
        })
    }

    /// What stands before the part that takes whatever follows.
    fn before_rest(&self) -> Option<&str> {
        self.shape.strip_suffix(REST)
    }

    /// True for another endpoint that answers to the same method.
    fn is_rival(&self, other: &Declared<'_>) -> bool {
        let is_method =
            self.method.is_none() || other.method.is_none() || self.method == other.method;
        is_method && self.endpoint.name != other.endpoint.name
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn service(routes: &[String]) -> Service {
        let endpoints = routes.iter().enumerate().map(|(n, route)| {
            let journey = json!({"name": "j", "hash": "0"});
            let source = json!({"package": "p", "version": "0", "module": "m", "function": "f",
                "file": "f.rs", "line": n});
            let record = json!({"name": format!("e{n}"), "journey": journey, "route": route,
                "hash": "0", "source": source});
            serde_json::from_value(record).unwrap()
        });
        Service {
            name: "s".to_owned(),
            sdk: None,
            files: Vec::new(),
            packages: Vec::new(),
            declared: None,
            exported: None,
            journeys: Vec::new(),
            endpoints: endpoints.collect(),
            slos: Vec::new(),
        }
    }

    /// Pairs of the places of those that conflict, the smaller first.
    fn conflicts(routes: &[&str]) -> Vec<(u32, u32)> {
        let routes: Vec<_> = routes.iter().map(|route| (*route).to_owned()).collect();
        let service = service(&routes);
        let conflicts = service.conflicting_routes();
        let pairs = conflicts.iter().flat_map(|conflict| {
            let one = conflict.endpoint.source.line;
            let others = conflict.rivals.iter().map(|rival| rival.source.line);
            others.map(move |other| (one.min(other), one.max(other)))
        });
        let mut pairs: Vec<_> = pairs.collect();
        pairs.sort_unstable();
        pairs
    }

    #[test]
    fn what_no_router_holds_conflicts() {
        for (one, other, is_conflict) in [
            ("GET /a/{x}", "GET /a/{y}", true),
            ("GET /p/{id}", "GET /p/{*rest}", true),
            ("GET /p/{id}/edit", "GET /p/{*rest}", true),
            ("GET /p/{a}/{*rest}", "GET /p/{*rest}", true),
            ("GET /{*rest}", "GET /{id}", true),
            ("POST /a.B/Call", "/a.B/Call", true),
            ("GET /p/new", "GET /p/{id}", false),
            ("GET /p/new", "GET /p/{*rest}", false),
            ("GET /p", "GET /p/{*rest}", false),
            ("GET /{x}/b", "GET /a/{*rest}", false),
            ("GET /{x}/b", "GET /{y}/c", false),
            ("GET /p/{id}", "POST /p/{*rest}", false),
            ("GET /a", "HEAD /a", false),
            ("GET /a", "GET /a/", false),
            ("GET /a/{{x}}", "GET /a/{x}", false),
            ("GET /a/{{}}", "GET /a/{*rest}", false),
            ("GET /q/{id", "GET /q/{*rest}", false),
            ("GET /q/{id}.json", "GET /q/{*rest}", false),
            ("GET /q/{id}.json", "GET /q/{name}.json", true),
        ] {
            let expected: &[_] = if is_conflict { &[(0, 1)] } else { &[] };
            assert_eq!(conflicts(&[one, other]), expected, "{one}, {other}");
            assert_eq!(conflicts(&[other, one]), expected, "{other}, {one}");
        }
    }

    #[test]
    fn each_of_many_is_found_once() {
        let all = ["GET /a/{x}", "POST /a/{x}", "GET /a/{y}", "GET /a/{z}"];
        assert_eq!(conflicts(&all), [(0, 2), (0, 3)]);
        let open = ["GET /a/{*x}", "GET /a/{y}", "GET /a/{z}/b", "GET /a/{*y}"];
        assert_eq!(conflicts(&open), [(0, 1), (0, 2), (0, 3)]);
    }
}
