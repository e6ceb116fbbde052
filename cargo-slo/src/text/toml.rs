//! TOML.

use super::characters::letters;
use std::fmt::Write;

/// A string on one line: what could end it, and what is not seen, is escaped.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for letter in letters(text) {
        match letter {
            (c @ ('"' | '\\'), _) => out.extend(['\\', c]),
            (c, true) => out.push(c),
            // A text takes whatever is written to it.
            (c @ ..'\u{10000}', false) => drop(write!(out, "\\u{:04X}", u32::from(c))),
            (c, false) => drop(write!(out, "\\U{:08X}", u32::from(c))),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn any_text_reads_back(text: String, more in "[\u{0}-\u{a0}\u{2020}-\u{2070}\u{e0000}-\u{e01ff}\"]{0,9}") {
            for text in [text, more] {
                let line = format!("a = {}", quoted(&text));
                proptest::prop_assert!(letters(&line).all(|(_, is_shown)| is_shown), "{line}");
                let read: std::collections::BTreeMap<String, String> =
                    ::toml::from_str(&line).unwrap();
                proptest::prop_assert_eq!(&read["a"], &text);
            }
        }
    }
}
