//! A document as a file.

use super::{Document, Language, html, markdown};
use crate::outputs::File;

/// How a document is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Markdown, for where code is read.
    Markdown,
    /// One page that needs nothing else.
    Html,
}

/// Returns the document in these formats. Files are called after the service, `orders.slo.md`, and
/// after the language where it is not English, `orders.slo.ja.html`.
pub fn files(document: &Document, formats: &[Format]) -> Vec<File> {
    let language = match document.language {
        Language::English => "",
        other => &format!("{}.", other.texts().tag),
    };
    let files = formats.iter().map(|format| {
        let (ending, content) = match format {
            Format::Markdown => ("md", markdown::text(document)),
            Format::Html => ("html", html::page(document)),
        };
        File {
            name: format!("{}.slo.{language}{ending}", document.service),
            content,
        }
    });
    files.collect()
}
