//! Where a request was going, in case its handler never says.

use crate::routes;
#[cfg(feature = "axum")]
use crate::templates::{self, Template};
#[cfg(feature = "axum")]
use axum::extract::OriginalUri;
use http::{Method, Request, Uri, uri::PathAndQuery};
use slo_sdk::{Answered, Endpoint, Origin, unannotated::Counter};
#[cfg(feature = "axum")]
use std::ptr;

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
        #[cfg(feature = "axum")]
        if !request.extensions().is_empty() {
            return Way::within_routers(request);
        }
        Way::to(request.uri())
    }

    /// The way of a request that may have passed a router: its path is the client's, not what a
    /// router outside has left of it.
    #[cfg(feature = "axum")]
    #[inline]
    fn within_routers<A>(request: &Request<A>) -> Way {
        let extensions = request.extensions();
        let Some(template) = extensions.get().and_then(templates::of) else {
            return Way::to(original(request));
        };
        let declared = if template.takes_whatever_follows {
            routes::of_path(request.method(), original(request).path())
        } else {
            None
        };
        Way::Route { template, declared }
    }

    #[inline]
    fn to(uri: &Uri) -> Way {
        match uri.path_and_query() {
            Some(path) => Way::Path(path.clone()),
            None => Way::Unknown,
        }
    }
}

/// Where the client asked for.
#[cfg(feature = "axum")]
fn original<A>(request: &Request<A>) -> &Uri {
    let original = request.extensions().get::<OriginalUri>();
    original.map_or(request.uri(), |OriginalUri(uri)| uri)
}

/// The endpoint whose route a path matches, or, where somebody inside answered otherwise than a
/// router does that knows no such path, the path without the slashes at its end: a layer inside
/// may take them off.
fn of_path(method: &Method, path: &str, answer: Option<Answered>) -> Option<&'static Endpoint> {
    routes::of_path(method, path).or_else(|| {
        const NOT_FOUND: u16 = 404;
        const METHOD_NOT_ALLOWED: u16 = 405;
        let trimmed = path.trim_end_matches('/');
        let is_reached = answer.is_none_or(|answer| {
            let is_unknown = matches!(answer.code(), Some(NOT_FOUND | METHOD_NOT_ALLOWED));
            !answer.is_success() && !is_unknown
        });
        if trimmed.is_empty() || trimmed.len() == path.len() || !is_reached {
            return None;
        }
        routes::of_path(method, trimmed)
    })
}

impl RequestOrigin {
    /// True for what asks about a route instead of using it: browsers do so before a request of
    /// another site, and a layer usually answers.
    fn is_preflight(&self) -> bool {
        self.method == Method::OPTIONS
    }
}

impl Origin for RequestOrigin {
    fn endpoint(&self, answer: Option<Answered>) -> Option<&'static Endpoint> {
        if self.is_preflight() {
            return None;
        }
        let method = &self.method;
        match &self.way {
            #[cfg(feature = "axum")]
            Way::Route { template, declared } => {
                let learnt = template.learnt(method);
                match routes::of_template(method, template.text())[..] {
                    [] => declared.or(learnt),
                    [only] => Some(only),
                    // Several declare it, and this router is known to be one's.
                    ref several => {
                        learnt.filter(|known| several.iter().any(|one| ptr::eq(*one, *known)))
                    }
                }
            }
            Way::Path(path) => of_path(method, path.path(), answer),
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

    fn served_unclaimed(&self) {
        #[cfg(feature = "axum")]
        if let Way::Route { template, .. } = &self.way {
            template.served_unclaimed(&self.method);
        }
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
