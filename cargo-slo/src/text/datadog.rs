//! Texts of users in names and messages of Datadog's monitors.

/// The text so that it notifies nobody and no variable is put into it.
///
/// `@name` in a message notifies, `{{name}}` is a variable, and neither can be escaped. A
/// word joiner, which takes no room, parts what would have to stand together.
pub(crate) fn literal(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        out.push(c);
        if c == '@' || c == '{' && rest.peek() == Some(&'{') {
            out.push('\u{2060}');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::literal;

    #[test]
    fn nobody_is_notified_by_chance() {
        let text = literal("@all {{{host.name}}} a@b.example");
        assert!(!text.contains("@a") && !text.contains("@b") && !text.contains("{{"));
        assert_eq!(
            text.replace('\u{2060}', ""),
            "@all {{{host.name}}} a@b.example"
        );
    }
}
