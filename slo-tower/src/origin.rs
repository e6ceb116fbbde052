//! Where a request was going, in case its handler never says.

use crate::routes;
use http::{Method, Request, uri::PathAndQuery};
use slo_sdk::{
    Endpoint, Origin,
    unannotated::{Counter, Route},
};

#[cfg(feature = "axum")]
type Matched = axum::extract::MatchedPath;
#[cfg(not(feature = "axum"))]
type Matched = std::convert::Infallible;

/// Method and way of a request. Both are shared with the request, not copied.
#[derive(Debug)]
pub(crate) struct RequestOrigin {
    method: Method,
    way: Way,
}

/// What is known of where a request was going. No more is kept than may be needed: most
/// requests are claimed by their handler, and then none of it is.
#[derive(Debug)]
enum Way {
    /// The route that matched.
    Route {
        matched: Matched,
        /// What is declared for the path, where the route takes whatever follows and so does
        /// not tell.
        declared: Option<&'static Endpoint>,
    },
    /// No route that the layer sees.
    Path(PathAndQuery),
    /// Nothing, as of `CONNECT`.
    Unknown,
}

impl RequestOrigin {
    #[inline(always)]
    pub(crate) fn of<A>(request: &Request<A>) -> RequestOrigin {
        let method = request.method().clone();
        let path = request.uri().path_and_query();
        let way = match (matched(request), path) {
            (Some(matched), path) => Way::Route {
                declared: match path {
                    Some(path) if takes_whatever_follows(text_of(&matched)) => {
                        routes::of_path(&method, path.path())
                    }
                    _ => None,
                },
                matched,
            },
            (None, Some(path)) => Way::Path(path.clone()),
            (None, None) => Way::Unknown,
        };
        RequestOrigin { method, way }
    }

    fn template(&self) -> Option<&str> {
        match &self.way {
            Way::Route { matched, .. } => Some(text_of(matched)),
            Way::Path(_) | Way::Unknown => None,
        }
    }
}

/// True for `/files/{*path}`.
#[inline]
fn takes_whatever_follows(template: &str) -> bool {
    let bytes = template.as_bytes();
    let last = || bytes.iter().rposition(|&byte| byte == b'{');
    bytes.last() == Some(&b'}') && last().is_some_and(|at| bytes.get(at + 1) == Some(&b'*'))
}

#[cfg(feature = "axum")]
#[inline]
fn matched<A>(request: &Request<A>) -> Option<Matched> {
    request.extensions().get().cloned()
}

#[cfg(feature = "axum")]
#[inline]
fn text_of(matched: &Matched) -> &str {
    matched.as_str()
}

#[cfg(not(feature = "axum"))]
fn matched<A>(_: &Request<A>) -> Option<Matched> {
    None
}

#[cfg(not(feature = "axum"))]
fn text_of(never: &Matched) -> &str {
    match *never {}
}

impl Origin for RequestOrigin {
    fn endpoint(&self) -> Option<&'static Endpoint> {
        match &self.way {
            Way::Route { matched, declared } => {
                routes::of_template(&self.method, text_of(matched), *declared)
            }
            Way::Path(path) => routes::of_path(&self.method, path.path()),
            Way::Unknown => None,
        }
    }

    #[inline]
    fn learn(&self, endpoint: &'static Endpoint) {
        if let Some(template) = self.template() {
            // The router usually keeps one text per route, and the usual methods have one
            // text each, so their addresses are a cheap first question. The answer "another
            // route" only costs a look into the table.
            let method = self.method.as_str().as_ptr().addr();
            let identity = template.as_ptr().addr().rotate_left(16) ^ method;
            if endpoint.is_other_route(identity) {
                routes::learn(&self.method, template, endpoint);
            }
        }
    }

    fn unannotated(&self) -> Counter {
        Counter::of(self.template().map(|template| Route { template }))
    }
}
