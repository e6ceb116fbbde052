//! One event while it lasts: whose it is, which work belongs to it, and how it ends.
//!
//! [`track`] is the event. [`scope`] tells the code that runs which event it belongs to, [`claim`]
//! is what is known of an event's owner, and [`shared`] where that is kept once several threads
//! take part. [`annotated`], [`handle`], [`current`] and [`manual`] are what handlers see of it.

pub(crate) mod annotated;
pub(crate) mod call;
pub(crate) mod claim;
pub(crate) mod current;
pub(crate) mod handle;
pub(crate) mod judge;
pub(crate) mod manual;
pub(crate) mod packed;
pub(crate) mod reason;
pub(crate) mod scope;
pub(crate) mod shared;
pub(crate) mod span;
pub(crate) mod trace;
pub(crate) mod track;
pub(crate) mod unclaimed;
