//! The endpoints a service offers, as files beside the code list them.
//!
//! - [`ApiFiles`] says which files, [`Api`] is what they list: an [`Offered`] endpoint each, with
//!   the place that says so.
//! - `openapi` reads descriptions of HTTP APIs, `descriptors` what a compiler of protobuf writes,
//!   `gateway` the routes of gateways, ingresses and meshes, `list` a line per endpoint.
//! - [`RoutePattern`] is a route without the spelling of its parameters.
//! - [`ApiError`] says what is wrong with a file.
//!
//! These files may be large, generated, and from anybody: whatever they hold, reading takes time
//! and memory in proportion to their length, and ends with an error or with all that is in them.

mod descriptors;
mod error;
mod gateway;
mod list;
mod offered;
mod openapi;
mod pattern;
mod read;

pub use error::ApiError;
pub use offered::{Api, Offered, Protocols};
pub use pattern::RoutePattern;
pub use read::{ApiFiles, Kind, read};
