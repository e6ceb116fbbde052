//! PromQL.

use super::yaml;

/// A text in double quotes. The escapes of PromQL are those of Go, all of which YAML has as well;
/// an expression stands in YAML as it is, so nothing is in it that could not.
pub(crate) fn quoted(text: &str) -> String {
    yaml::quoted(text)
}

/// The regular expression that describes this text and no other, as Go's `QuoteMeta`.
pub(crate) fn regex_of(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if r"\.+*?()|[]{}^$".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_in_expressions_describe_themselves() {
        assert_eq!(regex_of("orders-api_2"), "orders-api_2");
        assert_eq!(regex_of(r"\.+*?()|[]{}^$"), r"\\\.\+\*\?\(\)\|\[\]\{\}\^\$");
    }
}
