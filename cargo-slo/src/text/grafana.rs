//! Texts of users, in which Grafana is to find neither variables nor Markdown.

use super::is_invisible;

/// The text so that no variable is put into it: `$name`, `${name}` and `[[name]]` are
/// variables and none can be escaped, so a word joiner, which takes no room, parts them.
pub(crate) fn literal(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        out.push(c);
        if c == '$' || c == '[' && rest.peek() == Some(&'[') {
            out.push('\u{2060}');
        }
    }
    out
}

/// The same where Grafana reads Markdown, with a space for a line break.
pub(crate) fn markdown(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace(['\n', '\r'], " ");
    literal(&super::markdown::escaped(&text))
}

/// The address of a page, if it is one of the web, with nothing in it that Grafana would take
/// for a variable.
pub(crate) fn address(url: &str) -> Option<String> {
    let of_web = url.starts_with("https://") || url.starts_with("http://");
    let mut out = String::with_capacity(url.len());
    for c in url.chars() {
        match c {
            '$' => out.push_str("%24"),
            '[' => out.push_str("%5B"),
            ']' => out.push_str("%5D"),
            '{' => out.push_str("%7B"),
            '}' => out.push_str("%7D"),
            ' ' => out.push_str("%20"),
            '"' => out.push_str("%22"),
            '<' => out.push_str("%3C"),
            '>' => out.push_str("%3E"),
            c if is_invisible(c) => {}
            c => out.push(c),
        }
    }
    of_web.then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_variable_is_left() {
        let text = literal("$a ${b} [[c]] [[[d]]]");
        assert!(!text.contains("$a") && !text.contains("${") && !text.contains("[["));
        assert_eq!(text.replace('\u{2060}', ""), "$a ${b} [[c]] [[[d]]]");
        assert_eq!(markdown("a*b\n<i>[x](y)"), "a\\*b &lt;i&gt;\\[x\\](y)");
        let text = markdown("$a [[b]] ${c}");
        assert!(
            !text.contains("$a") && !text.contains("[[") && !text.contains("${"),
            "{text}"
        );
    }

    #[test]
    fn only_pages_of_the_web_are_linked() {
        assert_eq!(address("javascript:alert(1)"), None);
        assert_eq!(
            address("https://a/$x?[[y]]").as_deref(),
            Some("https://a/%24x?%5B%5By%5D%5D")
        );
    }
}
