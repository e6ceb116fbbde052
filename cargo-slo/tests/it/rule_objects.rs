//! `PrometheusRule` objects of a service with many endpoints: what Kubernetes takes, and stable names.

use crate::fixtures::Sandbox;
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

/// What `kubectl apply` may keep of an object in its annotations, in bytes. The operator's own limit
/// is twice that.
const MAX_BYTES: usize = 256 << 10;

/// An endpoint of each number, in the journey whose number it is given.
fn export(endpoints: &[(usize, usize)]) -> String {
    let objectives = json!({
        "availability_ppb": 999_000_000,
        "latency": [{"name": "latency", "target_ppb": 990_000_000, "threshold_ns": 300_000_000}],
        "window": "30d",
    });
    let records: Vec<Value> = endpoints
        .iter()
        .map(|(number, journey)| {
            json!({
                "name": format!("endpoint-{number}"),
                "journey": {
                    "name": format!("journey-{journey}"), "hash": "0",
                    // Its own escapes are the longest that JSON has for Kubernetes.
                    "title": "<&>".repeat(80), "owner": "<&>".repeat(80),
                    "objectives": {"availability_ppb": 999_000_000, "window": "30d"},
                },
                "objectives": objectives,
                "until": "body", "hash": "0",
                "source": {
                    "package": "p", "version": "1.0.0", "module": "m",
                    "function": "f", "file": "src/api.rs", "line": number + 1,
                },
            })
        })
        .collect();
    json!({"format": 1, "generator": "test", "service": "big", "records": records}).to_string()
}

/// The objects of these endpoints, by the names of their files.
fn objects(sandbox: &Sandbox, endpoints: &[(usize, usize)]) -> BTreeMap<String, Value> {
    sandbox.write("big.slo.json", export(endpoints));
    let _ = fs::remove_dir_all(sandbox.path("out"));
    sandbox
        .slo("generate prometheus-rule --export big.slo.json -o out")
        .ok();
    let files = fs::read_dir(sandbox.path("out")).unwrap().map(|entry| {
        let entry = entry.unwrap();
        let text = fs::read_to_string(entry.path()).unwrap();
        let object = serde_norway::from_str(&text).unwrap();
        (entry.file_name().into_string().unwrap(), object)
    });
    files.collect()
}

/// How long an object is as `kubectl` keeps it: JSON without spaces, as Go escapes it.
fn kept_bytes(object: &Value) -> usize {
    let text = object.to_string();
    let escaped = |c: &char| matches!(c, '<' | '>' | '&');
    text.len() + 5 * text.chars().filter(escaped).count()
}

fn names_of_groups<'a>(objects: impl IntoIterator<Item = &'a Value>) -> Vec<&'a str> {
    let groups = objects.into_iter().flat_map(|object| {
        let groups = object["spec"]["groups"]
            .as_array()
            .or(object["groups"].as_array());
        groups.unwrap()
    });
    groups
        .map(|group| group["name"].as_str().unwrap())
        .collect()
}

#[test]
fn a_hundred_endpoints_are_objects_below_the_limits() {
    let sandbox = Sandbox::new();
    // A journey that fits, one that does not, and small ones.
    let endpoints: Vec<_> = (0..100)
        .map(|n| (n, if n < 40 { 0 } else { 1 + n % 20 }))
        .collect();
    let objects = objects(&sandbox, &endpoints);
    let names: BTreeSet<_> = objects
        .values()
        .map(|o| o["metadata"]["name"].as_str())
        .collect();
    assert_eq!(names.len(), objects.len());
    for (file, object) in &objects {
        let bytes = kept_bytes(object);
        assert!(bytes < MAX_BYTES, "{file}: {bytes} bytes");
    }
    for part in [
        "big",
        "big--journey-0",
        "big--journey-0--endpoint-7",
        "big--journey-3",
    ] {
        assert!(
            objects.contains_key(&format!("{part}.prometheus-rule.yaml")),
            "{part}"
        );
    }
    assert!(!objects.contains_key("big--journey-3--endpoint-43.prometheus-rule.yaml"));
    // To the last group, and none twice.
    sandbox
        .slo("generate prometheus --export big.slo.json -o plain")
        .ok();
    let plain = fs::read_to_string(sandbox.path("plain/big.prometheus.yaml")).unwrap();
    let plain: Value = serde_norway::from_str(&plain).unwrap();
    let (mut all, mut expected) = (names_of_groups(objects.values()), names_of_groups([&plain]));
    all.sort_unstable();
    expected.sort_unstable();
    assert_eq!(all, expected);
}

#[test]
fn an_object_keeps_its_name_and_its_rules_when_others_come() {
    let sandbox = Sandbox::new();
    let endpoints: Vec<_> = (0..30).map(|n| (n, n / 3)).collect();
    let before = objects(&sandbox, &endpoints);
    let more: Vec<_> = (0..34).map(|n| (n, n / 3)).collect();
    let after = objects(&sandbox, &more);
    assert!(before.len() > 5 && after.len() > before.len());
    // The alert for a service as a whole is not about a number of endpoints.
    for (file, object) in before.iter().filter(|(file, _)| file.contains("--")) {
        assert!(after.get(file) == Some(object), "{file}");
    }
}

#[test]
fn objects_that_are_needed_no_more_are_named() {
    let sandbox = Sandbox::new();
    let endpoints: Vec<_> = (0..30).map(|n| (n, n / 3)).collect();
    objects(&sandbox, &endpoints);
    sandbox.write("big.slo.json", export(&endpoints[..3]));
    let run = sandbox.slo("generate prometheus-rule --export big.slo.json -o out");
    let said = run.ok().err;
    assert!(
        said.contains("big--journey-4.prometheus-rule.yaml"),
        "{said}"
    );
}

/// In a namespace, files and objects stand beside those of another one.
#[test]
fn objects_of_namespaces_have_names_of_their_own() {
    let sandbox = Sandbox::new();
    let endpoints: Vec<_> = (0..30).map(|n| (n, n / 3)).collect();
    sandbox.write("big.slo.json", export(&endpoints));
    for options in ["", " --namespace shop", " --namespace journey-1"] {
        let run = format!("generate prometheus-rule --export big.slo.json -o out{options}");
        sandbox.slo(&run).ok();
    }
    let mut names = BTreeSet::new();
    let mut files = 0;
    for entry in fs::read_dir(sandbox.path("out")).unwrap() {
        let text = fs::read_to_string(entry.unwrap().path()).unwrap();
        let object: Value = serde_norway::from_str(&text).unwrap();
        names.insert(object["metadata"]["name"].as_str().unwrap().to_owned());
        files += 1;
    }
    assert_eq!((names.len(), files % 3), (files, 0), "{names:?}");
}
