//! The `Ingress` of Kubernetes, with what annotations make of it for its most used controller.

use super::gathered::{ALL, Gathered, Paths};
use crate::input::{
    api::offered::Protocols,
    yaml::{At, Wrong},
};

/// What the annotations of ingress-nginx begin with.
const NGINX: &str = "nginx.ingress.kubernetes.io/";

/// How a prefix is written where a part of the path is replaced: what is behind it goes on.
const CAPTURES: &str = "(/|$)(.*)";

pub(super) fn read(object: At<'_>, found: &mut Gathered<'_>) -> Result<(), Wrong> {
    found.protocols(Protocols::HTTP);
    let annotations = object
        .get("metadata")
        .and_then(|metadata| metadata.get("annotations"));
    let annotation = |name: &str| annotations?.text_of(&format!("{NGINX}{name}"));
    if ["permanent-redirect", "temporal-redirect"]
        .iter()
        .any(|name| annotation(name).is_some())
    {
        found.answered();
        return Ok(());
    }
    let Some(spec) = object.get("spec") else {
        return Ok(());
    };
    // Those that make every path a regular expression.
    let target = annotation("rewrite-target");
    let is_pattern = target.is_some() || annotation("use-regex") == Some("true");
    if let Some(backend) = spec.get("defaultBackend").or_else(|| spec.get("backend"))
        && found.is_ours(service(backend))
    {
        found.add(backend, None, ALL, &[])?;
    }
    for rule in found.each(spec, "rules")? {
        let Some(http) = rule.get("http") else {
            continue;
        };
        for path in found.each(http, "paths")? {
            let backend = path.get("backend").and_then(service);
            if found.is_ours(backend) {
                of_path(path, target, is_pattern, found)?;
            }
        }
    }
    Ok(())
}

/// The name of the service that a backend is; `None` for a resource, which no service answers.
fn service(backend: At<'_>) -> Option<Option<&str>> {
    let name = backend.get("service").and_then(|one| one.text_of("name"));
    let name = name.or_else(|| backend.text_of("serviceName"));
    (name.is_some() || backend.get("resource").is_none()).then_some(name)
}

fn of_path(
    path: At<'_>,
    target: Option<&str>,
    is_pattern: bool,
    found: &mut Gathered<'_>,
) -> Result<(), Wrong> {
    let value = path.get("path");
    let text = value.and_then(At::text).unwrap_or("/");
    let at = value.unwrap_or(path);
    let target_prefix = target.and_then(|target| target.strip_suffix("$2"));
    if let (Some(prefix), Some(target)) = (text.strip_suffix(CAPTURES), target_prefix)
        && is_plain(prefix)
    {
        return found.add(at, None, Paths::Below(prefix), &[Paths::Below(target)]);
    }
    let paths = match path.text_of("pathType") {
        Some("Exact") => Paths::Exact(text),
        Some("Prefix") if !is_pattern => Paths::Below(text),
        _ => Paths::Start(text),
    };
    let is_known = target.is_none_or(|target| !target.contains('$'));
    if !is_known || !is_plain(text) {
        found.incomparable();
        return Ok(());
    }
    // Without captures, every path becomes the same.
    let rewritten = target.map(Paths::Exact);
    found.add(at, None, paths, rewritten.as_slice())
}

/// True for a path that is not a regular expression.
fn is_plain(path: &str) -> bool {
    !path.contains(['(', ')', '[', ']', '^', '$', '*', '+', '?', '|', '\\'])
}

#[cfg(test)]
mod tests {
    use super::super::gathered::tests::read;

    const SHOP: &str = "\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: shop}
spec:
  ingressClassName: nginx
  defaultBackend: {service: {name: pages, port: {number: 80}}}
  rules:
  - host: shop.example
    http:
      paths:
      - path: /orders
        pathType: Prefix
        backend: {service: {name: orders, port: {number: 80}}}
      - path: /cart
        pathType: Exact
        backend: {service: {name: orders, port: {name: http}}}
      - path: /img
        pathType: Prefix
        backend: {resource: {apiGroup: k8s.example, kind: Bucket, name: images}}
      - path: /any
        pathType: ImplementationSpecific
        backend: {serviceName: orders, servicePort: 80}
";

    #[test]
    fn paths_are_endpoints() {
        let (listed, _) = read(SHOP, None).unwrap();
        assert_eq!(listed, ["/*", "/orders/*", "/cart", "/any*"]);
        let (listed, _) = read(SHOP, Some("orders")).unwrap();
        assert_eq!(listed, ["/orders/*", "/cart", "/any*"]);
    }

    #[test]
    fn annotations_of_a_controller_are_followed() {
        let with = |annotation: &str, path: &str| {
            let text = format!(
                "kind: Ingress\nmetadata:\n  annotations:\n    nginx.ingress.kubernetes.io/{annotation}\n\
                 spec:\n  rules:\n  - http:\n      paths:\n      - path: {path}\n        pathType: \
                 ImplementationSpecific\n        backend: {{service: {{name: orders}}}}\n"
            );
            read(&text, None).map(|(listed, incomparable)| (listed.join("; "), incomparable))
        };
        let known = |text: &str, incomparable| Ok((text.to_owned(), incomparable));
        for (annotation, path, expected) in [
            (
                "rewrite-target: /$2",
                "/shop(/|$)(.*)",
                known("/shop/* = /shop/*, /*", 0),
            ),
            (
                "rewrite-target: /v1/$2",
                "/shop(/|$)(.*)",
                known("/shop/* = /shop/*, /v1/*", 0),
            ),
            ("rewrite-target: /$1", "/shop/?(.*)", known("", 1)),
            ("rewrite-target: /", "/shop", known("/shop* = /shop*, /", 0)),
            ("use-regex: 'true'", "/shop/[a-z]+", known("", 1)),
            ("use-regex: 'true'", "/shop", known("/shop*", 0)),
        ] {
            assert_eq!(with(annotation, path), expected, "{annotation} {path}");
        }
        let moved = with("permanent-redirect: https://shop.example", "/");
        assert!(moved.is_err_and(|wrong| wrong.contains("the gateway answers")));
    }
}
