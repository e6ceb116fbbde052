//! What the store calls metrics, and which label says whose they are.

use super::{
    findings::{Finding, Kind},
    judged::{Read, Wanted},
    labels::SERVICE,
    probe::{self, Instrument},
    spelling::{fits, plain, prefix, spelt},
};
use crate::outputs::{Names, ServiceLabel, Store};
use std::collections::BTreeSet;

const LOST: &str =
    "rules, dashboards and `cargo slo status` find nothing under the name that they ask for";

/// What differs from what rules ask for.
pub(super) fn judged(reads: &[Read<'_>], wanted: Wanted) -> Vec<Finding> {
    let named = named(reads);
    let prefix = prefix(&named);
    let named: Vec<_> = named
        .into_iter()
        .map(|(known, name)| (known, name.strip_prefix(&*prefix).unwrap_or(name)))
        .collect();
    let names = usual_names(&named, wanted);
    let mut findings = Vec::new();
    let label = label(reads, wanted);
    if names != wanted.names || label.is_some_and(|label| label != wanted.label) {
        findings.push(spelt_otherwise(
            names,
            label.unwrap_or(wanted.label),
            wanted,
        ));
    }
    if !prefix.is_empty() {
        findings.push(Finding {
            kind: Kind::Renamed,
            what: "every metric".to_owned(),
            seen: format!("`{prefix}` before each name"),
            expected: "names without it".to_owned(),
            breaks: LOST.to_owned(),
            way_out: format!(
                "Collector: no `namespace: {}` in its exporter `prometheus` or `prometheusremotewrite`",
                prefix.trim_end_matches('_')
            ),
        });
    }
    let instruments: BTreeSet<_> = named.iter().map(|(known, _)| known.name).collect();
    let mut gauges = Vec::new();
    for name in instruments {
        let own: Vec<_> = named
            .iter()
            .filter(|(known, _)| known.name == name)
            .collect();
        // Where one of two names is right, it is there twice.
        if own.iter().any(|(known, name)| fits(known, name, names)) {
            continue;
        }
        let Some((known, found)) = own.first() else {
            continue;
        };
        let right = spelt(known, names);
        if known.kind == probe::Kind::Counter && format!("{found}_total") == right {
            gauges.push(known.name);
        } else {
            findings.push(renamed(known, found, &right));
        }
    }
    findings.extend(converted(&gauges));
    findings
}

/// The names that there are.
fn named<'a>(reads: &[Read<'a>]) -> Vec<(&'static Instrument, &'a str)> {
    let mut seen = BTreeSet::new();
    let all = reads.iter().filter(|read| seen.insert(&read.stored.name));
    all.map(|read| (read.instrument, &*read.stored.name))
        .collect()
}

/// How most of them are spelt.
fn usual_names(named: &[(&'static Instrument, &str)], wanted: Wanted) -> Names {
    // What is renamed on its own says nothing about the others.
    let own: Vec<_> = named
        .iter()
        .filter(|(known, name)| plain(name).starts_with(&plain(known.name)))
        .collect();
    let dots = own.iter().filter(|(_, name)| name.contains('.')).count();
    let ends = |kinds: &dyn Fn(&Instrument) -> Option<&'static str>| {
        let known = own
            .iter()
            .filter_map(|(known, name)| Some((kinds(known)?, name)));
        let ends = known.map(|(end, name)| name.contains(end));
        ends.fold(None, |all, one| Some(all.unwrap_or(false) || one))
    };
    // A counter that is none any more has no suffix of one.
    let suffixes = ends(&|known| (known.unit == "s").then_some("_seconds"))
        .or_else(|| ends(&|known| (known.kind == probe::Kind::Counter).then_some("_total")));
    let names = Names::new(
        2 * dots > own.len(),
        suffixes.unwrap_or(wanted.names.has_suffixes()),
    );
    let is_as_wanted = own
        .iter()
        .all(|(known, name)| fits(known, name, wanted.names));
    if is_as_wanted { wanted.names } else { names }
}

/// The label that tells services apart, the wanted one where it does; `None` where none does.
fn label(reads: &[Read<'_>], wanted: Wanted) -> Option<ServiceLabel> {
    let mut both = [wanted.label, ServiceLabel::Job, ServiceLabel::ServiceName].into_iter();
    both.find(|label| {
        reads.iter().all(|read| match label {
            ServiceLabel::Job => has_job(read),
            ServiceLabel::ServiceName => ["service_name", "service.name"]
                .iter()
                .any(|label| shows(read, label)),
        })
    })
}

/// Returns `true` where the label `job` says whose it is.
pub(super) fn has_job(read: &Read<'_>) -> bool {
    shows(read, "job")
}

fn shows(read: &Read<'_>, label: &str) -> bool {
    let service = read.shown.get(SERVICE).map(|(_, value)| *value);
    let found = read.stored.labels.get(label);
    found.is_some_and(|found| found.rsplit('/').next() == service)
}

/// How the store calls events, and by which label it tells services apart, if it does.
pub(super) fn spelling(
    reads: &[Read<'_>],
    wanted: Wanted,
) -> Option<(String, Option<&'static str>)> {
    let events = reads
        .iter()
        .find(|read| read.instrument.name == "slo.events")?;
    let label = label(reads, wanted).map(ServiceLabel::as_str);
    Some((events.stored.name.clone(), label))
}

fn spelt_otherwise(names: Names, label: ServiceLabel, wanted: Wanted) -> Finding {
    let told = |names: Names, label: ServiceLabel| {
        let label = match (label, names.is_utf8()) {
            (ServiceLabel::ServiceName, true) => "service.name",
            (label, _) => label.as_str(),
        };
        format!("`{}`, by `{label}`", names.of_events())
    };
    Finding {
        kind: Kind::Renamed,
        what: "names and labels".to_owned(),
        seen: told(names, label),
        expected: told(wanted.names, wanted.label),
        breaks: LOST.to_owned(),
        way_out: format!(
            "`cargo slo generate {}` writes rules that fit",
            Store::options_for(names, label)
        ),
    }
}

fn renamed(known: &Instrument, found: &str, right: &str) -> Finding {
    Finding {
        kind: Kind::Renamed,
        what: known.name.to_owned(),
        seen: format!("`{found}`"),
        expected: format!("`{right}`"),
        breaks: super::way_out::without_metric(known.name).to_owned(),
        way_out:
            "Collector and Prometheus: nothing renames `slo.*` (`transform`, `metricstransform`, \
                  `metric_relabel_configs`)"
                .to_owned(),
    }
}

fn converted(gauges: &[&str]) -> Option<Finding> {
    let first = gauges.first()?;
    Some(Finding {
        kind: Kind::Converted,
        what: gauges.join(", "),
        seen: "a gauge, without `_total`".to_owned(),
        expected: "a counter".to_owned(),
        breaks: LOST.to_owned(),
        way_out: format!(
            "Collector: no `convert_sum_to_gauge` (`transform`) and no other processor makes a gauge of \
             `{first}`"
        ),
    })
}
