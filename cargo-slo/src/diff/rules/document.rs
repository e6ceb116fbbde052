//! The shapes that rules come in.

use crate::input::yaml::{At, Wrong};

/// What a document, or an item of a list, is.
pub(super) enum Document<'a> {
    /// Groups of rules: of a rule file, a `PrometheusRule` or a `VMRule`.
    Groups(At<'a>),
    /// A map of namespaces, each with its groups, as a ruler gives them back.
    Namespaces,
    /// A list of objects of Kubernetes, as `kubectl get` gives it back.
    List(At<'a>),
    /// Files in an object of Kubernetes.
    ConfigMap(At<'a>),
    /// Something without rules: another object of Kubernetes, or nothing.
    Other,
}

/// Returns what a document is.
///
/// # Errors
/// If it is neither rules nor an object of Kubernetes.
pub(super) fn document(at: At<'_>) -> Result<Document<'_>, Wrong> {
    // What a file ends with that separates documents.
    if at.text() == Some("") {
        return Ok(Document::Other);
    }
    let groups = at.get("groups").filter(|groups| groups.text() != Some(""));
    let groups = groups.or_else(|| at.get("spec")?.get("groups"));
    if let Some(groups) = groups {
        return Ok(Document::Groups(groups));
    }
    let Some(kind) = at.text_of("kind") else {
        let is_namespaces = at.is_map() && at.entries().all(|(_, groups)| is_groups(groups));
        return match is_namespaces {
            true if at.entries().next().is_none() => Ok(Document::Other),
            true => Ok(Document::Namespaces),
            false => Err(at.wrong("there are no groups of rules")),
        };
    };
    Ok(match (at.get("items"), at.get("data")) {
        (Some(items), _) if kind.ends_with("List") => Document::List(items),
        (_, Some(data)) if kind == "ConfigMap" => Document::ConfigMap(data),
        _ => Document::Other,
    })
}

/// Returns whether a file in a `ConfigMap` may be rules: it may be of any kind.
pub(super) fn may_be_rules(text: &str) -> bool {
    text.lines().any(|line| {
        let line = line.trim_start_matches(['{', '"', ' ']);
        line.starts_with("groups") || line.starts_with("spec")
    })
}

/// Returns whether rules of ours may be in a text.
pub(super) fn may_be_ours(text: &str) -> bool {
    text.contains("slo:") || text.contains("Slo")
}

fn is_groups(at: At<'_>) -> bool {
    let is_group = |group: At<'_>| group.get("name").is_some() && group.get("rules").is_some();
    at.is_list() && at.items().all(is_group)
}
