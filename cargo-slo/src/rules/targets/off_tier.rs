//! The target is stricter or looser than the service's tier sets.
//!
//! A tier is what an organisation settled for services of a kind, so that not every team has to find
//! its own numbers. A tighter target costs more than the users of the tier asked for; a looser one
//! breaks what others build upon. Either may be right for one journey: then say why, in an exception
//! with a reason, and nobody has to ask again.
//!
//! The tier is named by `tier` in `slo.toml` and settled in `tiers.toml` of the catalogue.

use crate::{
    definition::{Sli, Slo},
    diagnostics::Level,
    fleet::{Fleet, Place, Subject},
    input::{catalogue::Tier, values::Promise},
    rules::{Finding, Rule, rule::Check},
};
use toml::Spanned;

pub(in crate::rules) const RULE: Rule = Rule {
    name: "off-tier",
    level: Level::Warning,
    check: Check::Service(check),
    source: include_str!("off_tier.rs"),
};

fn check(fleet: &Fleet<'_>, subject: &Subject<'_>) -> Vec<Finding> {
    let tier = subject.facts().and_then(|facts| facts.tier.as_ref());
    let Some((name, tier)) =
        tier.and_then(|name| Some((name.get_ref(), subject.catalogue.tiers.get(name.get_ref())?)))
    else {
        return Vec::new();
    };
    let slos = subject.service.slos.iter();
    slos.filter_map(|slo| judged(fleet, subject, slo, name, tier))
        .collect()
}

fn judged(
    fleet: &Fleet<'_>,
    subject: &Subject<'_>,
    slo: &Slo,
    tier_name: &str,
    tier: &Tier,
) -> Option<Finding> {
    let settled = match &slo.sli {
        Sli::Availability => tier.availability.as_ref(),
        Sli::Latency { name, .. } => tier.latency.get(name),
    };
    let settled: Promise = *settled.map(Spanned::get_ref)?;
    let own = Promise {
        target: slo.target,
        threshold: slo.sli.threshold(),
    };
    // A tier that settles no threshold leaves it to the service.
    let threshold = settled
        .threshold
        .and(own.threshold)
        .cmp(&settled.threshold.and(settled.threshold));
    let (tighter, looser) = (
        own.target > settled.target || (settled.threshold.is_some() && threshold.is_lt()),
        own.target < settled.target || (settled.threshold.is_some() && threshold.is_gt()),
    );
    let how = match (tighter, looser) {
        (false, false) => return None,
        (true, false) => "tighter than",
        (false, true) => "looser than",
        (true, true) => "not",
    };
    let name = slo.identity.name_in_service();
    let finding = Finding::new(
        &name,
        Place::first_of(&slo.sources),
        format!("`{name}` is {how} its tier `{tier_name}`"),
    )
    .note(format!("it promises {own}, the tier {settled}"));
    let words = format!("promise {settled}");
    let finding = match settled.threshold.is_none_or(|_| threshold.is_eq()) {
        true => finding.promise(fleet, subject, slo, settled.target, words),
        false => finding.help(words),
    };
    Some(finding.help("or say in an exception why this one differs"))
}
