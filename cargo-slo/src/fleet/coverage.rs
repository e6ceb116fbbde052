//! How much of a service its annotations cover.

use super::{Fleet, Subject, likely};
use crate::{
    diagnostics::nearest,
    input::{
        api::{Offered, RoutePattern},
        manifest::Ignore,
    },
    text::numbers::counted,
};
use slo_model::{Per, record::EndpointRecord};
use std::collections::{HashMap, HashSet};

/// The endpoints that files list, compared with the annotations.
#[derive(Debug)]
pub(crate) struct Coverage<'a> {
    /// How many endpoints count: what is ignored does not.
    pub(crate) offered: usize,
    /// Those without an annotation.
    pub(crate) missing: Vec<&'a Offered>,
    /// Annotations whose route no file lists.
    pub(crate) unlisted: Vec<Unlisted<'a>>,
    /// Annotations that say no route, and so can't be compared: what is missing may be theirs.
    pub(crate) without_route: Vec<&'a EndpointRecord>,
    /// Which of them probably serves which of the missing.
    pub(crate) likely: Vec<(&'a Offered, &'a EndpointRecord)>,
    /// What is ignored but not listed.
    pub(crate) unused: Vec<&'a Ignore>,
    /// Routes of the files that can't be compared.
    pub(crate) incomparable: u32,
}

/// An annotation whose route no file lists.
#[derive(Debug)]
pub(crate) struct Unlisted<'a> {
    pub(crate) endpoint: &'a EndpointRecord,
    pub(crate) route: &'a str,
    /// The endpoint without an annotation that was probably meant.
    pub(crate) meant: Option<&'a Offered>,
}

impl<'a> Coverage<'a> {
    /// Compares; `None` if no file lists endpoints.
    pub(crate) fn new(fleet: &'a Fleet<'_>, subject: &Subject<'a>) -> Option<Coverage<'a>> {
        let api = fleet.api(&subject.service.name)?;
        let said = subject.facts().and_then(|facts| facts.coverage.as_ref());
        let ignore = said.map_or(&[][..], |said| &said.ignore);
        let prefix = said.and_then(|said| said.prefix.as_ref());
        let annotations = Annotations::new(&subject.service.endpoints);
        let mut are_used = vec![false; ignore.len()];
        let mut is_listed = vec![false; annotations.routes.len()];
        let (mut offered, mut missing) = (0, Vec::new());
        for endpoint in &api.endpoints {
            let mut patterns = endpoint.patterns.clone();
            if let Some(prefix) = prefix {
                let inner = patterns
                    .iter()
                    .filter_map(|one| one.without(&prefix.pattern));
                patterns.extend(inner.collect::<Vec<_>>());
            }
            let met = annotations.meeting(&patterns);
            for index in &met {
                is_listed[*index] = true;
            }
            let mut is_ignored = false;
            for (ignore, is_used) in ignore.iter().zip(&mut are_used) {
                let ignored = &ignore.route.get_ref().pattern;
                if patterns.iter().any(|pattern| within(pattern, ignored)) {
                    *is_used = true;
                    is_ignored = true;
                }
            }
            let is_auxiliary = patterns.iter().all(RoutePattern::is_auxiliary);
            if is_ignored || (met.is_empty() && is_auxiliary) {
                continue;
            }
            offered += 1;
            if met.is_empty() {
                missing.push(endpoint);
            }
        }
        let mut unlisted = Vec::new();
        for ((endpoint, route, pattern), is_listed) in annotations.routes.iter().zip(is_listed) {
            // A route that can't be compared may be this one, files about one protocol say nothing
            // of the other, and most files leave out what is served beside the other methods.
            let is_known =
                api.incomparable == 0 && api.protocols.include(pattern) && !pattern.is_auxiliary();
            if !is_listed && is_known {
                unlisted.push(Unlisted {
                    endpoint,
                    route,
                    meant: None,
                });
            }
        }
        pair(&mut unlisted, &missing);
        let mut coverage = Coverage {
            offered,
            missing,
            unlisted,
            without_route: annotations.without_route,
            likely: Vec::new(),
            unused: ignore
                .iter()
                .zip(are_used)
                .filter(|(_, is_used)| !is_used)
                .map(|(ignore, _)| ignore)
                .collect(),
            incomparable: api.incomparable,
        };
        let unclear: Vec<_> = coverage.unclear().collect();
        coverage.likely = likely::pairs(&unclear, &coverage.without_route);
        Some(coverage)
    }

    /// How much is covered: `31 of 34 endpoints are annotated, 91%`, or how much is known to be.
    pub(crate) fn share(&self) -> String {
        let missing = self.missing.len();
        let covered = self.offered - missing;
        // Rounded down: what is not all is not 100%.
        let percent = (covered * 100).checked_div(self.offered).unwrap_or(100);
        let what = match self.offered {
            1 => "endpoint is",
            _ => "endpoints are",
        };
        if missing > 0 && !self.without_route.is_empty() {
            return format!(
                "{covered} of {} {what} known to be annotated; {missing} can't be compared: {}",
                self.offered,
                self.who_says_no_route()
            );
        }
        format!("{covered} of {} {what} annotated, {percent}%", self.offered)
    }

    /// How many annotations say no route, in words.
    pub(crate) fn who_says_no_route(&self) -> String {
        match u64::try_from(self.without_route.len()).unwrap_or(u64::MAX) {
            1 => "1 annotation says no `route`".to_owned(),
            many => format!("{} say no `route`", counted(many, "annotation")),
        }
    }

    /// The route that an annotation without one probably serves.
    pub(crate) fn likely_route(&self, record: &EndpointRecord) -> Option<&'a str> {
        let mut likely = self.likely.iter();
        let (offered, _) = likely.find(|(_, one)| std::ptr::eq(*one, record))?;
        Some(&offered.name)
    }

