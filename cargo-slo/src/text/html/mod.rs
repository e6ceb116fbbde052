//! HTML.
//!
//! - `escape` is the one place where a text becomes HTML.
//! - `writer` puts elements around texts.

mod escape;
mod writer;

use escape::push;
pub(crate) use writer::Writer;
