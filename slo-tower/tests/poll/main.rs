//! The layer poll by poll: every row of the table of what counts, in every place the layer
//! can stand, left at every point where a client or a server can leave.
//!
//! Nothing waits here: the answer of a handler comes from a mock when the test says so, a
//! body is a list of frames, and the clock moves when it is told to.

mod counted;
mod frames;
mod handlers;
mod own;
mod placement;
mod play;
mod row;
mod rows;
