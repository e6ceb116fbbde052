//! The tags that an SLO is known by.

use std::collections::BTreeSet;

/// Keys of tags that tell an SLO from others.
const KEYS: [&str; 5] = [
    "service",
    "service.namespace",
    "slo.journey",
    "slo.endpoint",
    "slo.sli",
];

/// Keys of the other tags that we write.
const OTHER_KEYS: [&str; 3] = ["team", "managed_by", "severity"];

/// What says that an object was generated.
const OURS: &str = "managed_by:cargo-slo";

/// The tags that an SLO, or a monitor of it, is known by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Identity(BTreeSet<String>);

impl Identity {
    pub(super) fn from_tags<'t>(tags: impl IntoIterator<Item = &'t str>) -> Identity {
        let known = tags.into_iter().filter(|tag| KEYS.contains(&key(tag)));
        Identity(known.map(str::to_owned).collect())
    }

    /// The service and its namespace, which others may have SLOs of as well.
    pub(super) fn owner(&self) -> Identity {
        let of_service = |tag: &&String| key(tag).starts_with("service");
        Identity(self.0.iter().filter(of_service).cloned().collect())
    }
}

/// True where the tags say that it was generated.
pub(super) fn is_generated(tags: &[&str]) -> bool {
    tags.contains(&OURS)
}

/// The value of a tag.
pub(super) fn value<'t>(tags: &'t [String], wanted: &str) -> Option<&'t str> {
    let mut values = tags.iter().filter_map(|tag| tag.split_once(':'));
    values.find_map(|(key, value)| (key == wanted).then_some(value))
}

/// Tags that are missing, and those of ours that are too many.
pub(super) fn differences<'t>(
    found: &'t [String],
    wanted: &'t [String],
) -> (Vec<&'t String>, Vec<&'t String>) {
    let missing = wanted.iter().filter(|tag| !found.contains(tag));
    let is_ours = |tag: &&String| KEYS.contains(&key(tag)) || OTHER_KEYS.contains(&key(tag));
    let left_over = found.iter().filter(|tag| !wanted.contains(tag));
    (missing.collect(), left_over.filter(is_ours).collect())
}

/// The tags that there should be: ours, and those of others that are there.
pub(super) fn merged(found: &[String], wanted: &[String]) -> Vec<String> {
    let (_, left_over) = differences(found, wanted);
    let others = found
        .iter()
        .filter(|tag| !wanted.contains(tag) && !left_over.contains(tag));
    wanted.iter().chain(others).cloned().collect()
}

/// How a difference of tags is told.
pub(super) fn told(found: &[String], wanted: &[String]) -> Vec<String> {
    let (missing, left_over) = differences(found, wanted);
    let missing = missing.iter().map(|tag| format!("missing tag {tag}"));
    let left_over = left_over.iter().map(|tag| format!("left over tag {tag}"));
    missing.chain(left_over).collect()
}

fn key(tag: &str) -> &str {
    tag.split_once(':').map_or(tag, |(key, _)| key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_of_others_are_kept_and_ours_are_compared() {
        let tags = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let wanted = tags("service:a slo.sli:latency team:x managed_by:cargo-slo");
        let found = tags("env:prod managed_by:cargo-slo service:a slo.sli:latency team:y");
        assert_eq!(
            told(&found, &wanted),
            ["missing tag team:x", "left over tag team:y"]
        );
        assert_eq!(
            merged(&found, &wanted).join(" "),
            "service:a slo.sli:latency team:x managed_by:cargo-slo env:prod"
        );
        let identity = |tags: &[String]| Identity::from_tags(tags.iter().map(String::as_str));
        assert_eq!(identity(&found), identity(&wanted));
        assert_eq!(
            identity(&wanted).owner(),
            Identity(["service:a".to_owned()].into())
        );
        let elsewhere = tags("service:a service.namespace:b slo.sli:latency");
        assert_ne!(identity(&elsewhere).owner(), identity(&wanted).owner());
        assert_eq!(value(&found, "team"), Some("y"));
    }
}
