//! JSON that a terminal shows as it is.
//!
//! JSON escapes the control characters of ASCII and no others. What is read by a program today is
//! looked at by a person tomorrow, so here everything that is not seen is escaped, too; whoever
//! parses it gets the same text.

use super::characters::{is_plain, letters};
use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter};
use std::io::{self, Write};

/// Writes a value on one line.
///
/// # Errors
/// If the stream can't be written to.
pub(crate) fn write_compact(to: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    write(to, value, CompactFormatter)
}

/// Writes a value with a line for each part of it.
///
/// # Errors
/// If the stream can't be written to.
pub(crate) fn write_pretty(to: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    write(to, value, PrettyFormatter::new())
}

/// A value on one line, as a text.
pub(crate) fn compact(value: &(impl Serialize + ?Sized)) -> String {
    text(value, CompactFormatter)
}

/// A value with a line for each part of it, as a text.
pub(crate) fn pretty(value: &impl Serialize) -> String {
    text(value, PrettyFormatter::new())
}

fn text(value: &(impl Serialize + ?Sized), formatter: impl Formatter) -> String {
    let mut bytes = Vec::new();
    // A vector takes whatever is written to it, and what is written as JSON here are texts,
    // numbers and lists of them, under keys that are texts.
    let written = write(&mut bytes, value, formatter);
    written.expect("texts and numbers are always JSON");
    String::from_utf8(bytes).expect("JSON is text")
}

fn write(
    to: &mut dyn Write,
    value: &(impl Serialize + ?Sized),
    formatter: impl Formatter,
) -> io::Result<()> {
    let mut serializer = serde_json::Serializer::with_formatter(to, Escaped(formatter));
    Ok(value.serialize(&mut serializer)?)
}

struct Escaped<F>(F);

impl<F: Formatter> Formatter for Escaped<F> {
    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        to: &mut W,
        text: &str,
    ) -> io::Result<()> {
        if is_plain(text) {
            return self.0.write_string_fragment(to, text);
        }
        let (mut start, mut at) = (0, 0);
        for (c, is_shown) in letters(text) {
            if !is_shown {
                self.0.write_string_fragment(to, &text[start..at])?;
                for unit in c.encode_utf16(&mut [0; 2]) {
                    write!(to, "\\u{unit:04x}")?;
                }
                start = at + c.len_utf8();
            }
            at += c.len_utf8();
        }
        self.0.write_string_fragment(to, &text[start..])
    }

    fn begin_array<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.0.begin_array(to)
    }

    fn end_array<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.0.end_array(to)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, to: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(to, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.0.end_array_value(to)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.0.begin_object(to)
    }

    fn end_object<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.0.end_object(to)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, to: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(to, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.0.begin_object_value(to)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.0.end_object_value(to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    proptest::proptest! {
        #[test]
        fn nothing_is_lost_and_nothing_is_invisible(text: String, more in "[\u{7f}-\u{a0}\u{2020}-\u{2070}\u{e0000}-\u{e01ff}#\\[\n]{0,9}") {
            let value = json!({ (more.clone()): [text, more, 1, null, {}] });
            let (mut compact, mut pretty) = (Vec::new(), Vec::new());
            write_compact(&mut compact, &value).unwrap();
            write_pretty(&mut pretty, &value).unwrap();
            for bytes in [compact, pretty] {
                let written = String::from_utf8(bytes).unwrap();
                proptest::prop_assert!(letters(&written).all(|(c, is_shown)| is_shown || c == '\n'));
                let read: Value = serde_json::from_str(&written).unwrap();
                proptest::prop_assert_eq!(&read, &value);
            }
        }
    }

    #[test]
    fn lines_are_those_of_serde() {
        let value = json!({"a": [1, {"b": "é"}], "c": {}, "d": []});
        let mut pretty = Vec::new();
        write_pretty(&mut pretty, &value).unwrap();
        assert_eq!(pretty, serde_json::to_vec_pretty(&value).unwrap());
    }
}
