//! What is kept of a request's path and route.

use crate::router_facts::RouterFacts;
#[cfg(feature = "axum")]
use crate::templates::{self, Template};
#[cfg(feature = "axum")]
use axum::extract::OriginalUri;
use http::{Request, Uri, uri::PathAndQuery};
#[cfg(feature = "axum")]
use std::borrow::Cow;

/// What is known of where a request was going. No more is kept than may be needed: most
/// requests are claimed by their handler, and then none of it is. Paths are the client's.
#[derive(Debug)]
pub(super) enum Way {
    /// The route that matched.
    #[cfg(feature = "axum")]
    Route(&'static Template),
    /// A route that takes whatever follows and so does not tell, and the path.
    #[cfg(feature = "axum")]
    OpenRoute(&'static Template, PathAndQuery),
    /// No route that the layer sees.
    Path(PathAndQuery),
    /// Nothing, as of `CONNECT`.
    Unknown,
}

impl Way {
    #[inline(always)]
    pub(super) fn of<A>(request: &Request<A>) -> Way {
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
        if template.takes_whatever_follows {
            Way::along(template, original(request))
        } else {
            Way::Route(template)
        }
    }

    #[cfg(feature = "axum")]
    #[cold]
    fn along(template: &'static Template, uri: &Uri) -> Way {
        match uri.path_and_query() {
            Some(path) => Way::OpenRoute(template, path.clone()),
            None => Way::Route(template),
        }
    }

    #[inline]
    fn to(uri: &Uri) -> Way {
        match uri.path_and_query() {
            Some(path) => Way::Path(path.clone()),
            None => Way::Unknown,
        }
    }

    /// The same where the program says what was taken off the path.
    #[cold]
    pub(super) fn below<A>(request: &Request<A>, facts: &RouterFacts) -> Way {
        let way = Way::of(request);
        let Some(prefix) = facts.prefix.as_deref() else {
            return way;
        };
        let whole = |path: PathAndQuery| {
            if is_whole(request, prefix) {
                return path;
            }
            let whole = format!("{prefix}{path}");
            PathAndQuery::try_from(whole).unwrap_or(path)
        };
        match way {
            #[cfg(feature = "axum")]
            Way::OpenRoute(template, path) => Way::OpenRoute(template, whole(path)),
            Way::Path(path) => Way::Path(whole(path)),
            other => other,
        }
    }

    /// The template that matched, as declared routes have it.
    #[cfg(feature = "axum")]
    pub(super) fn template<'a>(
        template: &'a Template,
        facts: Option<&RouterFacts>,
    ) -> Cow<'a, str> {
        let text = template.text();
        match facts.and_then(|facts| facts.prefix.as_deref()) {
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
