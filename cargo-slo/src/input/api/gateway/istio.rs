//! The `VirtualService` of Istio.

use super::gathered::{ALL, Gathered, Paths};
use crate::input::{
    api::offered::Protocols,
    yaml::{At, Wrong},
};

pub(super) fn read(object: At<'_>, found: &mut Gathered<'_>) -> Result<(), Wrong> {
    found.protocols(Protocols::HTTP);
    let Some(spec) = object.get("spec") else {
        return Ok(());
    };
    for rule in found.each(spec, "http")? {
        if rule.get("delegate").is_some() {
            // Another object says more, which may be in another file.
            found.incomparable();
            continue;
        }
        if rule.get("redirect").is_some() || rule.get("directResponse").is_some() {
            found.answered();
            continue;
        }
        let destinations = found.each(rule, "route")?;
        let names = destinations.iter().flat_map(|one| {
            let host = one.get("destination").and_then(|to| to.text_of("host"));
            // `orders`, or `orders.shop.svc.cluster.local`.
            [host, host.and_then(|host| host.split('.').next())]
        });
        if found.is_ours(names) {
            of_rule(rule, found)?;
        }
    }
    Ok(())
}

fn of_rule(rule: At<'_>, found: &mut Gathered<'_>) -> Result<(), Wrong> {
    let rewrite = rule.get("rewrite");
    if rewrite.is_some_and(|rewrite| rewrite.get("uriRegexRewrite").is_some()) {
        found.incomparable();
    }
    let target = rewrite.and_then(|rewrite| rewrite.text_of("uri"));
    let rewritten = |paths: Paths<'_>| target.map(|target| paths.replaced_by(target));
    let matches = found.each(rule, "match")?;
    if matches.is_empty() {
        return found.add(rule, None, ALL, &[]);
    }
    for one in matches {
        let uri = one.get("uri");
        let paths = match uri {
            None => ALL,
            Some(uri) => match (uri.text_of("exact"), uri.text_of("prefix")) {
                (Some(path), _) => Paths::Exact(path),
                (None, Some(start)) => Paths::Start(start),
                (None, None) => {
                    found.incomparable();
                    continue;
                }
            },
        };
        let method = one.get("method").and_then(|method| method.text_of("exact"));
        found.add(
            uri.unwrap_or(one),
            method,
            paths,
            rewritten(paths).as_slice(),
        )?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::gathered::tests::read;

    const SHOP: &str = "\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop}
spec:
  hosts: [shop.example]
  gateways: [public]
  http:
  - name: old
    match: [{uri: {exact: /old}}]
    redirect: {uri: /orders, redirectCode: 302}
    route: [{destination: {host: orders}}]
  - match: [{uri: {exact: /brew}}]
    directResponse: {status: 418}
  - match:
    - uri: {prefix: /api/orders/}
      method: {exact: GET}
      headers: {end-user: {exact: jason}}
    - uri: {regex: '/api/v[0-9]+/orders'}
    rewrite: {uri: /orders/}
    route:
    - {destination: {host: orders.shop.svc.cluster.local, subset: v2}, weight: 90}
    - {destination: {host: orders, subset: v1}, weight: 10}
  - match: [{uri: {prefix: /stock}}]
    route: [{destination: {host: stock, port: {number: 80}}}]
  - match: [{uri: {prefix: /more}}]
    delegate: {name: more, namespace: shop}
  - route: [{destination: {host: pages}}]
";

    #[test]
    fn matches_are_endpoints_where_a_destination_answers() {
        let (listed, incomparable) = read(SHOP, None).unwrap();
        let expected = [
            "GET /api/orders/* = GET /api/orders/*, GET /orders/*",
            "/stock*",
            "/*",
        ];
        assert_eq!(listed, expected);
        assert_eq!(incomparable, 2);
        for backend in ["orders", "orders.shop.svc.cluster.local"] {
            let (listed, _) = read(SHOP, Some(backend)).unwrap();
            assert_eq!(listed, &expected[..1], "{backend}");
        }
    }
}
