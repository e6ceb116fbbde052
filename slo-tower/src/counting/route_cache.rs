//! The routes that routers have matched so far, and what requests of them have shown.
//!
//! A router keeps one text per route and hands it out with each request. So the address of
//! the text tells router and route, as long as the text is kept: a request has to share nothing
//! with the router to be remembered by its route, and two routers with the same routes are told
//! apart.

use crate::counting::{routes::is_wildcard, verb::Verb};
use axum::extract::MatchedPath;
use http::{Extensions, Method};
use slo_sdk::Endpoint;
use std::{
    collections::HashMap,
    num::NonZeroU16,
    ptr,
    sync::{
        OnceLock, PoisonError, RwLock,
        atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed},
    },
};

/// A route of a router.
#[derive(Debug)]
pub(crate) struct Template {
    /// Kept, so that no other text can have its address.
    matched: MatchedPath,
    /// True for `/files/{*path}`, which may stand for many endpoints.
    pub(crate) is_wildcard: bool,
    /// Its place among all, from one on.
    pub(crate) number: NonZeroU16,
    text: &'static Text,
    learnt: RwLock<Vec<(Method, Learnt)>>,
}

/// What is known of a route's text, whichever router it is of.
#[derive(Debug)]
struct Text {
    /// The route that stands for those beyond [`MAX_ADDRESSES`].
    first: OnceLock<&'static Template>,
    /// How many routers have it, as far as is known.
    addresses: AtomicUsize,
    /// True once it was said that nothing can be learnt of it.
    is_reported: AtomicBool,
}

/// What requests of one route and method have shown.
#[derive(Clone, Copy, Debug)]
enum Learnt {
    /// All that reached a handler reached this one.
    Always(&'static Endpoint),
    /// Several handlers stand behind the route, or one without an annotation, so it says nothing
    /// about a request that reached none: a dispatch by host, GraphQL, a cache.
    Ambiguous,
}

/// Most routes that are told apart, fewer than numbers; they are the application's own, so this is
/// never reached.
const MAX_TEMPLATES: usize = 10_000;

/// Routers with the same route that are told apart. A text with more addresses is made again for
/// each request, as `nest_service` does, and tells no router.
const MAX_ADDRESSES: usize = 8;

static ALL: RwLock<Option<Known>> = RwLock::new(None);

#[derive(Default)]
struct Known {
    by_address: HashMap<usize, &'static Template>,
    by_text: HashMap<Box<str>, &'static Text>,
    by_number: Vec<&'static Template>,
}

/// Those whose address says where they are.
static BY_ADDRESS: [OnceLock<&'static Template>; 1 << PLACES] =
    [const { OnceLock::new() }; 1 << PLACES];

const PLACES: u32 = 10;

/// The route that matched, where a router says so; nothing beyond the first [`MAX_TEMPLATES`].
#[inline(never)]
pub(crate) fn matched(extensions: &Extensions) -> Option<&'static Template> {
    let matched: &MatchedPath = extensions.get()?;
    let text = matched.as_str();
    let place = &BY_ADDRESS[place(text)];
    match place.get() {
        Some(template) if ptr::eq(template.text(), text) => Some(template),
        _ => find(matched, place),
    }
}

/// The route of this number.
pub(crate) fn numbered(number: NonZeroU16) -> Option<&'static Template> {
    let all = ALL.read().unwrap_or_else(PoisonError::into_inner);
    let at = usize::from(number.get()) - 1;
    all.as_ref()?.by_number.get(at).copied()
}

/// By Fibonacci hashing; the lowest bits of addresses are all the same.
#[inline]
fn place(text: &str) -> usize {
    let address = text.as_ptr().addr() as u64;
    ((address >> 3).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (u64::BITS - PLACES)) as usize
}

