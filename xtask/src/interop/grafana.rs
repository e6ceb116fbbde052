//! Grafana's own types read the dashboards, and their queries all return numbers, from a Prometheus 3 with our rules that gets the
//! demo's metrics over OTLP: once with rules for each SLO, once with those for all.

use super::{
    made::{self, MODES},
    prometheus::Server,
    tools,
};
use crate::{
    Outcome,
    command::{self, cargo},
};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    fs,
    process::{Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

/// How long rules may take to see what has arrived.
const PATIENCE: Duration = Duration::from_secs(60);

/// What Grafana would put in for its variables.
const VARIABLES: [(&str, &str); 3] = [
    ("$job", ".*"),
    ("$__rate_interval", "1m"),
    ("$__range", "1h"),
];

pub(super) fn run() -> Outcome {
    let judge = tools::built("grafana", ".")?;
    command::run(Command::new(judge).args(made::all(".grafana.json")?))?;
    let queries = queries_of("shop")?;
    for mode in MODES {
        let server = Server::start(&made::of(&format!("rules-{mode}"), ".prometheus.yaml")?)?;
        command::run(
            cargo()
                .args(["demo", "--seconds", "5", "--forward"])
                .arg(server.otlp())
                // Its table and its progress are for people.
                .stdout(Stdio::null()),
        )?;
        // No such services run, but Prometheus understands what is asked about them.
        for name in made::definitions() {
            for query in queries_of(name)?.keys() {
                server.query(query)?;
            }
        }
        let started = Instant::now();
        let mut left: BTreeMap<_, _> = queries.iter().collect();
        let mut shown = 0;
        while !left.is_empty() {
            let mut empty = BTreeMap::new();
            for (query, panel) in left {
                let values = server.query(query)?;
                if values.is_empty() {
                    empty.insert(query, panel);
                } else if values.iter().any(|value| value.is_nan()) {
                    return Err(format!("{panel}: not a number: {query}"));
                } else {
                    shown += values.len();
                }
            }
            left = empty;
            if !left.is_empty() && started.elapsed() > PATIENCE {
                let empty = left.iter().map(|(q, panel)| format!("\n  {panel}: {q}"));
                return Err(format!(
                    "{mode}: no data for {} of {} queries:{}",
                    left.len(),
                    queries.len(),
                    empty.collect::<String>()
                ));
            }
            sleep(Duration::from_millis(500));
        }
        eprintln!(
            "  {mode}: {} queries of panels, {shown} series",
            queries.len()
        );
    }
    Ok(())
}

/// The queries of all panels of the dashboards in a folder, each with a panel that it stands in.
fn queries_of(folder: &str) -> Result<BTreeMap<String, String>, String> {
    let mut queries = BTreeMap::new();
    for file in made::of(folder, ".grafana.json")? {
        let failed = |why: String| format!("{}: {why}", made::shown(&file));
        let text = fs::read_to_string(&file).map_err(|error| failed(error.to_string()))?;
        let dashboard: Value =
            serde_json::from_str(&text).map_err(|error| failed(error.to_string()))?;
        let panels = dashboard["panels"].as_array().into_iter().flatten();
        for panel in panels {
            let targets = panel["targets"].as_array().into_iter().flatten();
            for target in targets {
                let expr = target["expr"].as_str().unwrap_or_default();
                let query = VARIABLES
                    .iter()
                    .fold(expr.to_owned(), |q, (name, value)| q.replace(name, value));
                if query.is_empty() || query.contains('$') {
                    return Err(failed(format!("not a query: {query}")));
                }
                let title = panel["title"].as_str().unwrap_or_default();
                queries.insert(query, format!("{}, {title}", made::shown(&file)));
            }
        }
    }
    Ok(queries)
}
