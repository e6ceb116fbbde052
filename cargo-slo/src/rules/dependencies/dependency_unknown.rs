//! A dependency is unknown, so nothing can be checked against it.
//!
//! It was not read with this service, its export is not in `services/` of the catalogue, and no
//! vendor in `vendors.toml` has its name. Its owner runs `cargo slo export` and puts the file into the
//! catalogue; for a service of somebody else, an entry in `vendors.toml` says what they promise.
//!
//! Nothing is checked against a soft dependency, so one that is unknown is found only where its name
//! is nearly that of a service that is known.
//!
//! Until they have said anything, an exception names whom was asked, and when.

use crate::{
    diagnostics::{Level, nearest},
    fleet::{Fleet, Place, Provider, Subject},
    input::manifest::Kind,
    rules::{Finding, Rule, rule::Check},
};

pub(in crate::rules) const RULE: Rule = Rule {
    name: "dependency-unknown",
    level: Level::Error,
    check: Check::Service(check),
    source: include_str!("dependency_unknown.rs"),
};

fn check(fleet: &Fleet<'_>, subject: &Subject<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for dependency in subject.facts().iter().flat_map(|facts| &facts.dependency) {
        let name = dependency.service.get_ref();
        let place = Place::Manifest(dependency.service.span());
        let Some(provider) = fleet.provider(name) else {
            let finding = Finding::new(
                name,
                place,
                format!("it depends on `{name}`, which nothing is known of"),
            );
            let meant = nearest(name, fleet.provider_names());
            if meant.is_none() && *dependency.kind.get_ref() == Kind::Soft {
                continue;
            }
            let finding = match meant {
                Some(meant) => finding.meant(subject, dependency.service.span(), meant),
                None => finding.help(format!(
                    "if its program is called otherwise, export it as `cargo slo export --service \
                     {name}`"
                )),
            };
            found.push(finding.help(
                "put what `cargo slo export` writes for it into `services/` of the catalogue, or \
                 an entry into its `vendors.toml`",
            ));
            continue;
        };
        let (Some(journey), Provider::Service(of)) = (&dependency.journey, provider) else {
            continue;
        };
        if of.parts().any(|part| part == *journey.get_ref()) {
            continue;
        }
        let parts: Vec<_> = of.parts().collect();
        let finding = Finding::new(
            name,
            Place::Manifest(journey.span()),
            format!(
                "`{name}` has no journey or endpoint called `{}`",
                journey.get_ref()
            ),
        );
        found.push(
            match nearest(journey.get_ref(), parts.iter().map(String::as_str)) {
                Some(meant) => finding.meant(subject, journey.span(), meant),
                None => finding.note(format!("it has: {}", parts.join(", "))),
            },
        );
    }
    found
}
