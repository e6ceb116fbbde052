//! Routes of the Kubernetes Gateway API: `HTTPRoute` and `GRPCRoute`.
//!
//! A match is an endpoint: its path and its method. A prefix is about everything below it. What a
//! `URLRewrite` makes of a path is what the service sees, so annotations may say either. A regular
//! expression can't be compared with an annotation; such matches are counted apart. Headers and
//! parameters of a match tell requests of one endpoint apart, and don't matter here.

use super::{
    Offered, RoutePattern,
    offered::{Listed, Protocols, check_length},
};
use crate::input::yaml::{At, Tree, Wrong};

/// More of each in a rule is not a rule of the Gateway API, which allows 64 at most.
const MAX_ITEMS: usize = 1000;

/// More rules in a file are not read.
const MOST_RULES: usize = 20_000;

/// Reads all routes, or only those that lead to this backend.
pub(super) fn endpoints(tree: &Tree<'_>, backend: Option<&str>) -> Result<Listed, Wrong> {
    let mut listed = Listed::default();
    let mut are_there = false;
    let mut rules = 0;
    for document in tree.documents() {
        let inner = match document.text_of("kind") {
            Some("List") => document.few("items", MOST_RULES)?,
            _ => vec![document],
        };
        for object in inner {
            let is_http = match object.text_of("kind") {
                Some("HTTPRoute") => true,
                Some("GRPCRoute") => false,
                _ => continue,
            };
            are_there = true;
            listed.protocols.and(match is_http {
                true => Protocols::HTTP,
                false => Protocols::GRPC,
            });
            let Some(spec) = object.get("spec") else {
                continue;
            };
            for rule in spec.few("rules", MOST_RULES)? {
                rules += 1;
                if rules > MOST_RULES {
                    return Err(rule.wrong(format!("there are more than {MOST_RULES} rules")));
                }
                let backends = rule.few("backendRefs", MAX_ITEMS)?;
                let mut names = backends.iter().map(|one| one.text_of("name"));
                if backend.is_none() || names.any(|name| name == backend) {
                    of_rule(rule, is_http, &mut listed)?;
                }
            }
        }
    }
    if !are_there {
        return Err(
            Wrong::at(tree.file(), "the file holds no HTTPRoute and no GRPCRoute").help(
                "routes of other gateways are read as a list: `routes`, a line `METHOD /path` each",
            ),
        );
    }
    if listed.endpoints.is_empty() && listed.incomparable == 0 {
        return Err(match backend {
            Some(backend) => Wrong::at(tree.file(), format!("no route leads to `{backend}`"))
                .help("`backend` is the name in `backendRefs`"),
            None => Wrong::at(tree.file(), "the routes have no rules"),
        });
    }
    Ok(listed)
}

fn of_rule(rule: At<'_>, is_http: bool, listed: &mut Listed) -> Result<(), Wrong> {
    let matches = rule.few("matches", MAX_ITEMS)?;
    if matches.is_empty() {
        // A rule without matches is about everything.
        return listed.push(Offered {
            name: "/*".to_owned(),
            patterns: vec![RoutePattern::new(None, "/*")],
            location: rule.location(),
        });
    }
    let mut rewrites = Vec::new();
    for filter in rule.few("filters", MAX_ITEMS)? {
        rewrites.extend(
            filter
                .get("urlRewrite")
                .and_then(|rewrite| rewrite.get("path")),
        );
    }
    for one in matches {
        let offered = match is_http {
            true => of_http(&rewrites, one)?,
            false => of_grpc(one)?,
        };
        match offered {
            Some(offered) => listed.push(offered)?,
            None => listed.incomparable = listed.incomparable.saturating_add(1),
        }
    }
    Ok(())
}

