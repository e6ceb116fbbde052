//! SLOs that are gone, with their history.

use super::{Change, Field, Side, State, compare::promise};
use crate::diagnostics::nearest;
use std::collections::BTreeMap;

/// What was removed on purpose: why, by the name of the service and what `slo.toml` calls it.
pub type Removed = BTreeMap<(String, String), String>;

/// The name of an SLO, as identities are written: `service/journey.sli` or
/// `service/journey/endpoint.sli`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Name<'a> {
    service: &'a str,
    /// `journey` or `journey/endpoint`.
    part: &'a str,
    sli: &'a str,
}

impl<'a> Name<'a> {
    fn parse(slo: &'a str) -> Option<Name<'a>> {
        let (service, rest) = slo.split_once('/')?;
        // The name of an SLI has no dot.
        let (part, sli) = rest.rsplit_once('.')?;
        Some(Name { service, part, sli })
    }

    fn journey(self) -> &'a str {
        self.part.split('/').next().unwrap_or(self.part)
    }

    fn endpoint(self) -> Option<&'a str> {
        Some(self.part.split_once('/')?.1)
    }
}

/// The change that an SLO is gone.
pub(super) fn change(
    slo: &str,
    state: &State,
    before: &Side,
    after: &Side,
    removed: Option<&Removed>,
) -> Change {
    let gone = Change {
        before: Some(promise(state)),
        ..Change::of(slo, Field::Slo)
    };
    let Some(name) = Name::parse(slo) else {
        return Change { lost: true, ..gone };
    };
    if let Some(reason) = removed.and_then(|removed| reason(name, removed)) {
        return Change {
            details: vec![format!("removed on purpose, {reason}")],
            ..gone
        };
    }
    let history = match state.window {
        Some(window) => format!("{} days of its history are lost", window.length_days()),
        None => "its history is lost".to_owned(),
    };
    let renamed = match candidate(slo, name, before, after) {
        Some(other) => format!(
            "if it is {}/{} now, say so there: {}",
            name.service,
            other.part,
            formerly(name, other, after)
        ),
        None => format!(
            "if it has another name now, say so there: {}",
            paste(name, None)
        ),
    };
    let on_purpose = format!(
        "if it was removed on purpose, say so in slo.toml:\n[[removed]]\nname = \"{}.{}\"\nreason = \"…\"",
        name.part, name.sli
    );
    Change {
        details: vec![history],
        lost: true,
        help: vec![renamed, on_purpose],
        ..gone
    }
}

/// Why it was removed, with its endpoint, or with all of its journey, if that is said.
fn reason<'a>(name: Name<'_>, removed: &'a Removed) -> Option<&'a str> {
    let Name { service, part, sli } = name;
    let names = [
        format!("{part}.{sli}"),
        part.to_owned(),
        name.journey().to_owned(),
    ];
    let mut reasons = names
        .into_iter()
        .filter_map(|name| removed.get(&(service.to_owned(), name)));
    reasons.next().map(String::as_str)
}

/// The SLO that is new and probably the one that is gone: it serves the same route, or has
/// a similar name, or is the only one that is new.
fn candidate<'a>(slo: &str, name: Name<'_>, before: &Side, after: &'a Side) -> Option<Name<'a>> {
    let known = before.slos.as_ref()?;
    let new: Vec<Name<'a>> = after
        .slos
        .iter()
        .flat_map(BTreeMap::keys)
        .filter(|other| *other != slo && !known.contains_key(*other))
        .filter_map(|other| Name::parse(other))
        .filter(|other| {
            (other.service, other.sli) == (name.service, name.sli)
                && other.endpoint().is_some() == name.endpoint().is_some()
        })
        .collect();
    let route = |side: &'_ Side, name: Name<'_>| {
        let part = format!("{}/{}", name.service, name.part);
        side.routes.get(&part).cloned()
    };
    let old_route = route(before, name);
    let mut same_route = new
        .iter()
        .filter(|other| old_route.is_some() && route(after, **other) == old_route);
    if let Some(other) = same_route.next() {
        return Some(*other);
    }
    if let Some(part) = nearest(name.part, new.iter().map(|other| other.part)) {
        return new.iter().find(|other| other.part == part).copied();
    }
    match &new[..] {
        [only] => Some(*only),
        _ => None,
    }
}

/// What is to be written at the new name.
fn formerly(name: Name<'_>, other: Name<'_>, after: &Side) -> String {
    let is_there = |journey: &str| {
        let slos = after.slos.iter().flat_map(BTreeMap::keys);
        let mut names = slos.filter_map(|slo| Name::parse(slo));
        names.any(|slo| slo.service == name.service && slo.journey() == journey)
    };
    let is_journey_renamed = name.journey() != other.journey() && !is_there(name.journey());
    if is_journey_renamed && name.endpoint() == other.endpoint() {
        return format!(
            "Journey::new({:?}).formerly(&[{:?}])",
            other.journey(),
            name.journey()
        );
    }
    paste(name, Some(other))
}

/// The annotation of an endpoint that was called so.
fn paste(name: Name<'_>, other: Option<Name<'_>>) -> String {
    match (name.endpoint(), other) {
        (None, _) => format!(".formerly(&[{:?}]) on its journey", name.journey()),
        (Some(endpoint), Some(other)) if name.journey() == other.journey() => {
            format!("#[slo(…, formerly = {endpoint:?})]")
        }
        (Some(_), _) => format!("#[slo(…, formerly = {:?})]", name.part),
    }
}
