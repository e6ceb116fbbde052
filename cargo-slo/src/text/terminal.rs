//! Texts in front of people.

use super::characters::{is_plain, letters};
use std::{borrow::Cow, fmt::Write};

/// The text on one line, with everything spelled out that is not seen itself.
///
/// Shown as it is, it could move the cursor of a terminal, forge lines of the output, or turn
/// letters around so that something else is read than what is there. Two colons where a word
/// could begin are taken apart: at the start of a line, systems that run builds take them for a
/// command.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    if is_plain(text) && !text.contains("::") {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    let mut letters = letters(text);
    let mut at_word = true;
    while let Some((c, is_shown)) = letters.next() {
        let is_command = c == ':' && at_word && letters.peek() == Some(':');
        match is_shown && !is_command {
            true => shown.push(c),
            false => push_spelled(&mut shown, c),
        }
        at_word = is_shown && c.is_whitespace();
    }
    Cow::Owned(shown)
}

/// The text with its line breaks, each of which is one character, and with a space for a tab;
/// everything else that is not seen is spelled out.
pub(crate) fn shown(text: &str) -> String {
    let text = text
        .replace("\r\n", "\n")
        .replace(['\r', '\u{85}', '\u{2028}', '\u{2029}'], "\n")
        .replace('\t', " ");
    let mut out = String::with_capacity(text.len());
    for (c, is_shown) in letters(&text) {
        match is_shown || c == '\n' {
            true => out.push(c),
            false => push_spelled(&mut out, c),
        }
    }
    out
}

/// A character as Rust spells it, such as `\n` and `\u{202e}`.
pub(crate) fn push_spelled(out: &mut String, c: char) {
    match c {
        '\t' => out.push_str("\\t"),
        '\r' => out.push_str("\\r"),
        '\n' => out.push_str("\\n"),
        // A text takes whatever is written to it.
        c => drop(write!(out, "\\u{{{:x}}}", u32::from(c))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_of_plain_text() {
        assert_eq!(visible("a\nb\u{1b}[31m\u{9b}é"), "a\\nb\\u{1b}[31m\\u{9b}é");
        assert_eq!(visible("\u{e0041}\u{feff}x"), "\\u{e0041}\\u{feff}x");
        assert!(matches!(visible("orders::api"), Cow::Owned(same) if same == "orders::api"));
        assert!(matches!(visible("plain"), Cow::Borrowed("plain")));
    }

    #[test]
    fn no_command_of_a_system_that_runs_builds() {
        assert_eq!(visible("::error::x"), "\\u{3a}:error::x");
        assert_eq!(
            visible("GET /a ::set-output x"),
            "GET /a \\u{3a}:set-output x"
        );
        assert_eq!(visible("##[group]x"), "#\\u{23}[group]x");
    }

    #[test]
    fn lines_stay_lines_in_documents() {
        assert_eq!(
            shown("a\r\nb\rc\u{2029}d\te\0\u{1b}\u{202e}f"),
            "a\nb\nc\nd e\\u{0}\\u{1b}\\u{202e}f"
        );
    }
}
