//! Which function serves which route, read from how axum's routers are put together.
//!
//! - [`find`] evaluates every function of the crates: `value` is what an expression may be,
//!   `evaluate` walks through statements and expressions, `calls` knows routers and their methods.
//! - [`Mount`] is what comes out: a handler on a path, with the places that say so.
//!
//! A path is only believed where all of it is known: that of a router that nobody nests or serves
//! here is not, since nobody can say what stands before it.

mod calls;
mod evaluate;
mod value;

pub(super) use evaluate::{find, is_about_routes, unseen_macro};
pub(super) use value::{Mount, Target};
