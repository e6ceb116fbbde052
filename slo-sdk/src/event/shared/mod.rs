//! Events that several threads or tasks take part in: [`state`] is what they know of one,
//! [`registry`] finds it by its key.

pub(crate) mod registry;
pub(crate) mod state;

pub(crate) use registry::{Context, Key, SharedEvent, claim, close, keep, take_context, with};
