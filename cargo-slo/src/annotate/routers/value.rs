//! What an expression may be, as far as routers are concerned.

use proc_macro2::Span;

/// A handler on a path.
#[derive(Clone, Debug)]
pub(in crate::annotate) struct Mount {
    /// The path of the router, with parameters in braces; else why it is not known.
    pub(in crate::annotate) path: Result<String, &'static str>,
    pub(in crate::annotate) served: Served,
    /// The file and the place of `.route(…)`.
    pub(in crate::annotate) file: usize,
    pub(in crate::annotate) span: Span,
}

/// A handler for a method.
#[derive(Clone, Debug)]
pub(in crate::annotate) struct Served {
    /// The method in capitals; `None` for several.
    pub(in crate::annotate) method: Option<String>,
    pub(in crate::annotate) target: Target,
}

/// What handles requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::annotate) enum Target {
    /// Functions of the workspace; several where conditions choose among them.
    Functions(Vec<usize>),
    /// A closure.
    Closure,
    /// Something else, as it is written.
    Other(String),
}

/// What an expression may be.
#[derive(Clone, Debug)]
pub(super) enum Value {
    /// Nothing that matters here.
    None,
    /// A router with all that it serves.
    Router(Vec<Mount>),
    /// What serves the methods of one path.
    Methods(Vec<Served>),
    /// A text that is known.
    Text(String),
    /// What could handle requests.
    Handler(Target),
    /// Several values at once.
    Tuple(Vec<Value>),
}

impl Value {
    /// What may be either.
    pub(super) fn or(self, other: Value) -> Value {
        match (self, other) {
            (Value::None, value) | (value, Value::None) => value,
            (Value::Router(mut one), Value::Router(other)) => {
                one.extend(other);
                Value::Router(one)
            }
            (Value::Methods(mut one), Value::Methods(other)) => {
                one.extend(other);
                Value::Methods(one)
            }
            (router @ Value::Router(_), _) | (_, router @ Value::Router(_)) => router,
            (Value::Text(one), Value::Text(other)) if one == other => Value::Text(one),
            (
                Value::Handler(Target::Functions(mut one)),
                Value::Handler(Target::Functions(other)),
            ) => {
                one.extend(other);
                Value::Handler(Target::Functions(one))
            }
            _ => Value::None,
        }
    }
}

/// A path as annotations spell it: `:id` and `*rest` of axum 0.7 in braces.
pub(super) fn with_braces(path: &str) -> String {
    let segments = path.split('/').map(|segment| {
        let parameter = segment.strip_prefix(':').filter(|name| !name.is_empty());
        match (parameter, segment.strip_prefix('*')) {
            (Some(name), _) => format!("{{{name}}}"),
            (None, Some("")) => "{*rest}".to_owned(),
            (None, Some(name)) => format!("{{*{name}}}"),
            (None, None) => segment.to_owned(),
        }
    });
    segments.collect::<Vec<_>>().join("/")
}

/// A path below another, joined as axum does.
pub(super) fn below(prefix: &str, path: &str) -> String {
    if prefix.ends_with('/') {
        format!("{prefix}{}", path.trim_start_matches('/'))
    } else if path == "/" {
        prefix.to_owned()
    } else {
        format!("{prefix}{path}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_joined_and_spelled_as_axum_does() {
        assert_eq!(below("/api", "/orders"), "/api/orders");
        assert_eq!(below("/api", "/"), "/api");
        assert_eq!(below("/api/", "/orders"), "/api/orders");
        assert_eq!(with_braces("/a/:id/*rest"), "/a/{id}/{*rest}");
        assert_eq!(with_braces("/a/{id}/x:y"), "/a/{id}/x:y");
    }
}
