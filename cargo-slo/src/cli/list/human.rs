//! The list for people: a table per service.

use crate::{
    cli::table::Table,
    definition::{Identity, Journey, Service, Slo},
    fleet::{Fleet, Subject},
    rules::coverage::conflicting_routes::in_words,
    text::visible,
};
use anstyle::Style;
use slo_model::record::EndpointRecord;
use std::{
    collections::BTreeSet,
    io::{self, Write},
};
use toml::Spanned;

const NAME: Style = Style::new().bold();

const HEAD: [&str; 9] = [
    "JOURNEY",
    "ENDPOINT",
    "SLI",
    "TARGET",
    "THRESHOLD",
    "WINDOW",
    "LEVEL",
    "ROUTE",
    "SOURCE",
];

/// Route and source fold: they are long, and nobody compares them down a column.
const FOLDS: usize = 7;

/// Writes a table per service, in a number of columns or in as many as it takes.
pub(super) fn write(
    out: &mut dyn Write,
    fleet: &Fleet<'_>,
    columns: Option<usize>,
) -> io::Result<()> {
    for (i, subject) in fleet.subjects.iter().enumerate() {
        let service = subject.service;
        if i > 0 {
            writeln!(out)?;
        }
        write!(out, "{NAME}{}{NAME:#}: ", visible(&service.name))?;
        if service.endpoints.is_empty() {
            writeln!(out, "no SLOs declared")?;
            continue;
        }
        writeln!(
            out,
            "{}, {}, {}",
            counted(service.journeys.len(), "journey"),
            counted(service.endpoints.len(), "endpoint"),
            counted(service.slos.len(), "SLO"),
        )?;
        if let Some(chosen) = chosen(subject) {
            writeln!(out, "{}", visible(&chosen))?;
        }
        table(service).write(out, columns)?;
        for renamed in renamed(service) {
            writeln!(out, "{}", visible(&renamed))?;
        }
        for conflict in service.conflicting_routes() {
            writeln!(out, "conflicting routes: {}", visible(&in_words(&conflict)))?;
        }
    }
    Ok(())
}

/// What `slo.toml` says of who runs the service, and what it takes from the catalogue.
fn chosen(subject: &Subject<'_>) -> Option<String> {
    let facts = subject.facts()?;
    let of = |name: &'static str, value: Option<&String>| Some(format!("{name} {}", value?));
    let named =
        |name, value: &Option<Spanned<String>>| of(name, value.as_ref().map(Spanned::get_ref));
    let chosen = [
        of("owner", facts.owner.as_ref()),
        named("tier", &facts.tier),
        named("burn rates", &facts.burn_rates),
        named("policy", &facts.policy),
    ];
    let chosen: Vec<_> = chosen.into_iter().flatten().collect();
    (!chosen.is_empty()).then(|| chosen.join(", "))
}

/// What was called otherwise before: the error budgets of it go on.
fn renamed(service: &Service) -> BTreeSet<String> {
    let renamed = service.slos.iter().filter(|slo| !slo.formerly.is_empty());
    let renamed = renamed.map(|slo| {
        let names: Vec<_> = slo.formerly.iter().map(Identity::part).collect();
        format!(
            "{} was formerly {}",
            slo.identity.part(),
            names.join(" or ")
        )
    });
    renamed.collect()
}

fn counted(n: usize, thing: &str) -> String {
    format!("{n} {thing}{}", if n == 1 { "" } else { "s" })
}

/// A row per SLO; endpoints without one of their own have a row too, so each is seen.
fn table(service: &Service) -> Table<9> {
    let mut table = Table::new(HEAD, FOLDS);
    for journey in &service.journeys {
        let name = &journey.record.name;
        let of_journey = service
            .slos
            .iter()
            .filter(|slo| slo.identity.journey == *name);
        for slo in of_journey
            .clone()
            .filter(|slo| slo.identity.endpoint.is_none())
        {
            table.row(slo_row(slo, None, journey));
        }
        for endpoint in service.endpoints_of(name) {
            let is_its = |slo: &&Slo| slo.identity.endpoint.as_deref() == Some(&*endpoint.name);
            let mut its_own = of_journey.clone().filter(is_its).peekable();
            if its_own.peek().is_none() {
                table.row(plain_row(endpoint));
            }
            for slo in its_own {
                table.row(slo_row(slo, Some(endpoint), journey));
            }
        }
    }
    table
}

fn slo_row(slo: &Slo, endpoint: Option<&EndpointRecord>, journey: &Journey) -> [String; 9] {
    let threshold = slo.sli.threshold();
    let [route, source] = place(endpoint);
    [
        journey.record.name.clone(),
        match endpoint {
            Some(endpoint) => endpoint.name.clone(),
            None => format!("(all {})", journey.endpoints.len()),
        },
        slo.sli.name().to_owned(),
        slo.target.to_string(),
        threshold.map_or_else(String::new, |threshold| format!("{threshold:?}")),
        slo.window.to_string(),
        slo.level().as_str().to_owned(),
        route,
        source,
    ]
}

/// An endpoint whose events count only for its journey.
fn plain_row(endpoint: &EndpointRecord) -> [String; 9] {
    let mut row = <[String; 9]>::default();
    row[0].clone_from(&endpoint.journey.name);
    row[1].clone_from(&endpoint.name);
    row[2] = "(as journey)".to_owned();
    let [route, source] = place(Some(endpoint));
    row[7] = route;
    row[8] = source;
    row
}

fn place(endpoint: Option<&EndpointRecord>) -> [String; 2] {
    let Some(endpoint) = endpoint else {
        return Default::default();
    };
    let source = &endpoint.source;
    [
        endpoint.route.clone().unwrap_or_default(),
        format!("{}:{}", source.file, source.line),
    ]
}
