//! Routes that stand in a file of Envoy: in its listeners, or in a `RouteConfiguration` of their own.
//!
//! Keys are spelt `virtual_hosts` or `virtualHosts`, as protobuf has it for JSON and YAML.

use super::gathered::{Gathered, Paths};
use crate::input::{
    api::offered::Protocols,
    yaml::{At, Wrong},
};

/// Reads a file; `false` if it has nothing of Envoy.
pub(super) fn read<'a>(document: At<'a>, found: &mut Gathered<'_>) -> Result<bool, Wrong> {
    let is_file = ["static_resources", "staticResources", "resources"]
        .iter()
        .any(|key| document.get(key).is_some());
    if !is_file && get(document, "virtual_hosts", "virtualHosts").is_none() {
        return Ok(false);
    }
    found.protocols(Protocols::HTTP);
    of_configuration(document, found)?;
    for resource in found.each(document, "resources")? {
        of_configuration(resource, found)?;
        of_listener(resource, found)?;
    }
    if let Some(fixed) = get(document, "static_resources", "staticResources") {
        for listener in found.each(fixed, "listeners")? {
            of_listener(listener, found)?;
        }
    }
    Ok(true)
}

fn of_listener(listener: At<'_>, found: &mut Gathered<'_>) -> Result<(), Wrong> {
    for key in ["filter_chains", "filterChains"] {
        for chain in found.each(listener, key)? {
            for filter in found.each(chain, "filters")? {
                let Some(config) = get(filter, "typed_config", "typedConfig") else {
                    continue;
                };
                if let Some(routes) = get(config, "route_config", "routeConfig") {
                    of_configuration(routes, found)?;
                } else if config.get("rds").is_some() {
                    // A server has its routes.
                    found.incomparable();
                }
            }
        }
    }
    Ok(())
}

fn of_configuration(routes: At<'_>, found: &mut Gathered<'_>) -> Result<(), Wrong> {
    for key in ["virtual_hosts", "virtualHosts"] {
        for host in found.each(routes, key)? {
            for route in found.each(host, "routes")? {
                of_route(route, found)?;
            }
        }
    }
    Ok(())
}

fn of_route(route: At<'_>, found: &mut Gathered<'_>) -> Result<(), Wrong> {
    let Some(action) = route.get("route") else {
        // A redirect, or an answer of its own.
        found.answered();
        return Ok(());
    };
    let several = get(action, "weighted_clusters", "weightedClusters");
    let several = match several {
        Some(several) => found.each(several, "clusters")?,
        None => Vec::new(),
    };
    let mut names: Vec<_> = several.iter().map(|one| one.text_of("name")).collect();
    if names.is_empty() {
        // One that a header names has no name here.
        names.push(action.text_of("cluster"));
    }
    if !found.is_ours(names) {
        return Ok(());
    }
    let Some(matched) = route.get("match") else {
        return Ok(());
    };
    if matched.get("grpc").is_some() {
        found.protocols(Protocols::GRPC);
    }
    if get(action, "regex_rewrite", "regexRewrite").is_some() {
        found.incomparable();
    }
    let target = get(action, "prefix_rewrite", "prefixRewrite").and_then(At::text);
    let method = method(matched, found)?;
    for (key, other, of) in [
        ("prefix", "prefix", Paths::Start as fn(_) -> _),
        ("path", "path", Paths::Exact),
        ("path_separated_prefix", "pathSeparatedPrefix", Paths::Below),
    ] {
        if let Some(value) = get(matched, key, other)
            && let Some(text) = value.text()
        {
            let paths: Paths<'_> = of(text);
            let seen = target.map(|target| paths.replaced_by(target));
            return found.add(value, method, paths, seen.as_slice());
        }
    }
    found.incomparable();
    Ok(())
}

/// The method that a match asks for, where it is one.
fn method<'a>(matched: At<'a>, found: &mut Gathered<'_>) -> Result<Option<&'a str>, Wrong> {
    let headers = found.each(matched, "headers")?;
    let asked = headers
        .into_iter()
        .find(|header| header.text_of("name") == Some(":method"));
    Ok(asked.and_then(|header| {
        let exact = get(header, "exact_match", "exactMatch").and_then(At::text);
        exact.or_else(|| get(header, "string_match", "stringMatch")?.text_of("exact"))
    }))
}

/// The value of a key in either spelling.
fn get<'a>(object: At<'a>, key: &str, other: &str) -> Option<At<'a>> {
    object.get(key).or_else(|| object.get(other))
}

#[cfg(test)]
mod tests {
    use super::super::gathered::tests::read;

    const SHOP: &str = "\
admin: {address: {socket_address: {address: 127.0.0.1, port_value: 9901}}}
static_resources:
  listeners:
  - address: {socket_address: {address: 0.0.0.0, port_value: 8080}}
    filter_chains:
    - filters:
      - name: envoy.filters.network.http_connection_manager
        typed_config:
          '@type': type.googleapis.com/HttpConnectionManager
          route_config:
            virtual_hosts:
            - name: shop
              domains: ['*']
              routes:
              - match: {path: /old}
                redirect: {path_redirect: /orders}
              - match: {prefix: /brew}
                direct_response: {status: 418}
              - match:
                  path_separated_prefix: /orders
                  headers: [{name: ':method', string_match: {exact: POST}}]
                route: {cluster: orders, timeout: 1s}
              - match: {prefix: /api/}
                route:
                  prefix_rewrite: /
                  weighted_clusters:
                    clusters: [{name: orders, weight: 1}, {name: next, weight: 99}]
              - match: {path: /pay.v1.Payments/Pay, grpc: {}}
                route: {cluster: pay}
              - match: {safe_regex: {regex: '/x/.*'}}
                route: {cluster: orders}
  - filterChains:
    - filters: [{typedConfig: {rds: {route_config_name: later}}}]
";

    #[test]
    fn matches_are_endpoints_where_a_cluster_answers() {
        let (listed, incomparable) = read(SHOP, None).unwrap();
        let expected = [
            "POST /orders/*",
            "/api/* = /api/*, /*",
            "/pay.v1.Payments/Pay",
        ];
        assert_eq!(listed, expected);
        assert_eq!(incomparable, 2);
        let (listed, _) = read(SHOP, Some("next")).unwrap();
        assert_eq!(listed, &expected[1..2]);
    }

    #[test]
    fn a_configuration_of_routes_stands_alone_in_either_spelling() {
        for text in [
            "name: r\nvirtual_hosts: [{routes: [{match: {prefix: /a}, route: {cluster: c}}]}]",
            "{\"virtualHosts\": [{\"routes\": [{\"match\": {\"prefix\": \"/a\"}, \"route\": {\"cluster\": \"c\"}}]}]}",
            "resources: [{virtual_hosts: [{routes: [{match: {prefix: /a}, route: {cluster: c}}]}]}]",
        ] {
            assert_eq!(read(text, None), Ok((vec!["/a*".to_owned()], 0)), "{text}");
        }
    }
}
