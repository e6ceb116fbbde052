//! The routes that a router has matched so far, and what requests of them have shown.
//!
//! A router keeps one text per route and hands it out with each request. So the address of
//! the text tells the route, as long as the text is kept: a request has to share nothing with
//! the router to be remembered by its route.

use axum::extract::MatchedPath;
use http::Method;
use slo_sdk::Endpoint;
use std::{
    collections::HashMap,
    ptr,
    sync::{OnceLock, PoisonError, RwLock},
};

/// A route.
#[derive(Debug)]
pub(crate) struct Template {
    /// Kept, so that no other text can have its address.
    matched: MatchedPath,
    /// True for `/files/{*path}`, which may stand for many endpoints.
    pub(crate) takes_whatever_follows: bool,
    learnt: RwLock<Vec<(Method, Experience)>>,
}

/// What requests of one route and method have shown.
#[derive(Clone, Copy, Debug)]
enum Experience {
    /// All that reached a handler reached this one.
    Always(&'static Endpoint),
    /// Several handlers stand behind the route, so it says nothing about a request that
    /// reached none: a gRPC service behind a wildcard, GraphQL.
    Ambiguous,
}

/// Most routes that are told apart; they are the application's own, so this is never reached.
const LIMIT: usize = 10_000;

static ALL: RwLock<Option<HashMap<Box<str>, &'static Template>>> = RwLock::new(None);

/// Those whose address says where they are.
static BY_ADDRESS: [OnceLock<&'static Template>; 1 << PLACES] =
    [const { OnceLock::new() }; 1 << PLACES];

const PLACES: u32 = 10;

/// The route of this text; nothing beyond the first [`LIMIT`].
#[inline]
pub(crate) fn of(matched: &MatchedPath) -> Option<&'static Template> {
    let text = matched.as_str();
    let place = &BY_ADDRESS[place(text)];
    match place.get() {
        Some(template) if ptr::eq(template.text(), text) => Some(template),
        _ => find(matched, place),
    }
}

/// By Fibonacci hashing; the lowest bits of addresses are all the same.
#[inline]
fn place(text: &str) -> usize {
    let address = text.as_ptr().addr() as u64;
    ((address >> 3).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (u64::BITS - PLACES)) as usize
}

/// A router may make the text anew for each request, as for nested routes, and two addresses
/// may have the same place: then the text itself tells.
#[cold]
fn find(matched: &MatchedPath, place: &OnceLock<&'static Template>) -> Option<&'static Template> {
    let all = ALL.read().unwrap_or_else(PoisonError::into_inner);
    let known = all.as_ref().and_then(|all| all.get(matched.as_str()));
    if let Some(template) = known {
        return Some(template);
    }
    drop(all);
    let mut all = ALL.write().unwrap_or_else(PoisonError::into_inner);
    let all = all.get_or_insert_default();
    if let Some(template) = all.get(matched.as_str()) {
        return Some(template);
    }
    if all.len() >= LIMIT {
        return None;
    }
    let template: &'static Template = Box::leak(Box::new(Template {
        matched: matched.clone(),
        takes_whatever_follows: takes_whatever_follows(matched.as_str()),
        learnt: RwLock::default(),
    }));
    all.insert(matched.as_str().into(), template);
    // Where the place is taken, the one that was first keeps it.
    let _ = place.set(template);
    Some(template)
}

fn takes_whatever_follows(template: &str) -> bool {
    let parameter = template.rsplit_once('{').map(|(_, last)| last);
    parameter.is_some_and(|last| last.starts_with('*') && last.ends_with('}'))
}

impl Template {
    #[inline]
    pub(crate) fn text(&self) -> &str {
        self.matched.as_str()
    }

    /// The endpoint that all requests of this method have reached.
    pub(crate) fn learnt(&self, method: &Method) -> Option<&'static Endpoint> {
        match self.experience(method)? {
            Experience::Always(endpoint) => Some(endpoint),
            Experience::Ambiguous => None,
        }
    }

    /// Remembers that an endpoint serves the route.
    #[inline]
    pub(crate) fn learn(&'static self, method: &Method, endpoint: &'static Endpoint) {
        // The usual methods have one text each, so addresses are a cheap first question. The
        // answer "another route" only costs a look into the table.
        let method_text = method.as_str().as_ptr().addr();
        let identity = ptr::from_ref(self).addr().rotate_left(16) ^ method_text;
        if endpoint.is_other_route(identity) {
            self.learn_now(method, endpoint);
        }
    }

    #[cold]
    fn learn_now(&self, method: &Method, endpoint: &'static Endpoint) {
        match self.experience(method) {
            Some(Experience::Ambiguous) => return,
            Some(Experience::Always(known)) if ptr::eq(known, endpoint) => return,
            Some(Experience::Always(_)) => {}
            None if is_standard(method) => {}
            None => return,
        }
        let mut learnt = self.learnt.write().unwrap_or_else(PoisonError::into_inner);
        match learnt.iter_mut().find(|(known, _)| known == method) {
            Some((_, Experience::Always(known))) if ptr::eq(*known, endpoint) => {}
            Some((_, experience)) => *experience = Experience::Ambiguous,
            None => learnt.push((method.clone(), Experience::Always(endpoint))),
        }
    }

    fn experience(&self, method: &Method) -> Option<Experience> {
        let learnt = self.learnt.read().unwrap_or_else(PoisonError::into_inner);
        let known = learnt.iter().find(|(known, _)| known == method);
        known.map(|(_, experience)| *experience)
    }
}

/// Methods that a client can't make up, so that none fills the memory with them; `OPTIONS` is
/// nobody's unless a handler claims it.
fn is_standard(method: &Method) -> bool {
    const STANDARD: [Method; 8] = [
        Method::GET,
        Method::POST,
        Method::PUT,
        Method::DELETE,
        Method::HEAD,
        Method::CONNECT,
        Method::PATCH,
        Method::TRACE,
    ];
    STANDARD.contains(method)
}

#[cfg(test)]
mod tests {
    use super::takes_whatever_follows;

    #[test]
    fn wildcards_are_told_from_parameters() {
        assert!(takes_whatever_follows("/files/{*path}"));
        assert!(takes_whatever_follows("/{id}/{*rest}"));
        for template in ["/", "/users/{id}", "/{id}/x", "/{{*x}}y", "{"] {
            assert!(!takes_whatever_follows(template), "{template}");
        }
    }
}
