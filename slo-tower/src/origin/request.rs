//! Whose a request is that no handler claims, and how it counts if it is nobody's.

#[cfg(feature = "axum")]
use super::served::is_unknown_method;
use super::{
    served::{is_grpc, is_unknown_path},
    way::Way,
};
use crate::{router_facts::RouterFacts, routes, verb::Verb};
use http::{Method, Request};
use slo_sdk::{
    Answered, Endpoint, Origin,
    unannotated::{Counter, Route},
};
#[cfg(feature = "axum")]
use {crate::templates::Template, std::ptr};

/// Method and way of a request. What is not copied is shared with the request.
#[derive(Debug)]
pub(crate) struct RequestOrigin {
    verb: Verb,
    way: Way,
    /// What the program says of the router around which the layer stands.
    facts: Option<&'static RouterFacts>,
}

impl RequestOrigin {
    #[inline(always)]
    pub(crate) fn of<A>(request: &Request<A>) -> RequestOrigin {
        RequestOrigin {
            verb: Verb::of(request.method()),
            way: Way::of(request),
            facts: None,
        }
    }

    /// The same for a layer that was told something of its router.
    #[inline]
    pub(crate) fn below<A>(
        request: &Request<A>,
        facts: Option<&'static RouterFacts>,
    ) -> RequestOrigin {
        let Some(told) = facts else {
            return RequestOrigin::of(request);
        };
        RequestOrigin {
            verb: Verb::of(request.method()),
            way: Way::below(request, told),
            facts,
        }
    }

    /// True for what asks about a route instead of using it: browsers do so before a request of
    /// another site, and a layer usually answers.
    fn is_preflight(&self) -> bool {
        matches!(self.verb, Verb::Options)
    }

    /// True unless the answer is a router's that knows no such path or method.
    fn is_served(&self, answer: Answered) -> bool {
        match &self.way {
            #[cfg(feature = "axum")]
            Way::Route(_) | Way::OpenRoute(..) => !is_unknown_method(answer),
            Way::Path(_) | Way::Unknown => !is_unknown_path(answer),
        }
    }

    /// The endpoint of a route that matched.
    #[cfg(feature = "axum")]
    fn of_template(&self, template: &'static Template) -> Option<&'static Endpoint> {
        let text = Way::template(template, self.facts);
        match routes::of_template(self.verb.method(), &text)[..] {
            [] => template.learnt(self.verb.method()),
            [only] => Some(only),
            // Several declare it, and this router is known to be one's.
            ref several => {
                let learnt = template.learnt(self.verb.method());
                learnt.filter(|known| several.iter().any(|one| ptr::eq(*one, *known)))
            }
        }
    }
}

/// The endpoint whose route a path matches, or, where somebody inside answered otherwise than a
/// router does that knows no such path, the path without the slashes at its end: a layer inside
/// may take them off.
fn of_path(method: &Method, path: &str, answer: Option<Answered>) -> Option<&'static Endpoint> {
    routes::of_path(method, path).or_else(|| {
        let trimmed = path.trim_end_matches('/');
        let is_reached =
            answer.is_none_or(|answer| !answer.is_success() && !is_unknown_path(answer));
        if trimmed.is_empty() || trimmed.len() == path.len() || !is_reached {
            return None;
        }
        routes::of_path(method, trimmed)
    })
}

impl RequestOrigin {
    /// Under which name something is counted that was served and of which no route is seen.
    fn by_path<'a>(&'a self, path: &'a str, answer: Option<Answered>) -> Route<'a> {
        let is_method = match answer.and_then(Answered::code) {
            Some(_) => answer.is_some_and(is_grpc),
            None => looks_like_grpc(path),
        };
        if is_method {
            return Route::Method(path);
        }
        let prefix = self.facts.and_then(|facts| facts.prefix.as_deref());
        prefix.map_or(Route::Path(path), Route::Template)
    }
}

/// True for a path that has the shape of gRPC's with a package, where no answer tells.
fn looks_like_grpc(path: &str) -> bool {
    let parts = path.strip_prefix('/').and_then(|path| path.split_once('/'));
    parts.is_some_and(|(service, method)| service.contains('.') && !method.contains('/'))
}

impl Origin for RequestOrigin {
    fn endpoint(&self, answer: Option<Answered>) -> Option<&'static Endpoint> {
        if self.is_preflight() {
            return None;
        }
        match &self.way {
            #[cfg(feature = "axum")]
            Way::Route(template) => self.of_template(template),
            #[cfg(feature = "axum")]
            Way::OpenRoute(template, path) => self
                .of_template(template)
                .or_else(|| routes::of_path(self.verb.method(), path.path())),
            Way::Path(path) => of_path(self.verb.method(), path.path(), answer),
            Way::Unknown => None,
        }
    }

    #[inline]
    fn learn(&self, endpoint: &'static Endpoint) {
        #[cfg(feature = "axum")]
        if let Way::Route(template) | Way::OpenRoute(template, _) = &self.way {
            template.learn(&self.verb, endpoint);
        }
        #[cfg(not(feature = "axum"))]
        let _ = endpoint;
    }

    fn served_unclaimed(&self) {
        #[cfg(feature = "axum")]
        if let Way::Route(template) | Way::OpenRoute(template, _) = &self.way {
            template.served_unclaimed(self.verb.method());
        }
    }

    fn default_endpoint(&self, answer: Option<Answered>) -> Option<&'static Endpoint> {
        let journey = self.facts?.journey?;
        // What has no answer was in somebody's hands: a router refuses at once.
        let is_served = answer.is_none_or(|answer| self.is_served(answer));
        (is_served && !self.is_preflight()).then_some(journey)
    }

    fn unannotated(&self, answer: Option<Answered>) -> Option<Counter> {
        if self.is_preflight() && answer.is_some_and(Answered::is_success) {
            return None;
        }
        let is_served = answer.is_some_and(|answer| self.is_served(answer));
        Some(match &self.way {
            #[cfg(feature = "axum")]
            Way::OpenRoute(_, path) if answer.is_some_and(is_grpc) => {
                Counter::of(is_served.then(|| Route::Method(path.path())))
            }
            #[cfg(feature = "axum")]
            Way::Route(template) | Way::OpenRoute(template, _) => {
                let text = Way::template(template, self.facts);
                Counter::of(Some(Route::Template(&text)))
            }
            Way::Path(path) if is_served => Counter::of(Some(self.by_path(path.path(), answer))),
            Way::Unknown if is_served => Counter::of(Some(Route::Path(""))),
            Way::Path(_) | Way::Unknown => Counter::of(None),
        })
    }
}
