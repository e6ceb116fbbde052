//! What was asked of a service on routes that no annotation covers.

use super::{Subject, coverage::within};
use crate::input::{
    api::RoutePattern,
    history::{Counted, OTHER, UNMATCHED, Uncovered},
};
use slo_model::record::EndpointRecord;
use std::{cmp::Reverse, collections::HashMap};

/// Traffic that nothing is promised about.
#[derive(Debug)]
pub(crate) struct Traffic<'a> {
    /// The routes with the most failures first, then those with the most requests.
    pub(crate) routes: Vec<Route<'a>>,
    /// Requests that nobody served.
    pub(crate) unmatched: u64,
}

/// What is known of one route.
#[derive(Debug)]
pub(crate) struct Route<'a> {
    /// The route; `None` for all routes beyond those that are told apart.
    pub(crate) name: Option<&'a str>,
    /// Requests that an SLO would count.
    pub(crate) valid: u64,
    /// Those that failed; `None` if nobody counted that.
    pub(crate) failed: Option<u64>,
    /// True where nobody counted of some requests whether they failed: there may be more.
    pub(crate) is_least: bool,
    /// True where nothing was answered well: also of a handler that failed from its first
    /// request on, before which nobody knows whose its route is.
    pub(crate) only_failed: bool,
    /// The endpoints that are annotated on it, for other methods or other routers.
    pub(crate) annotated: Vec<&'a EndpointRecord>,
}

impl<'a> Subject<'a> {
    /// What was asked of it on routes that no annotation covers, where a history says so.
    pub(crate) fn uncovered(&self) -> Option<Traffic<'a>> {
        let (_, counted) = self.counted()?;
        Some(Traffic::new(self, counted))
    }
}

impl<'a> Traffic<'a> {
    /// What was counted, without what nobody could promise anything about: preflights, faults of
    /// clients, and what `slo.toml` ignores.
    fn new(subject: &Subject<'a>, counted: &'a Counted) -> Traffic<'a> {
        let annotated = Annotated::new(subject);
        let routes = counted.unannotated.iter();
        let mut routes: Vec<_> = routes
            .filter(|uncovered| uncovered.route != UNMATCHED)
            .filter_map(|uncovered| annotated.route(uncovered))
            .collect();
        routes.sort_by_key(|route| {
            let most = (route.failed.unwrap_or(0), route.valid);
            (Reverse(most), route.name)
        });
        let unmatched = counted.unannotated.iter();
        Traffic {
            routes,
            unmatched: unmatched
                .filter(|uncovered| uncovered.route == UNMATCHED)
                .map(|uncovered| uncovered.count)
                .sum(),
        }
    }

    /// Requests on all of the routes.
    pub(crate) fn valid(&self) -> u64 {
        self.routes.iter().map(|route| route.valid).sum()
    }

    /// True where nobody counted of some requests whether they failed: there may be more.
    pub(crate) fn is_least(&self) -> bool {
        self.routes.iter().any(|route| route.is_least)
    }

    /// Those that failed; `None` if nobody counted that on any of the routes.
    pub(crate) fn failed(&self) -> Option<u64> {
        let failed = self.routes.iter().filter_map(|route| route.failed);
        failed.reduce(|sum, failed| sum + failed)
    }
}

/// The annotations of a service by their paths, and what is ignored.
struct Annotated<'s, 'a> {
    subject: &'s Subject<'a>,
    by_path: HashMap<RoutePattern, Vec<&'a EndpointRecord>>,
}

impl<'s, 'a> Annotated<'s, 'a> {
    fn new(subject: &'s Subject<'a>) -> Annotated<'s, 'a> {
        let mut annotated = Annotated {
            subject,
            by_path: HashMap::new(),
        };
        for endpoint in &subject.service.endpoints {
            let route = endpoint.route.as_deref().and_then(RoutePattern::parse);
            let Some(mut path) = route else { continue };
            path.method = None;
            let inner = annotated.without_prefix(&path);
            for path in std::iter::once(path).chain(inner) {
                annotated.by_path.entry(path).or_default().push(endpoint);
            }
        }
        annotated
    }

    fn route(&self, uncovered: &'a Uncovered) -> Option<Route<'a>> {
        let (name, annotated) = if uncovered.route == OTHER {
            (None, Vec::new())
        } else {
            let pattern = pattern(&uncovered.route);
            let is_nobodys = pattern
                .as_ref()
                .is_some_and(|pattern| pattern.is_auxiliary() || self.is_ignored(pattern));
            if is_nobodys {
                return None;
            }
            let annotated = pattern.map_or(Vec::new(), |pattern| self.annotated(pattern));
            (Some(&*uncovered.route), annotated)
        };
        // Of a route that is annotated, preflights are counted too, unless outcomes tell them from
        // what was served.
        let valid = match (&annotated[..], uncovered.outcomes) {
            ([], _) => uncovered.valid(),
            (_, Some(outcomes)) => outcomes.good + outcomes.bad,
            (_, None) => 0,
        };
        let failed = uncovered.failed();
        (valid > 0).then_some(Route {
            name,
            valid,
            failed,
            is_least: !uncovered.is_told(),
            only_failed: failed == Some(valid),
            annotated,
        })
    }

    /// The endpoints with this path, whatever their method, with and without the prefix.
    fn annotated(&self, mut path: RoutePattern) -> Vec<&'a EndpointRecord> {
        path.method = None;
        let found = self.by_path.get(&path).or_else(|| {
            let inner = self.without_prefix(&path)?;
            self.by_path.get(&inner)
        });
        found.cloned().unwrap_or_default()
    }

    /// The path that the service sees of one that a gateway does.
    fn without_prefix(&self, path: &RoutePattern) -> Option<RoutePattern> {
        path.without(&self.coverage()?.prefix.as_ref()?.pattern)
    }

    fn is_ignored(&self, pattern: &RoutePattern) -> bool {
        let said = self.coverage();
        let ignore = said.map_or(&[][..], |said| &said.ignore);
        let prefix = said.and_then(|said| said.prefix.as_ref());
        ignore.iter().any(|one| {
            let ignored = &one.route.get_ref().pattern;
            let mut pattern = pattern.clone();
            // The requests of a route are counted together, whatever their method.
            pattern.method.clone_from(&ignored.method);
            let inner = prefix.and_then(|prefix| ignored.without(&prefix.pattern));
            within(&pattern, ignored) || inner.is_some_and(|inner| within(&pattern, &inner))
        })
    }

    fn coverage(&self) -> Option<&'a crate::input::manifest::Coverage> {
        self.subject.facts()?.coverage.as_ref()
    }
}

/// A procedure may stand without the `/` that begins its route.
fn pattern(route: &str) -> Option<RoutePattern> {
    RoutePattern::parse(route).or_else(|| RoutePattern::parse(&format!("/{route}")))
}
