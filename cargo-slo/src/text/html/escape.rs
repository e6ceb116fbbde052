//! Texts and values of attributes.

use crate::text::{characters::letters, push_spelled};

/// Adds a text to a page, between elements or in the quotes of an attribute.
///
/// Line breaks are references: no line of the source begins with what somebody else wrote. HTML
/// can't refer to most of what is not seen, so that is spelled out.
pub(crate) fn push(out: &mut String, text: &str) {
    for letter in letters(text) {
        match letter {
            ('&', _) => out.push_str("&amp;"),
            ('<', _) => out.push_str("&lt;"),
            ('>', _) => out.push_str("&gt;"),
            ('"', _) => out.push_str("&quot;"),
            ('\'', _) => out.push_str("&#39;"),
            ('\n', _) => out.push_str("&#10;"),
            ('#', false) => out.push_str("&#35;"),
            (c, true) => out.push(c),
            (c, false) => push_spelled(out, c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_a_mark() {
        let mut out = String::new();
        push(&mut out, "\"'<&>\n\u{1b}\u{202e}##[x]");
        assert_eq!(
            out,
            "&quot;&#39;&lt;&amp;&gt;&#10;\\u{1b}\\u{202e}#&#35;[x]"
        );
    }
}
