//! A document as one page that needs nothing else: no script, no font, no request.
//!
//! - Elements and texts are written by `text::html`, the one place where a text becomes HTML.
//! - `page` puts the document into landmarks, headings and tables.
//! - `svg` draws the pictures, `calendar` that of a budget, `style.css` is how all of it looks, on screens and on paper.

mod calendar;
mod page;
mod svg;
mod width;

use crate::text::html as writer;
pub(super) use page::page;
