//! One event, from its start to its only end: for authors of layers.
//!
//! [`Track`] is the event. Its [`Origin`] knows whose it is where no handler says so, an
//! [`Answered`] what an answer says about it, and a [`Deadline`] how long it may take.

mod answered;
mod deadline;
mod ending;
mod event;
mod nested;
mod origin;

pub use answered::Answered;
pub use deadline::Deadline;
pub use event::{EnterGuard, Track};
pub use nested::{claim, disregard, is_doubled, is_marked, is_tracked, set_doubled};
pub use origin::{BodyPhase, Origin, Own};
