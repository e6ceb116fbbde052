//! Whether a request inside another layer's event is the same request, or a new one.
//!
//! A mark in the extensions tells: it goes wherever the request goes and is copied with it, by a
//! retry or a hedge, and a new request has none. It costs something, so requests are marked
//! only once one was seen inside another. That one can't be told, and neither can those inside
//! requests that were under way by then.

use http::Extensions;
use std::sync::{
    Once,
    atomic::{AtomicBool, Ordering::Relaxed},
};

/// True once a request was seen inside another layer's event.
static IS_NESTING: AtomicBool = AtomicBool::new(false);

/// The mark of a request that a layer has seen.
#[derive(Clone, Copy, Debug)]
struct Seen;

/// What is known of a request when it reaches a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// The layer counts it, whatever turns up.
    Settled,
    /// No layer has seen it, as far as marks tell.
    Unmarked,
    /// Another layer has seen it.
    Marked,
}

/// What a request is to the event around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Relation {
    /// The same request.
    Same,
    /// A new request.
    Another,
    /// It can't be told: the one around it was not marked.
    Unknown,
}

/// True where requests are marked.
#[inline]
pub(crate) fn is_marking() -> bool {
    IS_NESTING.load(Relaxed)
}

/// Marks a request, and says where it stood before.
#[cold]
pub(crate) fn mark(extensions: &mut Extensions) -> Standing {
    match extensions.insert(Seen) {
        Some(Seen) => Standing::Marked,
        None => Standing::Unmarked,
    }
}

/// Where a request stands that is called within an event that nobody has claimed.
#[cold]
pub(crate) fn standing(extensions: &Extensions) -> Standing {
    match extensions.get() {
        Some(Seen) => Standing::Marked,
        None => Standing::Unmarked,
    }
}

/// What a request is to the event that is entered, which nobody has claimed.
#[cold]
pub(crate) fn relation(standing: Standing) -> Relation {
    IS_NESTING.store(true, Relaxed);
    match standing {
        Standing::Marked => {
            slo_sdk::layer::set_doubled();
            Relation::Same
        }
        Standing::Settled | Standing::Unmarked if slo_sdk::layer::is_marked() => Relation::Another,
        Standing::Settled | Standing::Unmarked => Relation::Unknown,
    }
}

/// True where a request comes to this layer again after a handler has claimed it, as with a retry
/// between two layers. What a handler hands on comes for the first time: a separate event.
pub(crate) fn is_again(standing: Standing) -> bool {
    standing == Standing::Marked && slo_sdk::layer::is_doubled()
}

/// Says once that a request can't be told from the one around it, and what becomes of both.
#[cold]
pub(crate) fn report(is_counted: bool) {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let (it, the_other) = if is_counted {
            ("counted", "claims it")
        } else {
            ("counted nowhere", "claims it or its route is known")
        };
        slo_sdk::layer::warn(format_args!(
            "a request reached a layer within the event of another, and it can't be told whether \
             it is the same request: it is {it}, and the other one only where a handler of its own \
             {the_other}; requests are marked from now on, so that this can be told of those that \
             start later"
        ));
    });
}
