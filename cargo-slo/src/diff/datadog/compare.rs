//! From what a Datadog has to what it should have.

use super::{
    Objective,
    burn_rate::BurnRate,
    identity::{Identity, is_generated},
    monitor, slo,
    wanted::readable,
};
use crate::{
    diff::{Change, Field, Request, SourceError},
    input::datadog::{Datadog, Monitor, Slo},
};
use std::collections::{BTreeMap, BTreeSet};

/// Asks a Datadog for the SLOs that are wanted and for whatever was generated for these owners, each of
/// them the tags of a service, and returns what differs. A service without an SLO is an owner, too:
/// what it had is left over. Nothing is changed there: each change has the requests that would do so.
///
/// # Errors
/// If it can't be asked.
pub fn compare_datadog(
    datadog: &Datadog,
    wanted: &[Objective],
    owners: &[Vec<String>],
    renamed: &BTreeMap<String, String>,
) -> Result<Vec<Change>, SourceError> {
    let identities: BTreeSet<_> = wanted.iter().map(|wanted| &wanted.identity).collect();
    let owners: BTreeSet<_> = owners
        .iter()
        .map(|tags| Identity::from_tags(tags.iter().map(String::as_str)))
        .collect();
    let is_left_over = |tags: &[&str]| {
        let owner = Identity::from_tags(tags.iter().copied()).owner();
        is_generated(tags) && owners.contains(&owner)
    };
    let slos = datadog.slos(|tags| {
        identities.contains(&Identity::from_tags(tags.iter().copied())) || is_left_over(tags)
    })?;
    let ids: BTreeSet<&str> = slos.iter().map(|slo| &*slo.id).collect();
    let monitors = datadog.monitors(|tags, query| {
        let slo = BurnRate::parse(query).map(|query| query.slo);
        slo.is_some_and(|slo| ids.contains(slo)) || is_left_over(tags)
    })?;
    Ok(changes(&slos, &monitors, wanted, renamed, datadog.url()))
}

fn changes(
    slos: &[Slo],
    monitors: &[Monitor],
    wanted: &[Objective],
    renamed: &BTreeMap<String, String>,
    url: &str,
) -> Vec<Change> {
    let mut of_identity: BTreeMap<Identity, Vec<&Slo>> = BTreeMap::new();
    for slo in slos {
        let identity = Identity::from_tags(slo.tags.iter().map(String::as_str));
        of_identity.entry(identity).or_default().push(slo);
    }
    let mut of_slo: BTreeMap<&str, Vec<&Monitor>> = BTreeMap::new();
    for monitor in monitors {
        let slo = BurnRate::parse(&monitor.query).map_or("", |query| query.slo);
        of_slo.entry(slo).or_default().push(monitor);
    }
    let mut changes = Vec::new();
    for wanted in wanted {
        let mut found = of_identity.remove(&wanted.identity).unwrap_or_default();
        // That which was created first has the history.
        found.sort_by_key(|slo| (!is_ours(slo), &slo.id));
        let Some((first, copies)) = found.split_first() else {
            changes.push(missing(wanted, url));
            continue;
        };
        changes.extend(slo::changes(first, wanted, url));
        let of_first = of_slo.remove(&*first.id).unwrap_or_default();
        changes.extend(monitor::change(&first.id, &of_first, wanted, url));
        for copy in copies {
            let of_copy = of_slo.remove(&*copy.id).unwrap_or_default();
            let what = format!("left over copy of {}", first.id);
            changes.push(left_over(copy, &of_copy, what, url));
        }
    }
    for slo in of_identity.into_values().flatten() {
        let name = readable(&slo.name);
        let what = match renamed.get(&name) {
            Some(present) => format!("left over, it is {present} now"),
            None => "left over".to_owned(),
        };
        let of_slo = of_slo.remove(&*slo.id).unwrap_or_default();
        changes.push(left_over(slo, &of_slo, what, url));
    }
    // Monitors of SLOs that are gone.
    changes.extend(of_slo.into_values().flatten().map(|monitor| Change {
        details: vec!["left over, its SLO is gone".to_owned()],
        apply: vec![Request::delete(monitor::of(url, monitor))],
        ..Change::of(&readable(&monitor.name), Field::Monitors)
    }));
    changes
}

fn is_ours(slo: &Slo) -> bool {
    let tags: Vec<_> = slo.tags.iter().map(String::as_str).collect();
    is_generated(&tags)
}

fn missing(wanted: &Objective, url: &str) -> Change {
    let slo = Request::post(format!("{url}/api/v1/slo"), wanted.body.clone());
    let monitors = wanted.monitors.iter();
    let monitors =
        monitors.map(|(_, body)| Request::post(format!("{url}/api/v1/monitor"), body.clone()));
    Change {
        details: vec!["missing".to_owned()],
        apply: std::iter::once(slo).chain(monitors).collect(),
        ..Change::of(&readable(&wanted.slo.name), Field::Datadog)
    }
}

/// Datadog deletes no SLO that a monitor watches.
fn left_over(slo: &Slo, monitors: &[&Monitor], what: String, url: &str) -> Change {
    let of_monitors = monitors
        .iter()
        .map(|of| Request::delete(monitor::of(url, of)));
    let of_slo = Request::delete(format!("{url}/api/v1/slo/{}", slo.id));
    Change {
        details: vec![what],
        apply: of_monitors.chain([of_slo]).collect(),
        ..Change::of(&readable(&slo.name), Field::Datadog)
    }
}
