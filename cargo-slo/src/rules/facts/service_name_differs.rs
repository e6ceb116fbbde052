//! `slo.toml` and the program give the service different names.
//!
//! `slo_sdk::service!("orders")` in a program says what its service is called: the program exports
//! under that name, and rules, dashboards and documents are written for it. A `slo.toml` with another
//! `service` was written for a name that the service no longer has, or is about another service. The
//! same is found where `--service NAME` follows `slo.toml`, and the program says something else.
//!
//! Correct the name in `slo.toml` or in the program, or take `service` out of `slo.toml`: in the
//! folder of a package with one service it goes without saying. If the deployment renames the
//! service by `OTEL_SERVICE_NAME`, `slo.toml` keeps the name of the program, and `--service` says the
//! one that rules are written for. An exception would keep facts that may be those of another
//! service.

use crate::{
    diagnostics::{Change, Level},
    fleet::{Fleet, Place, Subject},
    rules::{Finding, Rule, change::instead, rule::Check},
    text::toml::quoted,
};

pub(in crate::rules) const RULE: Rule = Rule {
    name: "service-name-differs",
    level: Level::Error,
    check: Check::Service(check),
    source: include_str!("service_name_differs.rs"),
};

fn check(_: &Fleet<'_>, subject: &Subject<'_>) -> Vec<Finding> {
    let said = subject.facts().and_then(|facts| facts.service.as_ref());
    let (Some(said), Some(declared)) = (said, &subject.service.declared) else {
        return Vec::new();
    };
    if *said.get_ref() == declared.name {
        return Vec::new();
    }
    let finding = Finding::new(
        &subject.service.name,
        Place::Manifest(said.span()),
        format!(
            "`slo.toml` calls the service `{}`, its program `{}`",
            said.get_ref(),
            declared.name
        ),
    )
    .note(format!(
        "the program says so at {}:{} of {}",
        declared.source.file, declared.source.line, declared.source.package
    ))
    .changes(
        instead(subject, said.span(), quoted(&declared.name))
            .map(|edit| Change::decision("call it as its program does", edit)),
    )
    .help("or take the line out, if the file lies in the folder of the service's package")
    .help(format!(
        "or correct the program: `slo_sdk::service!({:?});`",
        said.get_ref()
    ));
    vec![finding]
}
