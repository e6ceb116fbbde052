//! Tags, as Datadog stores them.

/// A tag with this value, as it is stored: Datadog keeps letters in lower case, digits and
/// `_ - : . /`, makes one underscore of whatever else there is, and cuts a tag off after 200
/// characters. Nothing that is left has a meaning in a query.
pub(super) fn tag(key: &str, value: &str) -> String {
    let mut tag = format!("{key}:");
    for c in value.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() || matches!(c, '-' | ':' | '.' | '/') {
            tag.push(c);
        } else if !tag.ends_with('_') {
            tag.push('_');
        }
    }
    let tag: String = tag.chars().take(200).collect();
    tag.trim_end_matches('_').to_owned()
}

/// True where the value is stored as it is.
pub(super) fn is_kept(key: &str, value: &str) -> bool {
    tag(key, value) == format!("{key}:{value}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_cannot_leave_their_tag() {
        assert_eq!(tag("service", "orders-api.v2"), "service:orders-api.v2");
        assert_eq!(tag("service", "Orders API"), "service:orders_api");
        assert_eq!(
            tag("service", "a,slo.outcome:good} by {*\"$"),
            "service:a_slo.outcome:good_by"
        );
        assert_eq!(tag("k", &"x".repeat(300)).len(), 200);
        assert!(is_kept("service", "a_b") && !is_kept("service", "A"));
    }
}