    /// Endpoints without an annotation: those of which that can be told.
    pub(crate) fn not_annotated(&self) -> impl Iterator<Item = &'a Offered> {
        let is_clear = self.without_route.is_empty();
        self.unmet().filter(move |_| is_clear)
    }

    /// Endpoints that may be annotated: annotations without a route may be theirs.
    pub(crate) fn unclear(&self) -> impl Iterator<Item = &'a Offered> {
        let is_clear = self.without_route.is_empty();
        self.unmet().filter(move |_| !is_clear)
    }

    /// Endpoints that no annotation leads to, but for those whose annotation is misspelt.
    fn unmet(&self) -> impl Iterator<Item = &'a Offered> {
        let meant: HashSet<_> = self
            .unlisted
            .iter()
            .filter_map(|one| one.meant)
            .map(|one| &one.name)
            .collect();
        self.missing
            .iter()
            .copied()
            .filter(move |one| !meant.contains(&one.name))
    }
}

/// True for what answers requests, as far as an annotation says: nobody calls a job.
pub(crate) fn answers_requests(record: &EndpointRecord) -> bool {
    record.every.is_none() && record.per == Per::Request
}

/// Finds for each annotation the endpoint it was meant for, and for no two the same: one on the
/// same path, else the one whose name is nearest.
fn pair<'a>(unlisted: &mut [Unlisted<'a>], missing: &[&'a Offered]) {
    /// Among more, the nearest is a guess that takes long.
    const MAX_COMPARED: usize = 200;
    let mut is_taken = HashSet::new();
    let mut on_path: HashMap<String, Vec<&'a Offered>> = HashMap::new();
    for offered in missing {
        for path in offered.patterns.iter().filter_map(RoutePattern::key) {
            on_path.entry(path).or_default().push(offered);
        }
    }
    let few = if missing.len() > MAX_COMPARED {
        &[]
    } else {
        missing
    };
    for unlisted in unlisted {
        let path = RoutePattern::parse(unlisted.route).and_then(|route| route.key());
        let on_path = path
            .and_then(|path| on_path.get(&path))
            .into_iter()
            .flatten();
        let same_path = on_path.copied().find(|one| !is_taken.contains(&one.name));
        let meant = same_path.or_else(|| {
            let free = few
                .iter()
                .filter(|one| one.name.len() <= MAX_COMPARED && !is_taken.contains(&one.name));
            let name = nearest(unlisted.route, free.map(|one| &*one.name))?;
            few.iter().copied().find(|one| one.name == name)
        });
        is_taken.extend(meant.map(|one| one.name.clone()));
        unlisted.meant = meant;
    }
}

/// True where all requests of one route are requests of the other.
pub(crate) fn within(one: &RoutePattern, other: &RoutePattern) -> bool {
    one.meets(other)
        && (other.is_open() || !one.is_open())
        && (other.method.is_none() || one.method.is_some())
}

/// The annotations, to be found by their routes.
struct Annotations<'a> {
    routes: Vec<(&'a EndpointRecord, &'a str, RoutePattern)>,
    by_path: HashMap<String, Vec<usize>>,
    open: Vec<usize>,
    without_route: Vec<&'a EndpointRecord>,
}

impl<'a> Annotations<'a> {
    fn new(endpoints: &'a [EndpointRecord]) -> Annotations<'a> {
        let mut annotations = Annotations {
            routes: Vec::new(),
            by_path: HashMap::new(),
            open: Vec::new(),
            without_route: Vec::new(),
        };
        for endpoint in endpoints {
            let pattern = endpoint.route.as_deref().and_then(RoutePattern::parse);
            let (Some(route), Some(pattern)) = (&endpoint.route, pattern) else {
                if answers_requests(endpoint) {
                    annotations.without_route.push(endpoint);
                }
                continue;
            };
            let index = annotations.routes.len();
            match pattern.key() {
                Some(path) => annotations.by_path.entry(path).or_default().push(index),
                None => annotations.open.push(index),
            }
            annotations.routes.push((endpoint, route, pattern));
        }
        annotations
    }

    /// Those that one of these routes leads to.
    fn meeting(&self, patterns: &[RoutePattern]) -> Vec<usize> {
        let mut met = Vec::new();
        for pattern in patterns {
            let all: Vec<usize>;
            let candidates = match pattern.key() {
                Some(path) => self.by_path.get(&path).map_or(&[][..], |found| found),
                None => {
                    all = (0..self.routes.len()).collect();
                    &all
                }
            };
            let candidates = candidates.iter().chain(&self.open);
            met.extend(candidates.filter(|index| self.routes[**index].2.meets(pattern)));
        }
        met
    }
}
