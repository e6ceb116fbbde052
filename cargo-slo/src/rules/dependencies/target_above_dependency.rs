//! The availability target is higher than that of a hard dependency.
//!
//! When a hard dependency fails, the requests that need it fail too, so no service is more available
//! than the least available of them, however good it is itself. A dependency that spends all of its
//! own budget, as it may, spends more than all of the budget here. Dependencies of dependencies
//! count as well, as far as their `slo.toml` or the catalogue tells.
//!
//! Lower the target to that of the dependency, agree on a higher one with its owner, or do without
//! it when it fails: with a cache, a queue or a default it is soft, which `slo.toml` says with `kind =
//! "soft"`, its mitigation and the reason why that is good enough.
//!
//! An exception is right where the promise is known to be far too low, as that of a vendor who
//! promises only what costs nothing to break: it names the history that shows it.

use crate::{
    diagnostics::Level,
    fleet::{Fleet, Place, Subject, dependencies::hard},
    rules::{Finding, Rule, rule::Check},
};

pub(in crate::rules) const RULE: Rule = Rule {
    name: "target-above-dependency",
    level: Level::Error,
    check: Check::Service(check),
    source: include_str!("target_above_dependency.rs"),
};

fn check(fleet: &Fleet<'_>, subject: &Subject<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (slo, all) in hard(fleet, subject) {
        let promised = all
            .iter()
            .filter_map(|call| Some((call, call.availability()?)));
        let Some((call, loosest)) = promised.min_by_key(|(_, promise)| promise.target) else {
            continue;
        };
        if loosest.target >= slo.target {
            continue;
        }
        let name = slo.identity.name_in_service();
        found.push(
            Finding::new(
                &name,
                Place::first_of(&slo.sources),
                format!(
                    "`{name}` promises {}, but depends on `{}`, which promises {}",
                    slo.target,
                    loosest.name(),
                    loosest.target
                ),
            )
            .note(format!(
                "the way there: {} → {}",
                subject.service.name,
                call.path.join(" → ")
            ))
            .note(call.owned_by())
            .promise(
                fleet,
                subject,
                slo,
                loosest.target,
                format!("promise at most {}", loosest.target),
            )
            .help(format!("or agree on a higher target with {}", call.owner()))
            .help("or make the dependency soft: answer without it while it fails"),
        );
    }
    found
}
