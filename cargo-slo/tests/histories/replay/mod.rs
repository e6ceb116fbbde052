//! What the rules should have said, from the events themselves.
//!
//! A second way to the same numbers, which shares nothing with PromQL: it takes what every
//! pod counted, puts each event where it was first seen, and sums up whole numbers. So it can
//! judge the generated rules, and tell what other objectives would have meant in the past.
//!
//! - [`Counter`] is what one series showed over time, restarts and gaps included.
//! - [`Timeline`] holds the events of all of them, and how many lie in a window.
//! - [`Engine`] says, for a moment, what is left of the error budget and which [`Alert`]s fire.
//!
//! Nothing here reads or writes files or knows the time.

mod alert;
mod counter;
mod engine;
mod timeline;

pub(crate) use alert::Alert;
pub(crate) use counter::Counter;
pub(crate) use engine::Engine;
pub(crate) use timeline::Timeline;
