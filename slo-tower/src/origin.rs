//! Where a request was going, in case its handler never says.

use crate::routes;
#[cfg(feature = "axum")]
use crate::templates::{self, Template};
use http::{Method, Request, uri::PathAndQuery};
use slo_sdk::{Answered, Endpoint, Origin, unannotated::Counter};

/// Method and way of a request. What is not copied is shared with the request.
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
    #[cfg(feature = "axum")]
    Route {
        template: &'static Template,
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
        RequestOrigin {
            method: request.method().clone(),
            way: Way::of(request),
        }
    }
}

impl Way {
    #[inline(always)]
    fn of<A>(request: &Request<A>) -> Way {
        let path = request.uri().path_and_query();
        #[cfg(feature = "axum")]
        if let Some(template) = request.extensions().get().and_then(templates::of) {
            return Way::Route {
                template,
                declared: match path {
                    Some(path) if template.takes_whatever_follows => {
                        routes::of_path(request.method(), path.path())
                    }
                    _ => None,
                },
            };
        }
        path.map_or(Way::Unknown, |path| Way::Path(path.clone()))
    }
}

impl RequestOrigin {
    /// True for what asks about a route instead of using it: browsers do so before a request of
    /// another site, and a layer usually answers.
    fn is_preflight(&self) -> bool {
        self.method == Method::OPTIONS
    }
}

impl Origin for RequestOrigin {
    fn endpoint(&self, _: Option<Answered>) -> Option<&'static Endpoint> {
        if self.is_preflight() {
            return None;
        }
        let method = &self.method;
        match &self.way {
            #[cfg(feature = "axum")]
            Way::Route { template, declared } => routes::of_template(method, template.text())
                .or(*declared)
                .or_else(|| template.learnt(method)),
            Way::Path(path) => routes::of_path(method, path.path()),
            Way::Unknown => None,
        }
    }

    #[inline]
    fn learn(&self, endpoint: &'static Endpoint) {
        #[cfg(feature = "axum")]
        if let Way::Route { template, .. } = &self.way {
            template.learn(&self.method, endpoint);
        }
        #[cfg(not(feature = "axum"))]
        let _ = endpoint;
    }

    fn unannotated(&self, answer: Option<Answered>) -> Option<Counter> {
        if self.is_preflight() && answer.is_some_and(Answered::is_success) {
            return None;
        }
        #[cfg(feature = "axum")]
        if let Way::Route { template, .. } = &self.way {
            let template = template.text();
            return Some(Counter::of(Some(slo_sdk::unannotated::Route { template })));
        }
        Some(Counter::of(None))
    }
}
