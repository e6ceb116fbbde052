//! Who asks for a feature of a package: cargo builds a package once, with every feature that
//! anything in the build asks for.

use super::cargo::cargo;
use serde::Deserialize;
use std::{
    collections::{BTreeMap, BTreeSet},
    ffi::OsStr,
    fmt,
    path::PathBuf,
    process::Stdio,
};

/// A package that asks for a feature.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FeatureRequest {
    /// The package that asks.
    pub package: String,
    /// Its `Cargo.toml`.
    pub manifest: PathBuf,
    /// The feature of its own that asks, unless it always does.
    pub by: Option<String>,
    /// The package that it asks for the feature.
    pub of: String,
    /// The feature.
    pub feature: String,
}

impl fmt::Display for FeatureRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let here = std::env::current_dir().unwrap_or_default();
        let manifest = self.manifest.strip_prefix(here).unwrap_or(&self.manifest);
        let FeatureRequest {
            package,
            of,
            feature,
            ..
        } = self;
        write!(f, "`{package}` asks for the feature `{feature}` of {of}")?;
        if let Some(by) = &self.by {
            write!(f, " by its feature `{by}`")?;
        }
        write!(f, ", in {}", manifest.display())
    }
}

/// The packages that ask for a feature of a package in a build with these arguments of
/// `cargo metadata`; empty if cargo does not tell.
pub(crate) fn asking<Arg: AsRef<OsStr>>(
    package: &str,
    feature: &str,
    arguments: &[Arg],
) -> Vec<FeatureRequest> {
    let output = cargo()
        .args(["metadata", "--format-version=1"])
        .args(arguments)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output();
    let metadata = output.map(|output| serde_json::from_slice(&output.stdout));
    match metadata {
        Ok(Ok(metadata)) => Graph::new(&metadata).asking(package, feature),
        _ => Vec::new(),
    }
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Package {
    id: String,
    name: String,
    manifest_path: PathBuf,
    dependencies: Vec<Dependency>,
    /// What each of its features asks for.
    features: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    rename: Option<String>,
    kind: Option<String>,
    features: Vec<String>,
    uses_default_features: bool,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    /// The features that are on.
    features: BTreeSet<String>,
    deps: Vec<Edge>,
}

#[derive(Deserialize)]
struct Edge {
    pkg: String,
}

/// Packages and the features that are on in the build.
struct Graph<'a> {
    packages: BTreeMap<&'a str, &'a Package>,
    nodes: &'a [Node],
}

