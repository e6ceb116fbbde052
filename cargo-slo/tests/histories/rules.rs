//! The rules under test, as `cargo slo generate prometheus` writes them.

use crate::history::History;
use cargo_slo::{
    definition,
    fleet::Fleet,
    input,
    outputs::{self, Mode, Settings},
};
use serde_json::{Value, json};
use std::{collections::BTreeMap, path::Path};

/// How often something is evaluated, in minutes.
#[derive(Debug, Default)]
pub(crate) struct Evaluated {
    /// The budget left.
    pub(crate) budget: usize,
    /// The alerts, by their long windows.
    pub(crate) alerts: BTreeMap<String, usize>,
}

/// Writes the rules of the service whose history it is into a folder.
pub(crate) fn write(history: &History, mode: Mode, folder: &Path) -> Evaluated {
    let export = folder.join("orders.slo.json");
    let objectives = json!({
        "availability_ppb": history.target.ppb(),
        "window": history.window.to_string(),
    });
    let record = json!({
        "name": "cart",
        "journey": {"name": "checkout", "hash": "1", "objectives": objectives},
        "hash": "2",
        "source": {
            "package": "p", "version": "1.0.0", "module": "m", "function": "f", "file": "f.rs", "line": 1,
        },
    });
    let content = json!({"format": 1, "generator": "", "service": "orders", "records": [record]});
    std::fs::write(&export, content.to_string()).unwrap();
    let reading = input::read_exports(&[export]).unwrap();
    let definition = definition::resolve(&reading).unwrap();
    let mut settings = Settings::default();
    settings.mode = mode;
    let fleet = Fleet::from_annotations(&definition);
    let rules = match mode {
        Mode::PerSlo => outputs::prometheus::rules(&fleet.subjects[0], &settings),
        Mode::Universal => outputs::prometheus::universal_rules(&fleet, &settings),
    };
    std::fs::write(folder.join("rules.yaml"), &rules).unwrap();
    evaluated(&rules)
}

/// How often the rules say they want to be evaluated.
fn evaluated(rules: &str) -> Evaluated {
    let file: Value = serde_norway::from_str(rules).unwrap();
    let mut evaluated = Evaluated::default();
    for group in file["groups"].as_array().unwrap() {
        let interval = group["interval"].as_str().unwrap();
        let minutes = interval.strip_suffix('m').unwrap().parse().unwrap();
        for rule in group["rules"].as_array().unwrap() {
            if rule["record"] == "slo:error_budget_left:ratio" {
                evaluated.budget = minutes;
            }
            if let Some(tier) = rule["labels"]["slo_window_tier"].as_str() {
                evaluated.alerts.insert(tier.to_owned(), minutes);
            }
        }
    }
    assert!(evaluated.budget > 0, "{rules}");
    evaluated
}
