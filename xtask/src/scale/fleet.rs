//! Services that nobody wrote: as exports for `cargo slo`, and as specs of Sloth's kind for
//! those who read these. Both say the same: so many SLOs for each service.

use serde_json::{Value, json};
use std::{
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

/// Journeys of a service, each with an availability and a latency SLO.
pub(crate) const JOURNEYS: usize = 4;

/// Endpoints of a journey, each with an availability SLO of its own.
pub(crate) const ENDPOINTS: usize = 3;

/// SLOs of a service.
pub(crate) const SLOS: usize = JOURNEYS * (2 + ENDPOINTS);

const TARGETS: [&str; 4] = ["99", "99.5", "99.9", "99.95"];

/// Writes the exports into a folder and lists them.
pub(crate) fn exports(folder: &Path, services: usize) -> Result<Vec<PathBuf>, String> {
    empty(folder)?;
    let paths = (0..services).map(|n| {
        let service = service(n);
        let path = folder.join(format!("{service}.slo.json"));
        let export = json!({
            "format": 1,
            "generator": "cargo xtask scale",
            "service": service,
            "records": records(),
        });
        write(&path, &format!("{export:#}\n"))?;
        Ok(path)
    });
    paths.collect()
}

/// Writes the specs into a folder.
pub(super) fn specs(folder: &Path, services: usize) -> Result<(), String> {
    empty(folder)?;
    for n in 0..services {
        let service = service(n);
        let mut spec = format!(
            "version: \"prometheus/v1\"\nservice: \"{service}\"\nlabels:\n  owner: \"team-{}\"\nslos:\n",
            n % 30
        );
        for slo in 0..SLOS {
            let target = TARGETS[slo % TARGETS.len()];
            let events = format!(
                "slo_events_total{{job=\"{service}\",slo_journey=\"journey-{}\",slo_sli=\"sli-{slo}\"",
                slo % JOURNEYS
            );
            write!(
                spec,
                "  - name: \"slo-{slo}\"
    objective: {target}
    description: \"What a user of journey {} gets done.\"
    sli:
      events:
        error_query: sum(rate({events},slo_outcome=\"bad\"}}[{{{{.window}}}}]))
        total_query: sum(rate({events}}}[{{{{.window}}}}]))
    alerting:
      name: \"Slo{slo}\"
      annotations:
        runbook: \"https://runbooks.example/journey-{}\"
      page_alert:
        labels:
          severity: \"page\"
      ticket_alert:
        labels:
          severity: \"ticket\"
",
                slo % JOURNEYS,
                slo % JOURNEYS
            )
            .map_err(|error| error.to_string())?;
        }
        write(&folder.join(format!("{service}.yaml")), &spec)?;
    }
    Ok(())
}

pub(crate) fn service(n: usize) -> String {
    format!("service-{n:04}")
}

fn records() -> Vec<Value> {
    let all = (0..JOURNEYS).flat_map(|journey| (0..ENDPOINTS).map(move |n| record(journey, n)));
    all.collect()
}

fn record(journey: usize, n: usize) -> Value {
    let name = format!("endpoint-{journey}-{n}");
    json!({
        "name": name,
        "journey": {
            "name": format!("journey-{journey}"),
            "title": format!("What a user of journey {journey} gets done"),
            "user": "a developer of a business unit",
            "owner": "team-orders",
            "runbook": format!("https://runbooks.example/journey-{journey}"),
            "objectives": {
                "availability_ppb": 999_000_000,
                "latency": [{"name": "latency", "target_ppb": 990_000_000, "threshold_ns": 500_000_000}],
                "window": "30d",
            },
            "hash": "0123456789abcdef",
        },
        "objectives": {"availability_ppb": 999_500_000, "window": "30d"},
        "route": format!("POST /journeys/{journey}/{{id}}/endpoints/{n}"),
        "until": "body",
        "description": "An endpoint like many others",
        "hash": "fedcba9876543210",
        "source": {
            "package": "orders", "version": "1.2.3", "module": "orders::api",
            "function": name.replace('-', "_"), "file": "src/api.rs", "line": 40 + n,
        },
    })
}

fn empty(folder: &Path) -> Result<(), String> {
    // A service of an earlier, larger fleet is not to be read.
    let _ = fs::remove_dir_all(folder);
    fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))
}

fn write(path: &Path, content: &str) -> Result<(), String> {
    fs::write(path, content).map_err(|error| format!("{}: {error}", path.display()))
}