impl<'a> Graph<'a> {
    fn new(metadata: &'a Metadata) -> Graph<'a> {
        let packages = metadata.packages.iter();
        Graph {
            packages: packages.map(|package| (&*package.id, package)).collect(),
            nodes: &metadata.resolve.nodes,
        }
    }

    fn asking(&self, package: &str, feature: &str) -> Vec<FeatureRequest> {
        let mut seen = BTreeSet::new();
        let mut all = Vec::new();
        for node in self.nodes {
            let is_it = |package_of: &&Package| package_of.name == package;
            if let Some(target) = self.packages.get(&*node.id).copied().filter(is_it) {
                all.extend(self.asking_for(target, feature, &mut seen));
            }
        }
        all.sort();
        all.dedup();
        all
    }

    /// Those who ask first: who only hands on what others ask it for is left out.
    fn asking_for(
        &self,
        target: &'a Package,
        feature: &'a str,
        seen: &mut BTreeSet<(&'a str, &'a str)>,
    ) -> Vec<FeatureRequest> {
        let mut all = Vec::new();
        if !seen.insert((&target.id, feature)) {
            return all;
        }
        for node in self.nodes {
            let Some(&package) = self.packages.get(&*node.id) else {
                continue;
            };
            let asking = |by: Option<&str>| FeatureRequest {
                package: package.name.clone(),
                manifest: package.manifest_path.clone(),
                by: by.map(str::to_owned),
                of: target.name.clone(),
                feature: feature.to_owned(),
            };
            let mut names = BTreeSet::new();
            if node.deps.iter().any(|edge| edge.pkg == target.id) {
                for dependency in package.dependencies_on(target) {
                    names.insert(dependency.rename.as_deref().unwrap_or(&dependency.name));
                    if dependency.asks_for(feature) {
                        all.push(asking(None));
                    }
                }
            }
            let is_target = node.id == target.id;
            for (by, wanted) in &package.features {
                let asks = wanted.iter().any(|wanted| match wanted.split_once('/') {
                    Some((of, wanted)) => {
                        names.contains(of.trim_end_matches('?')) && wanted == feature
                    }
                    None => is_target && wanted == feature,
                });
                if !asks || !node.features.contains(by) {
                    continue;
                }
                let first = self.asking_for(package, by, seen);
                match first.is_empty() && !is_target {
                    true => all.push(asking(Some(by))),
                    false => all.extend(first),
                }
            }
        }
        all
    }
}

impl Package {
    /// What its manifest says of another package; tests and examples are not part of a program.
    fn dependencies_on(&self, package: &Package) -> impl Iterator<Item = &Dependency> {
        let dependencies = self.dependencies.iter();
        dependencies.filter(|dependency| {
            dependency.name == package.name && dependency.kind.as_deref() != Some("dev")
        })
    }
}

impl Dependency {
    fn asks_for(&self, feature: &str) -> bool {
        self.features.iter().any(|wanted| wanted == feature)
            || self.uses_default_features && feature == "default"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn package(name: &str, dependencies: &Value, features: &Value) -> Value {
        json!({
            "id": name, "name": name, "manifest_path": format!("/w/{name}/Cargo.toml"),
            "dependencies": dependencies, "features": features,
        })
    }

    fn on(name: &str, features: &Value) -> Value {
        json!({"name": name, "rename": null, "kind": null, "features": features, "uses_default_features": true})
    }

    fn node(name: &str, features: &Value, dependencies: &[&str]) -> Value {
        let edges: Vec<_> = dependencies.iter().map(|to| json!({"pkg": to})).collect();
        json!({"id": name, "features": features, "deps": edges})
    }

    fn told(packages: &[Value], nodes: &[Value]) -> Vec<String> {
        let metadata = json!({"packages": packages, "resolve": {"nodes": nodes}});
        let metadata: Metadata = serde_json::from_value(metadata).unwrap();
        let asking = Graph::new(&metadata).asking("slo-sdk", "off");
        asking.iter().map(ToString::to_string).collect()
    }

    fn sdk() -> [Value; 2] {
        let features = json!({"default": [], "off": ["slo-macros/off"]});
        [
            package("slo-sdk", &json!([]), &features),
            node("slo-sdk", &json!(["default", "off"]), &[]),
        ]
    }

    #[test]
    fn who_asks_in_a_manifest_is_named_and_who_does_not_is_not() {
        let [sdk, sdk_node] = sdk();
        let mut dev = on("slo-sdk", &json!(["off"]));
        dev["kind"] = json!("dev");
        let packages = [
            sdk,
            package("svc", &json!([on("slo-sdk", &json!([])), dev]), &json!({})),
            package(
                "bench",
                &json!([on("slo-sdk", &json!(["off"]))]),
                &json!({}),
            ),
        ];
        let nodes = [
            sdk_node,
            node("svc", &json!([]), &["slo-sdk"]),
            node("bench", &json!([]), &["slo-sdk"]),
        ];
        assert_eq!(
            told(&packages, &nodes),
            ["`bench` asks for the feature `off` of slo-sdk, in /w/bench/Cargo.toml"]
        );
    }

    /// `slo-tower` hands `off` on, and a feature of a feature asks for that.
    #[test]
    fn whoever_hands_on_is_left_out() {
        let [sdk, sdk_node] = sdk();
        let mut renamed = on("slo-tower", &json!([]));
        renamed["rename"] = json!("layer");
        let packages = [
            sdk,
            package(
                "slo-tower",
                &json!([on("slo-sdk", &json!([]))]),
                &json!({"off": ["slo-sdk/off"]}),
            ),
            package(
                "svc",
                &json!([renamed]),
                &json!({"default": ["bare"], "bare": ["layer?/off"], "other": ["layer/off"]}),
            ),
        ];
        let nodes = [
            sdk_node,
            node("slo-tower", &json!(["off"]), &["slo-sdk"]),
            node("svc", &json!(["default", "bare"]), &["slo-tower"]),
        ];
        assert_eq!(
            told(&packages, &nodes),
            [
                "`svc` asks for the feature `off` of slo-tower by its feature `bare`, in /w/svc/Cargo.toml"
            ]
        );
    }

    #[test]
    fn nobody_is_named_where_nobody_asks() {
        let [sdk, sdk_node] = sdk();
        assert_eq!(told(&[sdk], &[sdk_node]), [""; 0]);
    }
}
