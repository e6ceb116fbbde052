//! A thousand services with twenty SLOs each, which depend on each other in ten layers.

use crate::fixtures::Sandbox;
use serde_json::{Value, json};
use std::{fmt::Write, time::Instant};

const SERVICES: usize = 1000;
const LAYER: usize = 100;

/// Five journeys of two endpoints: ten SLOs of journeys, ten of endpoints.
pub(crate) fn export(name: &str) -> String {
    let objectives = json!({
        "availability_ppb": 990_000_000,
        "latency": [{"name": "latency", "target_ppb": 990_000_000, "threshold_ns": 500_000_000}],
        "window": "30d",
    });
    let records: Vec<Value> = (0..10)
        .map(|n| {
            let mut record = json!({
                "name": format!("endpoint-{n}"),
                "journey": {
                    "name": format!("journey-{}", n / 2),
                    "title": "t", "user": "u", "owner": "team",
                    "objectives": objectives, "hash": "0",
                },
                "until": "body", "hash": "0",
                "source": {
                    "package": name, "version": "1.0.0", "module": name,
                    "function": "f", "file": "src/api.rs", "line": n + 1,
                },
            });
            if n % 2 == 0 {
                record["objectives"] = objectives.clone();
            }
            record
        })
        .collect();
    json!({"format": 1, "generator": "test", "service": name, "records": records}).to_string()
}

fn facts(name: &str, number: usize) -> String {
    let mut text = format!("service = \"{name}\"\n[traffic]\n");
    for n in 0..5 {
        writeln!(text, "\"journey-{n}\" = \"1_000_000/month\"").unwrap();
        writeln!(
            text,
            "\"journey-{n}/endpoint-{}\" = \"400_000/month\"",
            2 * n
        )
        .unwrap();
    }
    let next = (number / LAYER + 1) * LAYER;
    if next < SERVICES {
        for step in [1, 3, 7] {
            let other = next + (number + step) % LAYER;
            writeln!(
                text,
                "[[dependency]]\nservice = \"service-{other}\"\nkind = \"hard\""
            )
            .unwrap();
        }
    }
    text
}

/// Writes all of it, and gives the options that read it.
fn thousand(sandbox: &Sandbox) -> String {
    let (mut exports, mut files) = (String::new(), String::new());
    for number in 0..SERVICES {
        let name = format!("service-{number}");
        sandbox.write(&format!("{name}.slo.json"), export(&name));
        sandbox.write(&format!("{name}.toml"), facts(&name, number));
        write!(exports, " {name}.slo.json").unwrap();
        write!(files, " {name}.toml").unwrap();
    }
    format!("--export{exports} --slo-toml{files}")
}

#[test]
fn a_thousand_documents_take_seconds() {
    let sandbox = Sandbox::new();
    let inputs = thousand(&sandbox);
    let start = Instant::now();
    let run = sandbox.slo(&format!("doc -o out {inputs}")).ok();
    let took = start.elapsed();
    eprintln!("2,000 documents of 1,000 services with 20 SLOs: {took:.2?}");
    assert_eq!(run.err, "wrote 2000 files into out\n");
    // Without optimisation, and beside other tests.
    assert!(took.as_secs() < 120, "{took:?}");
}

#[test]
fn a_thousand_services_take_seconds() {
    let sandbox = Sandbox::new();
    let inputs = thousand(&sandbox);
    let start = Instant::now();
    let run = sandbox.slo(&format!("check --format json {inputs}"));
    let took = start.elapsed();
    eprintln!("1,000 services with 20 SLOs: {took:.2?}");
    assert_eq!(run.code, 1, "{}", run.err);
    assert!(
        run.err.starts_with("checked 20,000 SLOs of 1,000 services"),
        "{}",
        run.err
    );
    // All promise the same, so whoever has dependencies has too small a budget for them; and
    // nobody has a policy.
    let count = |rule: &str| run.out.matches(&format!("\"rule\":\"{rule}\"")).count();
    assert_eq!(count("no-budget-policy"), SERVICES);
    assert_eq!(count("budget-below-dependencies"), (SERVICES - LAYER) * 10);
    // Without optimisation, and beside other tests.
    assert!(took.as_secs() < 120, "{took:?}");
}
