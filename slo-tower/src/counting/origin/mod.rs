//! Where a request was going, in case its handler never says.
//!
//! `request` answers for one that no handler claims; `way` is what it keeps of the request's path
//! and route for that, and `served` whether an answer says that somebody served it.

mod request;
mod served;
mod way;

pub(crate) use request::RequestOrigin;
