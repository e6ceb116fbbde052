//! Texts inside labels and annotations of alerts, which Prometheus expands as templates.

/// The text so that expanding it gives it back.
///
/// Only `{{` starts an action. A `{` at the end counts as one, because what follows it may
/// start with another.
pub(crate) fn literal(text: &str) -> String {
    if !text.contains('{') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        if c == '{' && matches!(rest.peek(), Some('{') | None) {
            out.push_str("{{ \"{\" }}");
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::literal;

    #[test]
    fn actions_are_spelled_out() {
        for (text, escaped) in [
            ("/orders/{id}", "/orders/{id}"),
            ("{{ x }}", "{{ \"{\" }}{ x }}"),
            ("{{{", "{{ \"{\" }}{{ \"{\" }}{{ \"{\" }}"),
            ("end {", "end {{ \"{\" }}"),
        ] {
            assert_eq!(literal(text), escaped);
        }
    }
}
