//! Whose a request is that no handler claims, and how it counts if it is nobody's.

#[cfg(feature = "axum")]
use super::served::is_unknown_method;
use super::{
    served::{is_grpc, is_unknown_path},
    way::Way,
};
use crate::{
    counting::{misplaced, routes, verb::Verb},
    router_facts::FactsNumber,
};
use http::{Method, Request};
use slo_sdk::{
    Endpoint,
    layer::{Answered, Origin},
    unannotated::{Counter, ServedRoute},
};
#[cfg(feature = "axum")]
use {
    crate::counting::route_cache::Template,
    std::{borrow::Cow, ptr},
};

/// Method and way of a request. What is not copied is shared with the request.
#[derive(Debug)]
pub(crate) struct RequestOrigin {
    verb: Verb,
    way: Way,
}

impl RequestOrigin {
    #[inline(always)]
    pub(crate) fn from_request<A>(request: &Request<A>) -> RequestOrigin {
        RequestOrigin {
            verb: Verb::from_method(request.method()),
            way: Way::from_request(request),
        }
    }

    /// The same for a layer that may have been told something of its router.
    #[inline]
    pub(crate) fn below<A>(request: &Request<A>, facts: FactsNumber) -> RequestOrigin {
        if facts == FactsNumber::NONE {
            return RequestOrigin::from_request(request);
        }
        RequestOrigin {
            verb: Verb::from_method(request.method()),
            way: Way::below(request, facts),
        }
    }

    #[inline]
    pub(crate) fn verb(&self) -> &Verb {
        &self.verb
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
            Way::Route(..) | Way::Path(_, Some(_), _) => !is_unknown_method(answer),
            Way::Path(..) | Way::Unknown(_) => !is_unknown_path(answer),
        }
    }

    /// The endpoint of a route that matched.
    #[cfg(feature = "axum")]
    fn of_template(&self, template: &'static Template) -> Option<&'static Endpoint> {
        let text = self.way.text(template);
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

    /// Looks at where a handler was reached that may not have been reached there before: a warning
    /// says it where its `route` says otherwise.
    #[cold]
    fn compare(&self, endpoint: &'static Endpoint) {
        const COMPARED: usize = 1;
        match &self.way {
            #[cfg(feature = "axum")]
            Way::Route(_, template) => {
                let text = self.way.text(template);
                misplaced::compare(endpoint, &text, |route| routes::is_template(route, &text));
            }
            Way::Path(_, _, path) => {
                endpoint.is_other_route(COMPARED);
                let path = path.path();
                #[cfg(feature = "axum")]
                if let Some(template) = self.way.template() {
                    template.learn(&self.verb, endpoint);
                    let text = self.way.text(template);
                    misplaced::compare(endpoint, &text, |route| {
                        routes::is_template(route, &text) || routes::is_path(route, path)
                    });
                    return;
                }
                misplaced::compare(endpoint, &misplaced::shortened(path), |route| {
                    routes::is_path(route, path)
                });
            }
            Way::Unknown(_) => {}
        }
    }

    /// Under which name something is counted that was served and of which no route is seen.
    fn by_path<'a>(&'a self, path: &'a str, answer: Option<Answered>) -> ServedRoute<'a> {
        let is_method = match answer.and_then(Answered::code) {
            Some(_) => answer.is_some_and(is_grpc),
            None => looks_like_grpc(path),
        };
        if is_method {
            return ServedRoute::Method(path);
        }
        let prefix = self.way.facts().and_then(|facts| facts.prefix.as_deref());
        prefix.map_or(ServedRoute::Path(path), ServedRoute::Template)
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
        #[cfg(feature = "axum")]
        if let Some(template) = self.way.template()
            && let Some(known) = self.of_template(template)
        {
            return Some(known);
        }
        match &self.way {
            #[cfg(feature = "axum")]
            Way::Route(..) => None,
            Way::Path(_, Some(_), path) => routes::of_path(self.verb.method(), path.path()),
            Way::Path(_, None, path) => of_path(self.verb.method(), path.path(), answer),
            Way::Unknown(_) => None,
        }
    }

    #[inline]
    fn learn(&self, endpoint: &'static Endpoint) {
        let is_other = match &self.way {
            #[cfg(feature = "axum")]
            Way::Route(_, template) => template.learn(&self.verb, endpoint),
            // The path of each request is not compared, only that of the first.
            Way::Path(..) => endpoint.has_no_route_yet(),
            Way::Unknown(_) => false,
        };
        if is_other {
            self.compare(endpoint);
        }
    }

    fn served_unclaimed(&self) {
        #[cfg(feature = "axum")]
        if let Some(template) = self.way.template() {
            template.served_unclaimed(self.verb.method());
        }
    }

    fn default_endpoint(&self, answer: Option<Answered>) -> Option<&'static Endpoint> {
        let journey = self.way.facts()?.journey?;
        // What has no answer was in somebody's hands: a router refuses at once.
        let is_served = answer.is_none_or(|answer| self.is_served(answer));
        (is_served && !self.is_preflight()).then_some(journey)
    }

    #[cfg(feature = "axum")]
    fn template(&self) -> Option<Cow<'static, str>> {
        let template = self.way.template()?;
        Some(self.way.text(template))
    }

    fn unannotated(&self, answer: Option<Answered>) -> Option<Counter> {
        if self.is_preflight() && answer.is_some_and(Answered::is_success) {
            return None;
        }
        let is_served = answer.is_some_and(|answer| self.is_served(answer));
        Some(match &self.way {
            Way::Path(_, Some(_), path) if answer.is_some_and(is_grpc) => {
                Counter::for_route(is_served.then(|| ServedRoute::Method(path.path())))
            }
            #[cfg(feature = "axum")]
            Way::Route(..) | Way::Path(_, Some(_), _) => {
                let text = self.way.template().map(|template| self.way.text(template));
                Counter::for_route(text.as_deref().map(ServedRoute::Template))
            }
            Way::Path(_, _, path) if is_served => {
                Counter::for_route(Some(self.by_path(path.path(), answer)))
            }
            Way::Unknown(_) if is_served => Counter::for_route(Some(ServedRoute::Path(""))),
            Way::Path(..) | Way::Unknown(_) => Counter::for_route(None),
        })
    }
}
