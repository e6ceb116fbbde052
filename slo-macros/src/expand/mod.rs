//! Writes what an annotation stands for. Nothing is refused here.
//!
//! The function keeps its signature and attributes; its body becomes
//!
//! 1. [`declaration`]: a constant with everything the annotation says,
//! 2. [`statics`]: the endpoint that counts, its entry in the registry of the process, and
//!    the record for `cargo slo` in a [`section`] of the binary,
//! 3. [`body`]: what the user wrote, inside the call that measures it.
//!
//! A [`caret`] decides where the compiler points if a value is wrong. All other tokens
//! carry the span of the attribute: they are the macro's, so lints of the user's crate
//! (`forbid(unsafe_code)` above all) don't apply to them.

mod body;
mod caret;
mod declaration;
mod erase;
mod function;
mod section;
mod sentinel;
mod service;
mod standalone;
mod statics;
mod steps;

pub(crate) use function::function;
pub(crate) use sentinel::sentinel;
pub(crate) use service::service;
pub(crate) use standalone::standalone;
