//! The page of `cargo slo dev`.

use super::view::View;
use crate::{document::Language, text::html};

/// Returns the whole page, which shows `view` without any script; with `script`, the path of the
/// stream of its main part, it stays up to date.
pub fn page(view: &View, language: Language, stream: Option<&str>) -> String {
    let _ = (language, stream);
    format!(
        "<!doctype html><title>cargo slo dev</title>{}",
        main(view, language)
    )
}

/// Returns the main part of the page, which an update replaces.
pub fn main(view: &View, _language: Language) -> String {
    let json = serde_json::to_string_pretty(view).unwrap_or_default();
    let mut out = String::new();
    html::push(&mut out, &json);
    format!("<main><pre>{out}</pre></main>")
}