fn of_http(rewrites: &[At<'_>], one: At<'_>) -> Result<Option<Offered>, Wrong> {
    let method = one.text_of("method");
    let path = one.get("path");
    let value = path.and_then(|path| path.get("value"));
    let text = value.and_then(At::text).unwrap_or("/");
    let kind = path.and_then(|path| path.text_of("type"));
    let is_prefix = match kind.unwrap_or("PathPrefix") {
        "PathPrefix" => true,
        "Exact" => false,
        _ => return Ok(None),
    };
    check_length(text, || one.location())?;
    let route = RoutePattern::new(method, text);
    let mut patterns = vec![match is_prefix {
        true => route.and_below(),
        false => route,
    }];
    for rewrite in rewrites {
        let replaced = rewrite.text_of("replacePrefixMatch");
        if let Some(path) = replaced.or(rewrite.text_of("replaceFullPath")) {
            check_length(path, || rewrite.location())?;
            let rewritten = RoutePattern::new(method, path);
            patterns.push(match is_prefix && replaced.is_some() {
                true => rewritten.and_below(),
                false => rewritten,
            });
        }
    }
    let below = if is_prefix {
        text.trim_end_matches('/').to_owned() + "/*"
    } else {
        text.to_owned()
    };
    Ok(Some(Offered {
        name: method.map_or(below.clone(), |method| format!("{method} {below}")),
        patterns,
        location: value.unwrap_or(one).location(),
    }))
}

fn of_grpc(one: At<'_>) -> Result<Option<Offered>, Wrong> {
    let called = one.get("method");
    let part = |key| called.and_then(|called| called.text_of(key));
    if part("type").is_some_and(|kind| kind != "Exact") {
        return Ok(None);
    }
    let name = match (part("service"), part("method")) {
        (Some(service), Some(method)) => format!("/{service}/{method}"),
        (Some(service), None) => format!("/{service}/*"),
        (None, None) => "/*".to_owned(),
        // The same method of any service.
        (None, Some(_)) => return Ok(None),
    };
    check_length(&name, || one.location())?;
    Ok(Some(Offered {
        patterns: vec![RoutePattern::new(None, &name)],
        name,
        location: called.unwrap_or(one).location(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::yaml::Lines;

    const ROUTES: &str = "\
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
spec:
  rules:
  - matches:
    - path: {type: Exact, value: /api/orders}
      method: POST
    - path: {type: RegularExpression, value: '/api/.*'}
    backendRefs: [{name: orders, port: 80}]
  - matches:
    - path:
        type: PathPrefix
        value: /api/stock
    filters:
    - type: URLRewrite
      urlRewrite: {path: {type: ReplacePrefixMatch, replacePrefixMatch: /stock}}
    backendRefs: [{name: stock}]
---
kind: Service
---
kind: GRPCRoute
spec:
  rules:
  - matches:
    - method: {service: pay.Payments, method: Pay}
    - method: {service: pay.Refunds}
    - method: {method: Any}
    backendRefs: [{name: orders}]
";

    fn read(text: &str, backend: Option<&str>) -> Result<Listed, Wrong> {
        let tree = Tree::parse(Lines::new("routes.yaml", text), text)?;
        endpoints(&tree, backend)
    }

    #[test]
    fn matches_are_endpoints() {
        let listed = read(ROUTES, None).unwrap();
        let names: Vec<_> = listed.endpoints.iter().map(|one| &*one.name).collect();
        let expected = [
            "POST /api/orders",
            "/api/stock/*",
            "/pay.Payments/Pay",
            "/pay.Refunds/*",
        ];
        assert_eq!(names, expected);
        assert_eq!(listed.incomparable, 2);
        let stock = &listed.endpoints[1];
        assert_eq!(stock.location.line, Some(13));
        for route in ["GET /api/stock/{id}", "PUT /stock/{id}"] {
            let route = RoutePattern::parse(route).unwrap();
            assert!(stock.patterns.iter().any(|pattern| pattern.meets(&route)));
        }
        let of_orders = read(ROUTES, Some("orders")).unwrap();
        assert_eq!(of_orders.endpoints.len(), 3);
        let everything = read("kind: HTTPRoute\nspec: {rules: [{}]}", None).unwrap();
        assert_eq!(everything.endpoints[0].name, "/*");
    }

    #[test]
    fn a_file_without_routes_is_refused() {
        assert!(
            read("kind: Service", None)
                .unwrap_err()
                .message
                .contains("no HTTPRoute")
        );
        let wrong = read(ROUTES, Some("mail")).unwrap_err();
        assert_eq!(wrong.message, "no route leads to `mail`");
    }
}
