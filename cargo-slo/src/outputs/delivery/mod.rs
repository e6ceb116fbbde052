//! Files on their way into a folder.
//!
//! - [`Delivery`] puts them there, all at once or not at all; [`write`] does it for those that are
//!   there already.
//! - [`Replace`] is which files may be replaced: `mark` tells ours from those of others.
//! - `staging` is the folder beside their places where they wait, and how one that a killed run
//!   left is told from one that is in use.
//! - `lasting` makes them survive a crash.

mod all_or_none;
mod lasting;
mod mark;
mod replace;
mod staging;

pub use all_or_none::{Delivery, write};
pub(super) use mark::is_ours;
pub use replace::{Kept, Replace};
