//! Where a request was going, in case its handler never says.

use crate::routes;
use http::{Method, Request, uri::PathAndQuery};
use slo_sdk::{Endpoint, Origin, unannotated::Route};

#[cfg(feature = "axum")]
type Matched = axum::extract::MatchedPath;
#[cfg(not(feature = "axum"))]
type Matched = std::convert::Infallible;

/// Method, path and route of a request. All of them are shared with the request, not copied.
#[derive(Debug)]
pub(crate) struct RequestOrigin {
    method: Method,
    path: Option<PathAndQuery>,
    /// The route that matched, where the layer sees it.
    matched: Option<Matched>,
}

impl RequestOrigin {
    pub(crate) fn of<A>(request: &Request<A>) -> RequestOrigin {
        RequestOrigin {
            method: request.method().clone(),
            path: request.uri().path_and_query().cloned(),
            #[cfg(feature = "axum")]
            matched: request.extensions().get::<Matched>().cloned(),
            #[cfg(not(feature = "axum"))]
            matched: None,
        }
    }

    fn template(&self) -> Option<&str> {
        #[cfg(feature = "axum")]
        return self.matched.as_ref().map(Matched::as_str);
        #[cfg(not(feature = "axum"))]
        self.matched.map(|never| match never {})
    }
}

impl Origin for RequestOrigin {
    fn endpoint(&self) -> Option<&'static Endpoint> {
        let path = self.path.as_ref().map_or("", PathAndQuery::path);
        routes::find(&self.method, path, self.template())
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

    fn route(&self) -> Option<Route<'_>> {
        self.template().map(|template| Route { template })
    }
}
