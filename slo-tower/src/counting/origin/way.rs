//! What is kept of a request's path and route.

#[cfg(feature = "axum")]
use crate::counting::route_cache::{self, Template};
use crate::router_facts::{FactsNumber, RouterFacts};
#[cfg(feature = "axum")]
use axum::extract::OriginalUri;
use http::{Request, Uri, uri::PathAndQuery};
#[cfg(feature = "axum")]
use std::borrow::Cow;
use std::num::NonZeroU16;

/// What is known of where a request was going. No more is kept than may be needed: most
/// requests are claimed by their handler, and then none of it is. Paths are the client's.
///
/// A number is what the program says of the router around which the layer stands. It and that of a
/// template are in room that the path leaves: a larger one would cost every request.
#[derive(Debug)]
pub(super) enum Way {
    /// The route that matched.
    #[cfg(feature = "axum")]
    Route(FactsNumber, &'static Template),
    /// A path: the layer sees no route, or that of this number, which takes whatever follows and so
    /// does not tell.
    Path(FactsNumber, Option<NonZeroU16>, PathAndQuery),
    /// Nothing, as of `CONNECT`.
    Unknown(FactsNumber),
}

const _: () = assert!(size_of::<Way>() <= size_of::<PathAndQuery>() + size_of::<usize>());

impl Way {
    /// The way of a request that may have passed a router. A route comes in a register: whatever
    /// else may be the way is not copied for it.
    #[inline(always)]
    pub(super) fn from_request<A>(request: &Request<A>) -> Way {
        #[cfg(feature = "axum")]
        if !request.extensions().is_empty() {
            return match route_cache::matched(request.extensions()) {
                Some(template) if !template.is_wildcard => Way::Route(FactsNumber::NONE, template),
                matched => Way::within_routers(request, matched),
            };
        }
        Way::to(request.uri())
    }

    /// The way of a request of which no route tells: its path is the client's, not what a router
    /// outside has left of it.
    #[cfg(feature = "axum")]
    #[inline(never)]
    fn within_routers<A>(request: &Request<A>, matched: Option<&'static Template>) -> Way {
        match matched {
            Some(template) => Way::along(template, original(request)),
            None => Way::to(original(request)),
        }
    }

    #[cfg(feature = "axum")]
    #[cold]
    fn along(template: &'static Template, uri: &Uri) -> Way {
        match uri.path_and_query() {
            Some(path) => Way::Path(FactsNumber::NONE, Some(template.number), path.clone()),
            None => Way::Route(FactsNumber::NONE, template),
        }
    }

    #[inline]
    fn to(uri: &Uri) -> Way {
        match uri.path_and_query() {
            Some(path) => Way::Path(FactsNumber::NONE, None, path.clone()),
            None => Way::Unknown(FactsNumber::NONE),
        }
    }

    /// The same where the program says something of the router.
    #[cold]
    pub(super) fn below<A>(request: &Request<A>, number: FactsNumber) -> Way {
        let prefix = number.facts().and_then(|facts| facts.prefix.as_deref());
        let whole = |path: PathAndQuery| match prefix {
            Some(prefix) if !is_whole(request, prefix) => {
                let whole = format!("{prefix}{path}");
                PathAndQuery::try_from(whole).unwrap_or(path)
            }
            _ => path,
        };
        match Way::from_request(request) {
            #[cfg(feature = "axum")]
            Way::Route(_, template) => Way::Route(number, template),
            Way::Path(_, template, path) => Way::Path(number, template, whole(path)),
            Way::Unknown(_) => Way::Unknown(number),
        }
    }

    /// What the program says of the router.
    pub(super) fn facts(&self) -> Option<&'static RouterFacts> {
        match self {
            #[cfg(feature = "axum")]
            Way::Route(number, _) => number.facts(),
            Way::Path(number, ..) | Way::Unknown(number) => number.facts(),
        }
    }

    /// The template that matched.
    #[cfg(feature = "axum")]
    #[inline]
    pub(super) fn template(&self) -> Option<&'static Template> {
        match self {
            Way::Route(_, template) => Some(template),
            Way::Path(_, number, _) => number.and_then(route_cache::numbered),
            Way::Unknown(_) => None,
        }
    }

    /// Its text, as declared routes have it.
    #[cfg(feature = "axum")]
    pub(super) fn text(&self, template: &'static Template) -> Cow<'static, str> {
        let text = template.text();
        match self.facts().and_then(|facts| facts.prefix.as_deref()) {
            Some(prefix) if !is_below(text, prefix) => Cow::Owned(format!("{prefix}{text}")),
            _ => Cow::Borrowed(text),
        }
    }
}

/// Where the client asked for, as far as routers of axum tell.
#[cfg(feature = "axum")]
fn original<A>(request: &Request<A>) -> &Uri {
    let original = request.extensions().get::<OriginalUri>();
    original.map_or(request.uri(), |OriginalUri(uri)| uri)
}

/// True where a router of axum took the prefix off and remembers the whole path.
fn is_whole<A>(request: &Request<A>, prefix: &str) -> bool {
    #[cfg(feature = "axum")]
    {
        let original = original(request).path();
        original != request.uri().path() && is_below(original, prefix)
    }
    #[cfg(not(feature = "axum"))]
    {
        let _ = (request, prefix);
        false
    }
}

#[cfg(feature = "axum")]
fn is_below(path: &str, prefix: &str) -> bool {
    let rest = path.strip_prefix(prefix);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