/// Two addresses may have the same place, and of a text that is made again for each request no
/// address is kept.
#[cold]
fn find(matched: &MatchedPath, place: &OnceLock<&'static Template>) -> Option<&'static Template> {
    let all = ALL.read().unwrap_or_else(PoisonError::into_inner);
    if let Some(template) = all.as_ref().and_then(|all| all.find(matched)) {
        return Some(template);
    }
    drop(all);
    let mut all = ALL.write().unwrap_or_else(PoisonError::into_inner);
    let all = all.get_or_insert_default();
    if let Some(template) = all.find(matched) {
        return Some(template);
    }
    if all.by_address.len() >= MAX_TEMPLATES {
        return None;
    }
    let template = all.add(matched);
    // Where the place is taken, the one that was first keeps it.
    let _ = place.set(template);
    Some(template)
}

impl Known {
    /// The one with this address, or the one that stands for all with this text.
    fn find(&self, matched: &MatchedPath) -> Option<&'static Template> {
        let text = matched.as_str();
        let known = self.by_address.get(&text.as_ptr().addr()).copied();
        known.or_else(|| {
            let text = self.by_text.get(text)?;
            if text.addresses.load(Relaxed) < MAX_ADDRESSES {
                return None;
            }
            text.addresses.store(MAX_ADDRESSES + 1, Relaxed);
            text.first.get().copied()
        })
    }

    fn add(&mut self, matched: &MatchedPath) -> &'static Template {
        let text = *self
            .by_text
            .entry(matched.as_str().into())
            .or_insert_with(|| {
                Box::leak(Box::new(Text {
                    first: OnceLock::new(),
                    addresses: AtomicUsize::new(0),
                    is_reported: AtomicBool::new(false),
                }))
            });
        let before = u16::try_from(self.by_number.len()).unwrap_or(u16::MAX);
        let template: &'static Template = Box::leak(Box::new(Template {
            matched: matched.clone(),
            is_wildcard: is_wildcard(matched.as_str()),
            number: NonZeroU16::MIN.saturating_add(before),
            text,
            learnt: RwLock::default(),
        }));
        text.addresses.fetch_add(1, Relaxed);
        let _ = text.first.set(template);
        let address = matched.as_str().as_ptr().addr();
        self.by_address.insert(address, template);
        self.by_number.push(template);
        template
    }
}

impl Template {
    #[inline]
    pub(crate) fn text(&self) -> &str {
        self.matched.as_str()
    }

    /// The endpoint that all requests of this method have reached.
    pub(crate) fn learnt(&self, method: &Method) -> Option<&'static Endpoint> {
        if !self.can_be_learnt() {
            return None;
        }
        match self.what_was_learnt(method)? {
            Learnt::Always(endpoint) => Some(endpoint),
            Learnt::Ambiguous => None,
        }
    }

    /// False where the route stands for many endpoints, or its text for many routers.
    fn can_be_learnt(&self) -> bool {
        !self.is_wildcard && self.text.addresses.load(Relaxed) <= MAX_ADDRESSES
    }

    /// Remembers that an endpoint serves the route. True where that may be new.
    #[inline]
    pub(crate) fn learn(&'static self, verb: &Verb, endpoint: &'static Endpoint) -> bool {
        // A cheap first question: the answer "another route" only costs a look into the table.
        let is_other = verb.number().is_none_or(|number| {
            endpoint.is_other_route(ptr::from_ref(self).addr().rotate_left(16) ^ number)
        });
        if is_other {
            self.learn_now(verb.method(), Learnt::Always(endpoint));
        }
        is_other
    }

    /// Remembers that somebody answered with success who claimed nothing.
    #[cold]
    pub(crate) fn served_unclaimed(&self, method: &Method) {
        self.learn_now(method, Learnt::Ambiguous);
    }

    #[cold]
    fn learn_now(&self, method: &Method, new: Learnt) {
        let is_declared = |endpoint: &Endpoint| endpoint.declaration().route.is_some();
        if !self.can_be_learnt() {
            if let Learnt::Always(endpoint) = new
                && !is_declared(endpoint)
            {
                self.report(endpoint);
            }
            return;
        }
        match (self.what_was_learnt(method), new) {
            (Some(Learnt::Ambiguous), _) => return,
            (Some(Learnt::Always(known)), Learnt::Always(endpoint)) if ptr::eq(known, endpoint) => {
                return;
            }
            (None, _) if !is_standard(method) => return,
            _ => {}
        }
        let mut learnt = self.learnt.write().unwrap_or_else(PoisonError::into_inner);
        let Some((_, known)) = learnt.iter_mut().find(|(known, _)| is_same(known, method)) else {
            learnt.push((method.clone(), new));
            return;
        };
        let Learnt::Always(before) = *known else {
            return;
        };
        if !matches!(new, Learnt::Always(endpoint) if ptr::eq(before, endpoint)) {
            *known = Learnt::Ambiguous;
            if !is_declared(before) {
                self.report(before);
            }
        }
    }

    /// Says once that requests of the route are nobody's that reach no handler.
    fn report(&self, endpoint: &Endpoint) {
        if !self.text.is_reported.swap(true, Relaxed) {
            slo_sdk::layer::warn(format_args!(
                "a request of `{}` that reaches no handler can't be told to be one of {}, for \
                 others are behind the route, too: say `route` in its #[slo]",
                self.text(),
                endpoint.declaration().name,
            ));
        }
    }

    fn what_was_learnt(&self, method: &Method) -> Option<Learnt> {
        let learnt = self.learnt.read().unwrap_or_else(PoisonError::into_inner);
        let known = learnt.iter().find(|(known, _)| is_same(known, method));
        known.map(|(_, experience)| *experience)
    }
}

/// A router serves `HEAD` by the handler of `GET`.
fn is_same(one: &Method, other: &Method) -> bool {
    let as_served = |method: &Method| match *method {
        Method::HEAD => Method::GET,
        _ => method.clone(),
    };
    one == other || as_served(one) == as_served(other)
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
