//! Every word of the page, one table per language.
//!
//! A table is a value of [`Texts`], so a text that one language lacks is a compile error. Names in
//! braces are places to be filled in, and backticks hold names and commands.

mod en;
mod ja;
mod table;

use crate::document::Language;
pub(super) use table::Texts;

/// Returns the words of a language.
pub(super) const fn of(language: Language) -> &'static Texts {
    match language {
        Language::English => &en::TEXTS,
        Language::Japanese => &ja::TEXTS,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::lint::faults;
    use std::collections::BTreeSet;

    /// All texts in the order of the fields, by the table as it is written for debugging.
    fn texts(language: Language) -> Vec<String> {
        let table = format!("{:?}", of(language));
        table
            .split('"')
            .skip(1)
            .step_by(2)
            .map(|text| text.replace("\\u{a0}", "\u{a0}"))
            .collect()
    }

    fn places(text: &str) -> BTreeSet<&str> {
        text.split('{')
            .skip(1)
            .filter_map(|rest| Some(rest.split_once('}')?.0))
            .collect()
    }

    #[test]
    fn languages_have_the_same_places_and_names() {
        let (en, ja) = (texts(Language::English), texts(Language::Japanese));
        assert_eq!(en.len(), ja.len());
        assert!(en.len() > 80, "{}", en.len());
        for (en, ja) in en.iter().zip(&ja) {
            assert_eq!(places(en), places(ja), "{en} / {ja}");
            let names = |text: &str| -> BTreeSet<String> {
                text.split('`')
                    .skip(1)
                    .step_by(2)
                    .map(str::to_owned)
                    .collect()
            };
            assert_eq!(names(en), names(ja), "{en} / {ja}");
        }
    }

    #[test]
    fn japanese_is_japanese() {
        let texts = texts(Language::Japanese).into_iter().filter(|text| {
            // What HTML names, and the way to the other language.
            !["ja", "en", "?lang=en", "English"].contains(&&**text)
        });
        let faults: Vec<_> = texts.flat_map(|text| faults(&text)).collect();
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }
}
