//! Routes of the Kubernetes Gateway API: `HTTPRoute` and `GRPCRoute`.

use super::gathered::{ALL, Gathered, Paths};
use crate::input::{
    api::offered::Protocols,
    yaml::{At, Wrong},
};

/// Rewrites of one rule: it and its backends have one each, and sixteen backends at most.
const MAX_REWRITES: usize = 32;

pub(super) fn read(object: At<'_>, is_http: bool, found: &mut Gathered<'_>) -> Result<(), Wrong> {
    found.protocols(match is_http {
        true => Protocols::HTTP,
        false => Protocols::GRPC,
    });
    let Some(spec) = object.get("spec") else {
        return Ok(());
    };
    for rule in found.each(spec, "rules")? {
        let mut filters = found.each(rule, "filters")?;
        if filters
            .iter()
            .any(|one| one.get("requestRedirect").is_some())
        {
            found.answered();
            continue;
        }
        let backends = found.each(rule, "backendRefs")?;
        if !found.is_ours(backends.iter().map(|one| one.text_of("name"))) {
            continue;
        }
        for backend in backends {
            filters.extend(found.each(backend, "filters")?);
        }
        of_rule(rule, &filters, is_http, found)?;
    }
    Ok(())
}

fn of_rule(
    rule: At<'_>,
    filters: &[At<'_>],
    is_http: bool,
    found: &mut Gathered<'_>,
) -> Result<(), Wrong> {
    let matches = found.each(rule, "matches")?;
    if matches.is_empty() {
        // A rule without matches is about everything.
        return found.add(rule, None, ALL, &[]);
    }
    let rewrites = filters
        .iter()
        .filter_map(|filter| filter.get("urlRewrite")?.get("path"));
    let rewrites: Vec<_> = rewrites.collect();
    if rewrites.len() > MAX_REWRITES {
        return Err(rule.wrong(format!(
            "there are more than {MAX_REWRITES} rewrites of a path"
        )));
    }
    for one in matches {
        match is_http {
            true => of_http(&rewrites, one, found)?,
            false => of_grpc(one, found)?,
        }
    }
    Ok(())
}

fn of_http(rewrites: &[At<'_>], one: At<'_>, found: &mut Gathered<'_>) -> Result<(), Wrong> {
    let path = one.get("path");
    let value = path.and_then(|path| path.get("value"));
    let text = value.and_then(At::text).unwrap_or("/");
    let kind = path.and_then(|path| path.text_of("type"));
    let paths = match kind.unwrap_or("PathPrefix") {
        "PathPrefix" => Paths::Below(text),
        "Exact" => Paths::Exact(text),
        _ => {
            found.incomparable();
            return Ok(());
        }
    };
    let rewritten = rewrites.iter().filter_map(|rewrite| {
        let prefix = rewrite.text_of("replacePrefixMatch");
        let whole = rewrite.text_of("replaceFullPath");
        prefix
            .map(|text| paths.replaced_by(text))
            .or(whole.map(Paths::Exact))
    });
    let rewritten: Vec<_> = rewritten.collect();
    found.add(
        value.unwrap_or(one),
        one.text_of("method"),
        paths,
        &rewritten,
    )
}

fn of_grpc(one: At<'_>, found: &mut Gathered<'_>) -> Result<(), Wrong> {
    let called = one.get("method");
    let part = |key| called.and_then(|called| called.text_of(key));
    let is_exact = part("type").is_none_or(|kind| kind == "Exact");
    let at = called.unwrap_or(one);
    match (part("service"), part("method")) {
        (Some(service), Some(method)) if is_exact => {
            found.add(at, None, Paths::Exact(&format!("/{service}/{method}")), &[])
        }
        (Some(service), None) if is_exact => {
            found.add(at, None, Paths::Below(&format!("/{service}")), &[])
        }
        (None, None) => found.add(at, None, ALL, &[]),
        // The same method of any service, or a regular expression.
        _ => {
            found.incomparable();
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::gathered::tests::read;

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
  - matches: [{path: {type: Exact, value: /old-home}}]
    filters:
    - type: RequestRedirect
      requestRedirect: {path: {type: ReplaceFullPath, replaceFullPath: /home}, statusCode: 301}
  - matches: [{path: {value: /teapot}}]
    filters: [{type: ExtensionRef, extensionRef: {kind: HTTPRouteFilter, name: teapot}}]
  - matches: [{path: {type: Exact, value: /me}}]
    backendRefs:
    - name: people
      filters: [{type: URLRewrite, urlRewrite: {path: {replaceFullPath: /people/self}}}]
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
    - method: {type: RegularExpression, service: 'pay.*'}
    backendRefs: [{name: orders}]
";

    #[test]
    fn matches_are_endpoints_where_a_backend_answers() {
        let (listed, incomparable) = read(ROUTES, None).unwrap();
        let expected = [
            "POST /api/orders",
            "/api/stock/* = /api/stock/*, /stock/*",
            "/me = /me, /people/self",
            "/pay.Payments/Pay",
            "/pay.Refunds/*",
        ];
        assert_eq!(listed, expected);
        assert_eq!(incomparable, 3);
        assert_eq!(read(ROUTES, Some("orders")).unwrap().0.len(), 3);
        let everything =
            "kind: List\nitems: [{kind: HTTPRoute, spec: {rules: [{backendRefs: [{name: a}]}]}}]";
        assert_eq!(read(everything, None).unwrap().0, ["/*"]);
    }
}
