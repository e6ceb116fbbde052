//! `slo.toml` names a tier, a burn-rate setting, a policy or a consumer that the catalogue does not have.
//!
//! What is not found is not applied: a misspelt tier checks nothing, a misspelt setting leaves the
//! usual alerts. The catalogue is the folder that `--catalog`, the environment variable `SLO_CATALOG`
//! or `[catalogue]` in `slo.toml` names; its files are `tiers.toml`, `burn-rates.toml`,
//! `policies.toml` and `consumers.toml`.
//!
//! Correct the name, or add the entry to the catalogue. There is no reason for an exception: the
//! word does nothing on its own.

use crate::{
    diagnostics::{Level, nearest},
    fleet::{Fleet, Place, Subject},
    rules::{Finding, Rule, rule::Check},
};

pub(in crate::rules) const RULE: Rule = Rule {
    name: "not-in-catalogue",
    level: Level::Error,
    check: Check::Service(check),
    source: include_str!("not_in_catalogue.rs"),
};

fn check(_: &Fleet<'_>, subject: &Subject<'_>) -> Vec<Finding> {
    let Some(facts) = subject.facts() else {
        return Vec::new();
    };
    let catalogue = subject.catalogue;
    let named = [
        (
            "tier",
            "tiers.toml",
            facts.tier.iter().collect::<Vec<_>>(),
            catalogue.tiers.names().collect::<Vec<_>>(),
        ),
        (
            "burn-rate setting",
            "burn-rates.toml",
            facts.burn_rate_names().collect(),
            catalogue.burn_rates.names().collect(),
        ),
        (
            "policy",
            "policies.toml",
            facts.policy_names().collect(),
            catalogue.policies.names().collect(),
        ),
    ];
    let each = named.into_iter().flat_map(|(what, file, names, known)| {
        let names = names.into_iter();
        names.map(move |name| (what, file, name, known.clone()))
    });
    let consumers = facts
        .journey
        .values()
        .flat_map(|journey| &journey.consumers);
    let consumers = consumers.map(|name| {
        let known = catalogue.consumers.names().collect();
        ("consumer", "consumers.toml", name, known)
    });
    let mut found = Vec::new();
    for (what, file, name, known) in each.chain(consumers) {
        if known.contains(&name.get_ref().as_str()) {
            continue;
        }
        let finding = Finding::new(
            name.get_ref(),
            Place::Manifest(name.span()),
            format!("the catalogue has no {what} called `{}`", name.get_ref()),
        );
        let finding = match &catalogue.folder {
            None => finding
                .note("no catalogue was given")
                .help("name its folder: `--catalog DIR`, or for good `[catalogue]` with its `path` in `slo.toml`"),
            Some(_) if known.is_empty() => {
                finding.note(format!("its `{file}` is missing or empty"))
            }
            Some(_) => finding.note(format!("`{file}` has: {}", known.join(", "))),
        };
        found.push(match nearest(name.get_ref(), known) {
            Some(meant) => finding.meant(subject, name.span(), meant),
            None => finding,
        });
    }
    found
}
