//! The declared Rust version is honest as far as it can be told without that compiler: no
//! dependency of a published crate asks for a newer one. (Clippy's `incompatible_msrv`
//! looks at the standard library's functions that our own code uses.)

use crate::{
    Outcome,
    command::{cargo, output},
};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

const PUBLISHED: [&str; 5] = [
    "slo-model",
    "slo-macros",
    "slo-sdk",
    "slo-tower",
    "cargo-slo",
];

pub(crate) fn run() -> Outcome {
    let metadata = output(cargo().args(["metadata", "--format-version=1"]))?;
    let metadata: Value = serde_json::from_str(&metadata).map_err(|error| error.to_string())?;
    let array = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();

    let packages: BTreeMap<String, Value> = array(&metadata["packages"])
        .into_iter()
        .map(|p| (text(&p["id"]), p))
        .collect();
    let nodes: BTreeMap<String, Value> = array(&metadata["resolve"]["nodes"])
        .into_iter()
        .map(|n| (text(&n["id"]), n))
        .collect();

    let mut open: Vec<String> = packages
        .iter()
        .filter(|(_, package)| PUBLISHED.contains(&text(&package["name"]).as_str()))
        .map(|(id, _)| id.clone())
        .collect();
    let declared = open
        .first()
        .and_then(|id| version(&packages[id]["rust_version"]))
        .ok_or("the workspace declares a rust-version")?;

    let mut seen = BTreeSet::new();
    let mut newer = Vec::new();
    while let Some(id) = open.pop() {
        if !seen.insert(id.clone()) {
            continue;
        }
        let package = &packages[&id];
        if version(&package["rust_version"]).is_some_and(|asked| asked > declared) {
            newer.push(format!(
                "{} {} asks for Rust {}",
                text(&package["name"]),
                text(&package["version"]),
                text(&package["rust_version"])
            ));
        }
        for dependency in array(&nodes[&id]["deps"]) {
            // Tests may need more than users do.
            let normal = array(&dependency["dep_kinds"])
                .iter()
                .any(|kind| kind["kind"] != "dev");
            if normal {
                open.push(text(&dependency["pkg"]));
            }
        }
    }
    eprintln!(
        "  {} packages, declared Rust {}.{}",
        seen.len(),
        declared.0,
        declared.1
    );
    if newer.is_empty() {
        Ok(())
    } else {
        Err(newer.join("; "))
    }
}

fn version(value: &Value) -> Option<(u32, u32)> {
    let mut parts = value.as_str()?.split('.').map(str::parse);
    Some((parts.next()?.ok()?, parts.next()?.ok()?))
}
