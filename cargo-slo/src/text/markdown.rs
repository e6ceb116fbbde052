//! Markdown, in the dialect that GitHub, GitLab and Grafana read (CommonMark with tables).

use super::{characters::letters, push_spelled};

/// A text that reads back as the same in a paragraph, a heading, a point of a list and a cell of a
/// table. What is not seen is spelled out: on a page it would work as anywhere else.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut letters = letters(text);
    // The last three, in lower case.
    let mut before = ['\0'; 3];
    while let Some((c, is_shown)) = letters.next() {
        let next = letters.peek();
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '~' | '$' | '#' => out.extend(['\\', c]),
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            // In a table it would end the cell, escaped or not, depending on who reads.
            '|' => out.push_str("&#124;"),
            '\n' => out.push_str("&#10;"),
            // Nothing is a link that was not meant to be one, …
            ':' if next == Some('/') => out.push_str("&#58;"),
            '.' if before == ['w'; 3] => out.push_str("&#46;"),
            // … nor an address of mail, nor does it tell anybody: these are looked for when
            // references are resolved already, but not across a comment.
            '@' if next.is_some_and(|next| !next.is_whitespace()) => out.push_str("@<!-- -->"),
            c if is_shown => out.push(c),
            c => push_spelled(&mut out, c),
        }
        before = [before[1], before[2], c.to_ascii_lowercase()];
    }
    out
}

/// A name between backticks, or `None` if they can't hold it.
pub(crate) fn code(text: &str) -> Option<String> {
    let is_plain = !text.trim().is_empty()
        && text.trim() == text
        && letters(text).all(|(c, is_shown)| is_shown && !matches!(c, '`' | '|'));
    is_plain.then(|| format!("`{text}`"))
}

/// The same text at the start of a block, where signs mean something that they don't elsewhere.
pub(crate) fn at_start(text: String) -> String {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let is_list = matches!(text.as_bytes().get(digits), Some(b'.' | b')')) && digits > 0;
    match text.as_bytes().first() {
        Some(b'+' | b'-' | b'=' | b':') => format!("\\{text}"),
        _ if is_list => format!("{}\\{}", &text[..digits], &text[digits..]),
        _ => text,
    }
}

/// A link whose text is its address, which holds neither spaces nor `<` and `>`.
pub(crate) fn link(address: &str) -> String {
    match address.contains('&') {
        false => format!("<{address}>"),
        // Whether references count between `<` and `>` depends on who reads.
        true => named_link(&escaped(address), address),
    }
}

/// A link under a name that is Markdown already.
pub(crate) fn named_link(name: &str, address: &str) -> String {
    let address = address.replace('\\', "\\\\").replace('&', "&amp;");
    format!("[{name}](<{address}>)")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_a_mark() {
        assert_eq!(escaped("a*b_c|d\ne<f>"), "a\\*b\\_c&#124;d&#10;e&lt;f&gt;");
        assert_eq!(
            escaped("https://a WWW.b w.c"),
            "https&#58;//a WWW&#46;b w.c"
        );
        assert_eq!(escaped("a@b.c @d @ e"), "a@<!-- -->b.c @<!-- -->d @ e");
        assert_eq!(
            escaped("\u{202e}\u{e0041}\u{1b}"),
            "\\u{202e}\\u{e0041}\\u{1b}"
        );
        assert_eq!(at_start("12. a".into()), "12\\. a");
        assert_eq!(at_start("- a".into()), "\\- a");
        assert_eq!(code("a b").as_deref(), Some("`a b`"));
        for other in ["a`b", "a|b", "", " a", "a\nb", "a\u{202e}"] {
            assert_eq!(code(other), None, "{other:?}");
        }
        assert_eq!(link("https://a/?b"), "<https://a/?b>");
        assert_eq!(
            link("https://a/?b&lt"),
            "[https&#58;//a/?b&amp;lt](<https://a/?b&amp;lt>)"
        );
    }
}
