//! Every feature of the published crates compiles on its own, without the others, and all
//! together.

use crate::{
    Outcome,
    command::{self, cargo, output},
    without_tls,
};
use serde_json::{Map, Value};
use std::{collections::BTreeSet, iter};

const PUBLISHED: [&str; 4] = ["slo-model", "slo-sdk", "slo-tower", "cargo-slo"];

fn check(package: &str, arguments: &[&str]) -> Outcome {
    eprintln!("  {package} {}", arguments.join(" "));
    command::run(
        cargo()
            .args(["clippy", "--quiet", "--package", package])
            .args(arguments)
            .args(["--", "--deny", "warnings"]),
    )
}

/// What these features switch on, but for `default`, which is no more than what it stands for.
fn enabled<'a>(features: &'a Map<String, Value>, asked: &[&'a str]) -> BTreeSet<&'a str> {
    let mut enabled = BTreeSet::new();
    let mut open = asked.to_vec();
    while let Some(feature) = open.pop() {
        if enabled.insert(feature) {
            let more = features.get(feature).and_then(Value::as_array);
            open.extend(more.into_iter().flatten().filter_map(Value::as_str));
        }
    }
    enabled.remove("default");
    enabled
}

pub(crate) fn run() -> Outcome {
    let metadata = output(cargo().args(["metadata", "--format-version=1", "--no-deps"]))?;
    let metadata: Value = serde_json::from_str(&metadata).map_err(|error| error.to_string())?;
    let packages = metadata["packages"]
        .as_array()
        .ok_or("cargo metadata lists packages")?;
    for name in PUBLISHED {
        let package = packages
            .iter()
            .find(|package| package["name"] == name)
            .ok_or_else(|| format!("there is no package {name}"))?;
        let features = package["features"]
            .as_object()
            .ok_or("a package has features")?;
        let alone = features.keys().map(|feature| vec![&**feature]);
        // `off` takes out what the others bring, so all without it are a build of their own.
        let others = features.keys().map(String::as_str);
        let others = others.filter(|feature| *feature != "off").collect();
        let all = features.keys().map(String::as_str).collect();
        let mut seen = BTreeSet::new();
        let sets = iter::once(Vec::new()).chain(alone).chain([others, all]);
        for asked in sets.filter(|asked| seen.insert(enabled(features, asked))) {
            let asked = asked.join(",");
            check(name, &["--no-default-features", "--features", &asked])?;
        }
    }
    without_tls::run()
}
