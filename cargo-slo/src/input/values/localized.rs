//! Texts in several languages.

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, Visitor},
};
use std::{collections::BTreeMap, fmt};

/// A text for people: `"Orders"`, or one per language, `{ en = "Orders", ja = "注文" }`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Localized {
    /// The texts by the tag of their language; that of a plain text is empty.
    texts: BTreeMap<String, String>,
}

impl Localized {
    /// Returns the text in a language, by its tag, where it is there.
    pub fn in_language(&self, tag: &str) -> Option<&str> {
        self.texts.get(tag).map(String::as_str)
    }

    /// Returns the text for whoever does not ask for a language: the plain one, else the English one,
    /// else the first by tag. With it goes its tag; `None` for a plain text.
    pub fn any(&self) -> (Option<&str>, &str) {
        let known = ["", "en"]
            .into_iter()
            .find_map(|tag| self.texts.get_key_value(tag));
        match known.or_else(|| self.texts.first_key_value()) {
            None => (None, ""),
            Some((tag, text)) => (Some(tag.as_str()).filter(|tag| !tag.is_empty()), text),
        }
    }

    /// Returns the text for whoever does not ask for a language, as [`any`](Localized::any).
    pub fn text(&self) -> &str {
        self.any().1
    }

    /// Returns the texts of all languages.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        self.texts.values().map(String::as_str)
    }

    /// Returns `true` if it says nothing in any language.
    pub fn is_blank(&self) -> bool {
        self.texts.values().all(|text| text.trim().is_empty())
    }
}

impl From<&str> for Localized {
    fn from(text: &str) -> Localized {
        Localized {
            texts: BTreeMap::from([(String::new(), text.to_owned())]),
        }
    }
}

/// The tag of a language, as in BCP 47: `ja`, `pt-BR`.
fn is_tag(text: &str) -> bool {
    let mut parts = text.split('-');
    let is_language = parts
        .next()
        .is_some_and(|part| (2..=3).contains(&part.len()) && is_lower(part));
    let is_part = |part: &str| {
        (2..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
    };
    is_language && parts.all(is_part)
}

fn is_lower(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_lowercase())
}

impl<'de> Deserialize<'de> for Localized {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Localized, D::Error> {
        struct Texts;
        impl<'de> Visitor<'de> for Texts {
            type Value = Localized;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text, or one per language such as `{ en = \"…\", ja = \"…\" }`")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Localized, E> {
                Ok(text.into())
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Localized, A::Error> {
                let mut texts = BTreeMap::new();
                while let Some((tag, text)) = map.next_entry::<String, String>()? {
                    if !is_tag(&tag) {
                        let what = format!(
                            "`{tag}` is not a language; expected a tag such as `en` or `ja`"
                        );
                        return Err(A::Error::custom(what));
                    }
                    texts.insert(tag, text);
                }
                match texts.is_empty() {
                    true => Err(A::Error::custom("there is no text in any language")),
                    false => Ok(Localized { texts }),
                }
            }
        }
        deserializer.deserialize_any(Texts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    struct File {
        text: Localized,
    }

    fn read(text: &str) -> Result<Localized, String> {
        let file: Result<File, _> = toml::from_str(text);
        file.map(|file| file.text)
            .map_err(|error| error.to_string())
    }

    #[test]
    fn one_text_or_one_per_language() {
        let plain = read("text = 'Orders'").unwrap();
        assert_eq!(
            (plain.any(), plain.in_language("ja")),
            ((None, "Orders"), None)
        );
        let both = read("text.ja = '注文'\ntext.en = 'Orders'").unwrap();
        assert_eq!(both.any(), (Some("en"), "Orders"));
        assert_eq!(both.in_language("ja"), Some("注文"));
        let one = read("text = { pt-BR = 'Pedidos' }").unwrap();
        assert_eq!(one.any(), (Some("pt-BR"), "Pedidos"));
        assert!(read("text = { en = ' ', ja = '' }").unwrap().is_blank());
        assert!(!both.is_blank());
        for (wrong, why) in [
            ("text = {}", "no text in any language"),
            ("text = 3", "a text, or one per language"),
            ("text = { japanese = 'a' }", "`japanese` is not a language"),
            ("text = { JA = 'a' }", "`JA` is not a language"),
            ("text = { 'ja ' = 'a' }", "is not a language"),
            ("text = { '' = 'a' }", "`` is not a language"),
        ] {
            let error = read(wrong).unwrap_err();
            assert!(error.contains(why), "{wrong}: {error}");
        }
    }
}
