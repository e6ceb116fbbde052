//! Events that several threads or tasks take part in: [`state`] is what they know of one,
//! [`registry`] finds it by its key.

pub(crate) mod registry;
pub(crate) mod state;

pub(crate) use registry::{Key, SharedEvent, claim, close, with};
