//! Texts in SARIF, which are JSON with a syntax of their own.

/// A message without links: `[text](place)` in one is a link, unless a backslash stands before
/// what would end its text.
pub(crate) fn message(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut parts = text.split("](").peekable();
    while let Some(part) = parts.next() {
        out.push_str(part);
        if parts.peek().is_some() {
            // Before another backslash, one would escape that instead.
            let before = part.len() - part.trim_end_matches('\\').len();
            out.extend(std::iter::repeat_n('\\', before + 1));
            out.push_str("](");
        }
    }
    out
}

/// A path as a relative reference (RFC 3986), or as a `file:` address where it is absolute.
pub(crate) fn uri(path: &str) -> String {
    let path = path.replace('\\', "/");
    let mut uri = String::with_capacity(path.len());
    if path.starts_with('/') {
        uri += "file://";
    }
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            _ => uri += &format!("%{byte:02X}"),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_addresses() {
        assert_eq!(uri("src/a b.rs"), "src/a%20b.rs");
        assert_eq!(uri("/srv/é.rs"), "file:///srv/%C3%A9.rs");
        assert_eq!(uri("src\\a:1.rs"), "src/a%3A1.rs");
    }

    #[test]
    fn nothing_is_a_link() {
        assert_eq!(message("[a](1) [b] (c)"), "[a\\](1) [b] (c)");
        assert_eq!(message("[a\\](1)](2)"), "[a\\\\\\](1)\\](2)");
    }
}
