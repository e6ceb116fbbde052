//! YAML, in the part of it that YAML 1.1 and 1.2 read alike.

use super::{characters::letters, visible};
use std::fmt::Write;

/// A text in double quotes. What is not seen is escaped: whoever reviews a generated file should
/// see what its reader will read.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    push_quoted(&mut out, text);
    out
}

/// The same at the end of another text.
pub(crate) fn push_quoted(out: &mut String, text: &str) {
    out.push('"');
    // Almost no text needs an escape.
    match all(text, is_plain) {
        true => out.push_str(text),
        false => push_escaped(out, text),
    }
    out.push('"');
}

/// True for what stands for itself, whatever is beside it.
fn is_plain(byte: u8) -> bool {
    (b' '..=b'~').contains(&byte) & (byte != b'"') & (byte != b'\\') & (byte != b'#')
}

/// A text with escapes; runs of plain characters are written as a whole.
fn push_escaped(out: &mut String, text: &str) {
    let mut rest = text;
    while !rest.is_empty() {
        let plain = rest.bytes().take_while(|byte| is_plain(*byte)).count();
        // What comes behind the last of them may be judged by it.
        let (plain, more) = rest.split_at(plain.saturating_sub(1));
        out.push_str(plain);
        let mut letters = letters(more);
        while let Some(letter) = letters.next() {
            push(out, letter);
            let next = letters.peek().and_then(|next| u8::try_from(next).ok());
            if next.is_some_and(is_plain) {
                break;
            }
        }
        rest = letters.as_str();
    }
}

fn push(out: &mut String, letter: (char, bool)) {
    match letter {
        ('"', _) => out.push_str("\\\""),
        ('\\', _) => out.push_str("\\\\"),
        ('\n', _) => out.push_str("\\n"),
        (c, true) => out.push(c),
        // A text takes whatever is written to it. YAML, unlike JSON, has no pairs of surrogates.
        (c @ ..'\u{10000}', false) => drop(write!(out, "\\u{:04x}", u32::from(c))),
        (c, false) => drop(write!(out, "\\U{:08x}", u32::from(c))),
    }
}

/// Lines of comment. A character that could end the comment and begin something else is spelled
/// out, as is everything that is not seen.
pub(crate) fn comment(lines: &[String]) -> String {
    let mut out = String::new();
    for line in lines {
        out += format!("# {}", visible(line)).trim_end();
        out.push('\n');
    }
    out
}

/// True if all bytes are such; a chunk is looked at as a whole, many bytes at a time.
fn all(text: &str, is_such: impl Fn(u8) -> bool) -> bool {
    const CHUNK: usize = 64;
    let mut chunks = text.as_bytes().chunks(CHUNK);
    chunks.all(|chunk| chunk.iter().fold(true, |all, byte| all & is_such(*byte)))
}

/// True where a literal block keeps the text as it is. One that starts with a space would change
/// the indentation of its block, one that ends with a line break would lose it.
pub(crate) fn fits_block(text: &str) -> bool {
    // Almost all code is ASCII.
    let is_plain = |byte: u8| ((b' '..=b'~').contains(&byte) & (byte != b'#')) | (byte == b'\n');
    !text.is_empty()
        && !text.starts_with([' ', '\n'])
        && !text.ends_with('\n')
        && (all(text, is_plain) || letters(text).all(|(c, is_shown)| is_shown || c == '\n'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_stays_a_comment() {
        let head = ["service a\nevil: true".to_owned(), "b\u{2028}c".to_owned()];
        assert_eq!(comment(&head), "# service a\\nevil: true\n# b\\u{2028}c\n");
    }

    proptest::proptest! {
        #[test]
        fn any_text_survives(text: String, more in "[\u{0}-\u{a0}\u{2020}-\u{2070}\u{fdd0}-\u{ffff}\u{e0000}-\u{e01ff}#\\[\n]{0,12}") {
            for text in [text, more] {
                let yaml = quoted(&text);
                let mut letter_by_letter = String::new();
                letters(&text).for_each(|letter| push(&mut letter_by_letter, letter));
                proptest::prop_assert_eq!(&yaml, &format!("\"{letter_by_letter}\""));
                proptest::prop_assert!(letters(&yaml).all(|(_, is_shown)| is_shown), "{yaml}");
                let read: String = serde_norway::from_str(&yaml).unwrap();
                proptest::prop_assert_eq!(&read, &text);
                let read: String = saphyr(&yaml);
                proptest::prop_assert_eq!(&read, &text);
            }
        }
    }

    /// The one text of a document, by a parser that shares nothing with the other.
    fn saphyr(yaml: &str) -> String {
        let events = saphyr_parser::Parser::new_from_str(yaml);
        let text = events.filter_map(|event| match event.unwrap().0 {
            saphyr_parser::Event::Scalar(text, ..) => Some(text.into_owned()),
            _ => None,
        });
        text.collect()
    }

    #[test]
    fn texts_that_look_like_something_else() {
        for text in [
            "",
            "yes",
            "1e3",
            "2026-01-01",
            "a: b # c",
            "- x",
            "\"quoted\" 'both' \\ back",
            "line\nbreak\r\ttab",
            "{{ $value }} }}",
            "日本語 \u{1f980} é",
            "...\n---\n",
            "&anchor *alias !tag %dir @at `tick`",
            " leading and trailing ",
        ] {
            let yaml: serde_norway::Value = serde_norway::from_str(&quoted(text)).unwrap();
            assert_eq!(yaml.as_str(), Some(text));
        }
        assert_eq!(
            quoted("\u{e0041}\u{202e}##["),
            r#""\U000e0041\u202e#\u0023[""#
        );
    }

    #[test]
    fn blocks_hold_what_is_seen() {
        assert!(fits_block("a\n b"));
        for other in ["", " a", "\na", "a\n", "a\u{7}", "a\u{e0041}", "a\u{202e}b"] {
            assert!(!fits_block(other), "{other:?}");
        }
    }
}
