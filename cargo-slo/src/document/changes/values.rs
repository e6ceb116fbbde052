//! A file as names with values.

use crate::input::{export_file, toml_file, values::Promise};
use slo_model::record::ObjectivesRecord;
use std::{collections::BTreeMap, path::Path};
use toml::{Table, Value};

/// Names with values, as somebody wrote them.
pub(super) type Values = BTreeMap<String, String>;

/// Longest version of a file that is looked at, in bytes: what is longer now is not read either.
pub(super) fn max_file_bytes(path: &Path) -> u64 {
    match path.extension() {
        Some(ending) if ending == "json" => export_file::MAX_FILE_BYTES,
        _ => toml_file::MAX_FILE_BYTES,
    }
}

/// What a file says; `None` if it is not what its name says. Old versions are read with
/// patience: what they were written for may be gone.
pub(super) fn of_file(path: &Path, content: &[u8]) -> Option<Values> {
    match path.extension()?.to_str()? {
        "toml" => of_manifest(std::str::from_utf8(content).ok()?),
        "json" => of_export(content),
        _ => None,
    }
}

/// The keys of `slo.toml`. Reviews are left out: they are a history by themselves.
fn of_manifest(text: &str) -> Option<Values> {
    Some(of_facts(&toml::from_str(text).ok()?))
}

fn of_facts(facts: &Table) -> Values {
    let mut values = Values::new();
    for (key, value) in facts {
        if key != "review" {
            flatten(key, value, &mut values);
        }
    }
    values
}

fn flatten(name: &str, value: &Value, values: &mut Values) {
    match value {
        Value::Table(table) => {
            for (key, value) in table {
                flatten(&format!("{name}.{key}"), value, values);
            }
        }
        Value::Array(items) if items.iter().any(Value::is_table) => {
            for (place, item) in items.iter().enumerate() {
                flatten(&format!("{name}.{}", called(item, place)), item, values);
            }
        }
        value => {
            values.insert(name.to_owned(), scalar(value));
        }
    }
}

fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Integer(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
        Value::Boolean(is) => is.to_string(),
        Value::Datetime(moment) => moment.to_string(),
        Value::Array(items) => items.iter().map(scalar).collect::<Vec<_>>().join(", "),
        // Tables are looked into, wherever they stand.
        Value::Table(_) => String::new(),
    }
}

/// What tells an item of a list from others: where it stands would change with every new one.
fn called(item: &Value, place: usize) -> String {
    let text = |key: &str| item.get(key)?.as_str().map(str::to_owned);
    let rule = || match (text("rule"), text("on")) {
        (Some(rule), Some(on)) => Some(format!("{rule}.{on}")),
        (rule, _) => rule,
    };
    let service = || match (text("service"), text("journey")) {
        (Some(service), Some(journey)) => Some(format!("{service}/{journey}")),
        (service, _) => service,
    };
    service()
        .or_else(rule)
        .or_else(|| text("left"))
        .unwrap_or_else(|| (place + 1).to_string())
}

/// The SLOs of an export, each as it is written in an annotation, and what `slo.toml` said.
fn of_export(content: &[u8]) -> Option<Values> {
    let export = export_file::values(content)?;
    let mut values = of_facts(&export.facts);
    for record in &export.records {
        let journey = &record.journey.name;
        for (part, objectives) in [
            (journey.clone(), &record.journey.objectives),
            (format!("{journey}/{}", record.name), &record.objectives),
        ] {
            for (sli, promise) in objectives.iter().flat_map(promises) {
                values.insert(format!("{part}.{sli}"), promise);
            }
        }
    }
    Some(values)
}

fn promises(objectives: &ObjectivesRecord) -> Vec<(String, String)> {
    let written = |target, threshold| {
        let promise = Promise { target, threshold };
        format!("{promise} / {}", objectives.window)
    };
    let availability = objectives
        .availability
        .map(|target| (slo_model::AVAILABILITY.to_owned(), written(target, None)));
    let latency = objectives.latency.iter().map(|latency| {
        (
            latency.name.clone(),
            written(latency.target, Some(latency.threshold)),
        )
    });
    availability.into_iter().chain(latency).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_of_any_age() {
        let text = "owner = \"a\"\nold = 3\n[traffic]\n\"checkout\" = \"5/day\"\n\
                    [[dependency]]\nservice = \"mail\"\nkind = \"soft\"\n\
                    [[exception]]\nrule = \"few-events\"\non = \"a.b\"\nreason = \"r\"\n\
                    [[review]]\nslo = \"x\"\n";
        let values = of_file(Path::new("slo.toml"), text.as_bytes()).unwrap();
        let expected = [
            ("dependency.mail.kind", "soft"),
            ("dependency.mail.service", "mail"),
            ("exception.few-events.a.b.on", "a.b"),
            ("exception.few-events.a.b.reason", "r"),
            ("exception.few-events.a.b.rule", "few-events"),
            ("old", "3"),
            ("owner", "a"),
            ("traffic.checkout", "5/day"),
        ];
        let values: Vec<_> = values
            .iter()
            .map(|(k, v)| (k.as_str(), v.as_str()))
            .collect();
        assert_eq!(values, expected);
    }

    #[test]
    fn what_is_no_such_file_says_nothing() {
        for (path, content) in [
            ("slo.toml", "= 3"),
            ("slo.toml", "\u{0}"),
            ("orders.slo.json", "{}"),
            ("orders", "x"),
        ] {
            assert_eq!(of_file(Path::new(path), content.as_bytes()), None);
        }
        assert_eq!(of_file(Path::new("a.toml"), b"\xff"), None);
    }
}
