//! The rules under test, as `cargo slo generate prometheus` writes them for many services.

use cargo_slo::{
    definition,
    fleet::Fleet,
    input,
    outputs::{self, Mode, Settings},
};
use serde_json::{Value, json};
use std::path::Path;

/// The endpoints of every service: both count for the SLO of their journey, and the second has
/// one of its own.
pub(crate) const ENDPOINTS: [&str; 2] = ["cart", "pay"];

/// Target of all SLOs, in parts per billion.
pub(crate) const TARGET_PPB: u32 = 990_000_000;

pub(crate) fn record(name: &str, own: bool) -> Value {
    let objectives = json!({"availability_ppb": TARGET_PPB, "window": "30d"});
    let mut record = json!({
        "name": name,
        "journey": {"name": "checkout", "hash": "1", "objectives": objectives},
        "hash": "2",
        "source": {
            "package": "p", "version": "1.0.0", "module": "m", "function": "f", "file": "f.rs", "line": 1,
        },
    });
    if own {
        record["objectives"] = objectives;
    }
    record
}

/// Writes the rules of services with [`ENDPOINTS`] into a folder; gives the files.
pub(crate) fn write(services: &[String], mode: Mode, folder: &Path) -> Vec<String> {
    let [first, second] = ENDPOINTS;
    let records = [record(first, false), record(second, true)];
    let services = services.iter().map(|name| (&**name, &records[..]));
    generate(services, mode, folder)
}

/// Writes the rules of a service that is a job; gives the files.
pub(crate) fn write_job(
    service: &str,
    endpoint: &str,
    every: f64,
    mode: Mode,
    folder: &Path,
) -> Vec<String> {
    let mut job = record(endpoint, false);
    job["every_ns"] = json!((every * 1e9) as u64);
    generate(std::iter::once((service, &[job][..])), mode, folder)
}

/// Writes the rules of services with these records into a folder; gives the files.
pub(crate) fn generate<'a>(
    services: impl Iterator<Item = (&'a str, &'a [Value])>,
    mode: Mode,
    folder: &Path,
) -> Vec<String> {
    let exports: Vec<_> = services
        .map(|(service, records)| {
            let content =
                json!({"format": 1, "generator": "", "service": service, "records": records});
            let path = folder.join(format!("{service}.slo.json"));
            std::fs::write(&path, content.to_string()).unwrap();
            path
        })
        .collect();
    let reading = input::read_exports(&exports).unwrap();
    let definition = definition::resolve(&reading).unwrap();
    let mut settings = Settings::default();
    settings.mode = mode;
    let fleet = Fleet::from_annotations(&definition);
    let texts = match mode {
        Mode::PerSlo => {
            let subjects = fleet.subjects.iter();
            subjects
                .map(|subject| outputs::prometheus::rules(subject, &settings))
                .collect()
        }
        Mode::Universal => vec![outputs::prometheus::universal_rules(&fleet, &settings)],
    };
    let file = |(n, text): (usize, &String)| {
        let path = folder.join(format!("rules{n}.yaml"));
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    texts.iter().enumerate().map(file).collect()
}
