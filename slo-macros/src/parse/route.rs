//! Routes that are written out: what can't be meant is refused with what may have been.
//!
//! A route that no request matches is a silence, not an error: its refusals are nobody's, and
//! nothing says why. Constants are checked by `slo-model`, in fewer words.

use super::key::distance;
use syn::{Error, Expr, ExprLit, Lit};

/// Methods of HTTP and WebDAV that an endpoint may serve.
const METHODS: [&str; 20] = [
    "GET",
    "HEAD",
    "POST",
    "PUT",
    "DELETE",
    "PATCH",
    "OPTIONS",
    "TRACE",
    "CONNECT",
    "QUERY",
    "PROPFIND",
    "PROPPATCH",
    "MKCOL",
    "COPY",
    "MOVE",
    "LOCK",
    "UNLOCK",
    "REPORT",
    "SEARCH",
    "PURGE",
];

/// The route, if nothing is wrong that its text shows.
pub(super) fn checked(route: Expr) -> syn::Result<Expr> {
    if let Expr::Lit(ExprLit {
        lit: Lit::Str(text),
        ..
    }) = &route
        && let Some(message) = mistake(&text.value())
    {
        return Err(Error::new(text.span(), message));
    }
    Ok(route)
}

fn mistake(text: &str) -> Option<String> {
    let Some((method, path)) = text.split_once(' ') else {
        return mistake_without_method(text);
    };
    if !path.starts_with('/') {
        return None;
    }
    if let Some(message) = mistake_in_method(method, path) {
        return Some(message);
    }
    if let Some((path, _)) = path.split_once(['?', '#']) {
        return Some(format!(
            "a query or fragment is not part of a route: `{method} {path}`"
        ));
    }
    let meant = with_braces(path);
    (meant != path).then(|| {
        format!(
            "a parameter of a route stands in braces, anything else is matched as it is: `{method} {meant}`"
        )
    })
}

fn mistake_without_method(path: &str) -> Option<String> {
    let is_path = path.starts_with('/') && path.len() > 1;
    (is_path && !is_grpc(path)).then(|| {
        format!(
            "`{path}` has no method: write `GET {path}` for HTTP (or another method), or `/package.Service/Method` for gRPC"
        )
    })
}

fn mistake_in_method(method: &str, path: &str) -> Option<String> {
    let upper = method.to_uppercase();
    if ["ANY", "ALL", "*"].contains(&&*upper) {
        return Some(format!(
            "`{method}` is not a method, and no request has it: name the one that counts, `GET {path}`, or leave `route` out for a handler of several"
        ));
    }
    if METHODS.contains(&&*upper) {
        return (upper != method)
            .then(|| format!("a method is written in capitals: `{upper} {path}`"));
    }
    let letters = |word: &str| {
        let mut letters: Vec<_> = word.chars().collect();
        letters.sort_unstable();
        letters
    };
    let turned = METHODS
        .into_iter()
        .find(|known| letters(known) == letters(&upper));
    let near = turned.or_else(|| {
        METHODS
            .into_iter()
            .map(|known| (distance(&upper, known), known))
            .min()
            .filter(|(distance, known)| *distance <= known.len().div_ceil(3))
            .map(|(_, known)| known)
    });
    near.map(|known| format!("`{method}` is not a method of HTTP; did you mean `{known} {path}`?"))
}

/// The path with what looks like a parameter in braces: `:id`, `*path`, `<id>`.
fn with_braces(path: &str) -> String {
    let segments = path.split('/').map(|segment| {
        if let Some(name) = segment.strip_prefix(':').filter(|name| !name.is_empty()) {
            format!("{{{name}}}")
        } else if let Some(name) = segment.strip_prefix('*') {
            let name = if name.is_empty() { "rest" } else { name };
            format!("{{*{name}}}")
        } else if let Some(name) = segment
            .strip_prefix('<')
            .and_then(|rest| rest.strip_suffix('>'))
        {
            // As frameworks of other languages write it: `<int:id>`, `<path..>`.
            let name = name.rsplit(':').next().unwrap_or(name);
            match name.strip_suffix("..") {
                Some(rest) => format!("{{*{rest}}}"),
                None => format!("{{{name}}}"),
            }
        } else {
            segment.to_owned()
        }
    });
    segments.collect::<Vec<_>>().join("/")
}

/// True for `/package.Service/Method`, by the same rule as in `slo-model`, which this crate does
/// not depend on.
fn is_grpc(path: &str) -> bool {
    let Some((service, method)) = path.strip_prefix('/').and_then(|rest| rest.split_once('/'))
    else {
        return false;
    };
    let is_word = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    let is_service = service.contains('.') || service.contains(|c: char| c.is_ascii_uppercase());
    is_service && service.split('.').all(is_word) && is_word(method)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_not_be_meant_comes_with_what_may_have_been() {
        for (text, meant) in [
            ("GET /users/:id", "`GET /users/{id}`"),
            ("GET /users/:id/x/:other", "`GET /users/{id}/x/{other}`"),
            ("GET /files/*path", "`GET /files/{*path}`"),
            ("GET /files/*", "`GET /files/{*rest}`"),
            ("GET /users/<id>", "`GET /users/{id}`"),
            ("GET /users/<int:id>", "`GET /users/{id}`"),
            ("GET /files/<path..>", "`GET /files/{*path}`"),
            ("ANY /any/{id}", "`GET /any/{id}`"),
            ("all /any", "`GET /any`"),
            ("GET /a?b=c", "`GET /a`"),
            ("GET /a#b", "`GET /a`"),
            ("get /orders", "`GET /orders`"),
            ("PSOT /orders", "`POST /orders`"),
            ("GTE /orders", "`GET /orders`"),
            ("DELTE /orders", "`DELETE /orders`"),
            ("/orders", "`GET /orders` for HTTP"),
            ("/orders", "`/package.Service/Method` for gRPC"),
            ("/api/orders", "`GET /api/orders`"),
            ("/shop.Payments/", "for gRPC"),
            ("/shop.Payments/Charge/x", "for gRPC"),
            ("/shop.Payments/{id}", "for gRPC"),
        ] {
            let message = mistake(text).unwrap_or_default();
            assert!(message.contains(meant), "{text}: {message}");
        }
    }

    #[test]
    fn what_can_be_meant_is_not_touched() {
        for method in METHODS {
            assert_eq!(mistake(&format!("{method} /a/{{id}}")), None);
        }
        for text in [
            "GET /",
            "GET /v1/orders:batch",
            "GET /{*rest}",
            "GET /a/{id}.json",
            "BAN /cache",
            "/shop.Payments/Charge",
            "/Greeter/SayHello",
            "/a.b.c_d.Service2/_Method",
        ] {
            assert_eq!(mistake(text), None, "{text}");
        }
    }
}
