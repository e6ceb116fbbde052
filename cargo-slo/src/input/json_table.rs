//! JSON as TOML has it, with the places of everything.
//!
//! What people wrote as TOML is exported as JSON. Read back as the same tables, both come in by one
//! door: the same types judge them, and say of both where they are wrong.

use super::Mistake;
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::value::RawValue;
use std::{fmt, ops::Range};
use toml::{
    Spanned,
    de::{DeArray, DeTable, DeValue},
};

/// Values within values; no fact comes near.
const MAX_DEPTH: usize = 16;

/// A value of a text, with places in that text.
///
/// # Errors
/// If it holds what TOML does not: `null`, or a key twice.
pub(super) fn value<'t>(raw: &'t RawValue, text: &str) -> Result<Spanned<DeValue<'t>>, Mistake> {
    nested(raw, text, 0)
}

/// The same where it is an object.
///
/// # Errors
/// As [`value`], or if it is none.
pub(super) fn table<'t>(raw: &'t RawValue, text: &str) -> Result<Spanned<DeTable<'t>>, Mistake> {
    let value = value(raw, text)?;
    let span = value.span();
    match value.into_inner() {
        DeValue::Table(table) => Ok(Spanned::new(span, table)),
        _ => Err(mistake(span, "an object is expected here")),
    }
}

/// Where in a text of JSON a span lies, as a pointer: `/facts/dependency/0/kind`. `None` if the text
/// is not an object of JSON.
pub(super) fn pointer(text: &str, span: &Range<usize>) -> Option<String> {
    let mut raw: &RawValue = serde_json::from_str(text).ok()?;
    let mut pointer = String::new();
    let holds = |range: Range<usize>| range.start <= span.start && span.end <= range.end;
    for _ in 0..MAX_DEPTH {
        let inner = if raw.get().starts_with('{') {
            let Entries(entries) = serde_json::from_str(raw.get()).ok()?;
            let found = entries
                .into_iter()
                .find(|(key, value)| holds(place(key, text).start..place(value, text).end));
            found.and_then(|(key, value)| {
                let name: String = serde_json::from_str(key.get()).ok()?;
                Some((name.replace('~', "~0").replace('/', "~1"), value))
            })
        } else if raw.get().starts_with('[') {
            let items: Vec<&RawValue> = serde_json::from_str(raw.get()).ok()?;
            let mut items = items.into_iter().enumerate();
            items
                .find(|(_, item)| holds(place(item, text)))
                .map(|(index, item)| (index.to_string(), item))
        } else {
            None
        };
        let Some((name, value)) = inner else { break };
        pointer.push('/');
        pointer.push_str(&name);
        raw = value;
    }
    Some(pointer)
}

/// The bytes of a text that a part of it is.
pub(super) fn place(part: &RawValue, text: &str) -> Range<usize> {
    let start = part.get().as_ptr().addr() - text.as_ptr().addr();
    start..start + part.get().len()
}

fn nested<'t>(
    raw: &'t RawValue,
    text: &str,
    depth: usize,
) -> Result<Spanned<DeValue<'t>>, Mistake> {
    let span = place(raw, text);
    if depth > MAX_DEPTH {
        let what = format!("values are nested more than {MAX_DEPTH} deep");
        return Err(mistake(span, what));
    }
    let wrong = |error: serde_json::Error| mistake(place(raw, text), error.to_string());
    let content = raw.get();
    let value = match content.as_bytes().first() {
        Some(b'{') => {
            let Entries(entries) = serde_json::from_str(content).map_err(wrong)?;
            let mut table = DeTable::new();
            for (key, value) in entries {
                let at = place(key, text);
                let name: String = serde_json::from_str(key.get()).map_err(wrong)?;
                let value = nested(value, text, depth + 1)?;
                if table.contains_key(name.as_str()) {
                    return Err(mistake(at, format!("`{name}` stands here twice")));
                }
                table.insert(Spanned::new(at, name.into()), value);
            }
            DeValue::Table(table)
        }
        Some(b'[') => {
            let items: Vec<&RawValue> = serde_json::from_str(content).map_err(wrong)?;
            let items = items.into_iter().map(|item| nested(item, text, depth + 1));
            DeValue::Array(items.collect::<Result<DeArray<'_>, _>>()?)
        }
        Some(b'"') => DeValue::String(
            serde_json::from_str::<String>(content)
                .map_err(wrong)?
                .into(),
        ),
        Some(b't') => DeValue::Boolean(true),
        Some(b'f') => DeValue::Boolean(false),
        // A number is written alike in both.
        Some(b'0'..=b'9' | b'-') => match DeValue::parse(content) {
            Ok(number) => number.into_inner(),
            Err(error) => return Err(mistake(span, error.message())),
        },
        _ => return Err(mistake(span, "unknown value `null`")),
    };
    Ok(Spanned::new(span, value))
}

fn mistake(span: Range<usize>, message: impl Into<String>) -> Mistake {
    Mistake {
        message: message.into(),
        span,
    }
}

/// The keys and values of an object, as they are written.
struct Entries<'t>(Vec<(&'t RawValue, &'t RawValue)>);

impl<'de: 't, 't> Deserialize<'de> for Entries<'t> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Entries<'t>, D::Error> {
        struct Each;
        impl<'de> Visitor<'de> for Each {
            type Value = Vec<(&'de RawValue, &'de RawValue)>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(entries)
            }
        }
        deserializer.deserialize_map(Each).map(Entries)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(text: &str) -> &RawValue {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn every_value_has_its_place_and_its_pointer() {
        let text = r#"{"a": [{"b/~": "x\u0041"}, 7], "c": {"d": true}}"#;
        let table = table(raw(text), text).unwrap();
        let item = &table.get_ref()["a"].get_ref()[0];
        let (key, value) = item.get_ref().as_table().unwrap().iter().next().unwrap();
        assert_eq!(value.get_ref().as_str(), Some("xA"));
        assert_eq!(&text[value.span()], r#""x\u0041""#);
        assert_eq!(&text[key.span()], r#""b/~""#);
        for span in [value.span(), key.span()] {
            assert_eq!(pointer(text, &span).as_deref(), Some("/a/0/b~1~0"));
        }
        let at = |of: &str| {
            let start = text.find(of).unwrap();
            pointer(text, &(start..start + of.len())).unwrap()
        };
        assert_eq!(at("true"), "/c/d");
        assert_eq!(at("7"), "/a/1");
        assert_eq!(at("}, 7"), "/a");
        assert_eq!(pointer("{", &(0..1)), None);
    }

    #[test]
    fn what_toml_has_not_is_a_mistake_at_its_place() {
        let deep = format!("{}1{}", "[".repeat(20), "]".repeat(20));
        for (text, place) in [
            (r#"{"a": null}"#, "null"),
            (r#"{"a": 1, "a": 2}"#, "\"a\""),
            (r#"{"a": 99999999999999999999e}"#, ""),
            (&format!("{{\"a\": {deep}}}"), "[[[[1]]]]"),
            ("[]", "[]"),
        ] {
            let Ok(raw) = serde_json::from_str(text) else {
                assert_eq!(place, "");
                continue;
            };
            let Mistake { span, .. } = table(raw, text).unwrap_err();
            assert_eq!(&text[span], place);
        }
    }
}
