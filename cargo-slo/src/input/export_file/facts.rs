//! What people wrote, as an export holds it: tables with places.

use super::{
    read::Parts,
    shape::{Confidential, Tables},
};
use crate::input::{Mistake, json_table};
use serde::Deserialize;
use serde_json::value::RawValue;
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

/// Longest object of facts that is read, in bytes: the longest `slo.toml`, as JSON.
const MAX_FACTS_BYTES: usize = 1 << 20;

/// The file up to the end of what people wrote, closed so that it stays JSON: records are most of a
/// file, and no place in them is shown.
pub(super) fn without_records(text: &str, parts: &Parts<'_>) -> String {
    let end = |object: &RawValue| json_table::place(object, text).end;
    let tables = parts.catalogue.iter().flat_map(Tables::all);
    let values = parts.confidential.iter().filter_map(|part| part.value);
    let nested = tables
        .copied()
        .chain(values)
        .map(|object| (end(object), "\n}}"));
    let facts = parts.facts.map(|object| (end(object), "\n}"));
    match nested.chain(facts).max() {
        Some((end, close)) => format!("{}{close}", &text[..end]),
        None => String::new(),
    }
}

/// Reads the facts from the text that is kept of a file.
pub(super) fn facts_table(text: &str) -> Option<Spanned<DeTable<'_>>> {
    #[derive(Deserialize)]
    struct Kept<'t> {
        #[serde(borrow)]
        facts: Option<&'t RawValue>,
        #[serde(borrow)]
        confidential: Option<Confidential<&'t RawValue>>,
    }
    let kept: Kept<'_> = serde_json::from_str(text).ok()?;
    joined(kept.facts, kept.confidential.as_ref(), text)?.ok()
}

/// Reads a table of the catalogue from the text that is kept of a file.
pub(super) fn catalogue_table<'t>(
    text: &'t str,
    of: fn(&Tables<&'t RawValue>) -> Option<&'t RawValue>,
) -> Option<Spanned<DeTable<'t>>> {
    #[derive(Deserialize)]
    struct Kept<'t> {
        #[serde(borrow)]
        catalogue: Tables<&'t RawValue>,
    }
    let kept: Kept<'_> = serde_json::from_str(text).ok()?;
    json_table::table(of(&kept.catalogue)?, text).ok()
}

/// The facts with what is confidential of them; `None` if there are none.
pub(super) fn joined<'t>(
    facts: Option<&'t RawValue>,
    confidential: Option<&Confidential<&'t RawValue>>,
    text: &str,
) -> Option<Result<Spanned<DeTable<'t>>, Mistake>> {
    let facts = object(facts?, text);
    let Some(value) = confidential.and_then(|part| part.value) else {
        return Some(facts);
    };
    let join = |mut facts: Spanned<DeTable<'t>>| {
        let value = object(value, text)?;
        let span = value.span();
        let key = Spanned::new(span.clone(), "value".into());
        let value = Spanned::new(span, DeValue::Table(value.into_inner()));
        facts.get_mut().insert(key, value);
        Ok(facts)
    };
    Some(facts.and_then(join))
}

pub(super) fn object<'t>(raw: &'t RawValue, text: &str) -> Result<Spanned<DeTable<'t>>, Mistake> {
    if raw.get().len() > MAX_FACTS_BYTES {
        return Err(Mistake {
            message: format!("there are more than {MAX_FACTS_BYTES} bytes of facts"),
            span: json_table::place(raw, text),
        });
    }
    json_table::table(raw, text)
}
