//! Declarative files of Kong: services, and the routes that lead to them.

use super::gathered::{ALL, Gathered, Paths};
use crate::input::{
    api::offered::Protocols,
    yaml::{At, Wrong},
};

/// Plugins that answer, so that no service sees the request.
const ANSWERING: [&str; 2] = ["request-termination", "redirect"];

/// True for a file of Kong.
pub(super) fn is_kong(document: At<'_>) -> bool {
    document.get("_format_version").is_some()
}

pub(super) fn read(document: At<'_>, found: &mut Gathered<'_>) -> Result<(), Wrong> {
    let services = found.each(document, "services")?;
    for service in &services {
        for route in found.each(*service, "routes")? {
            of_route(Some(*service), route, found)?;
        }
    }
    for route in found.each(document, "routes")? {
        let named = route.get("service");
        let name = named.and_then(|named| named.text().or_else(|| named.text_of("name")));
        let service = name.and_then(|name| {
            let mut all = services.iter().copied();
            all.find(|service| service.text_of("name") == Some(name))
        });
        of_route(service, route, found)?;
    }
    Ok(())
}

fn of_route(service: Option<At<'_>>, route: At<'_>, found: &mut Gathered<'_>) -> Result<(), Wrong> {
    for plugged in [service, Some(route)].into_iter().flatten() {
        let plugins = found.each(plugged, "plugins")?;
        if plugins.into_iter().any(answers) {
            found.answered();
            return Ok(());
        }
    }
    let names = service.map(|service| ["name", "host"].map(|key| service.text_of(key)));
    if !found.is_ours(names.into_iter().flatten()) {
        return Ok(());
    }
    let protocols = found.each(route, "protocols")?;
    let is_grpc = protocols
        .iter()
        .any(|one| one.text().is_some_and(|name| name.starts_with("grpc")));
    found.protocols(match is_grpc {
        true => Protocols::GRPC,
        false => Protocols::HTTP,
    });
    if route.get("expression").is_some() {
        found.incomparable();
        return Ok(());
    }
    let methods = found.each(route, "methods")?;
    let mut methods: Vec<_> = methods.into_iter().filter_map(At::text).map(Some).collect();
    if methods.is_empty() {
        methods.push(None);
    }
    let all = found.each(route, "paths")?;
    let (mut paths, mut has_others) = (Vec::new(), false);
    for path in all {
        match path.text() {
            Some(text) if !text.starts_with('~') => paths.push((path, text)),
            // A regular expression.
            _ => {
                found.incomparable();
                has_others = true;
            }
        }
    }
    let target = Target::new(service, route);
    for method in methods {
        if paths.is_empty() && !has_others {
            found.add(route, method, ALL, &[])?;
        }
        for (path, text) in &paths {
            let seen = target.of(text);
            found.add(*path, method, Paths::Start(text), &[Paths::Start(&seen)])?;
        }
    }
    Ok(())
}

/// True for a plugin that answers, and is switched on.
fn answers(plugin: At<'_>) -> bool {
    plugin
        .text_of("name")
        .is_some_and(|name| ANSWERING.contains(&name))
        && plugin.text_of("enabled") != Some("false")
}

/// What a service sees of paths.
struct Target<'a> {
    /// What stands before it.
    base: &'a str,
    /// Whether what was matched is taken away.
    is_stripped: bool,
}

impl<'a> Target<'a> {
    fn new(service: Option<At<'a>>, route: At<'a>) -> Target<'a> {
        let of_url = |url: &'a str| {
            let (_, rest) = url.split_once("://")?;
            rest.find('/').map(|at| &rest[at..])
        };
        let base = service.and_then(|service| {
            let url = service.text_of("url");
            service.text_of("path").or_else(|| url.and_then(of_url))
        });
        Target {
            base: base.unwrap_or(""),
            is_stripped: route.text_of("strip_path") != Some("false"),
        }
    }

    fn of(&self, path: &str) -> String {
        let rest = if self.is_stripped { "" } else { path };
        format!(
            "{}/{}",
            self.base.trim_end_matches('/'),
            rest.trim_start_matches('/')
        )
    }
}

#[cfg(test)]
mod tests {
    use super::super::gathered::tests::read;

    const SHOP: &str = "\
_format_version: '3.0'
services:
- name: orders
  url: http://orders.shop:8080/v1
  routes:
  - name: orders
    paths: [/shop/orders]
    methods: [GET, POST]
  - name: whole
    paths: [/whole, '~/o/(?<id>[0-9]+)$']
    strip_path: false
  - name: moved
    paths: [/moved]
    plugins:
    - {name: request-termination, config: {status_code: 410}}
- name: pay
  host: pay.shop
  protocol: grpc
  routes:
  - protocols: [grpc, grpcs]
    paths: [/pay.v1.Payments/]
    plugins: [{name: redirect, enabled: false}]
  - expression: http.path ^= \"/pay\"
routes:
- paths: [/stray]
  service: {name: pay}
- paths: [/nobodys]
";

    #[test]
    fn paths_of_routes_are_endpoints() {
        let (listed, incomparable) = read(SHOP, None).unwrap();
        let expected = [
            "GET /shop/orders* = GET /shop/orders*, GET /v1/*",
            "POST /shop/orders* = POST /shop/orders*, POST /v1/*",
            "/whole* = /whole*, /v1/whole*",
            "/pay.v1.Payments/* = /pay.v1.Payments/*, /*",
            "/stray* = /stray*, /*",
        ];
        assert_eq!(listed, expected);
        assert_eq!(incomparable, 2);
        for backend in ["pay", "pay.shop"] {
            assert_eq!(read(SHOP, Some(backend)).unwrap().0, &expected[3..]);
        }
    }
}
