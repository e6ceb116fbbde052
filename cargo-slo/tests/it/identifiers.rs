//! Identifiers that other systems know services by: one for each name, in whatever script it is
//! written. Two services that share one overwrite each other's rules, and an SLO is lost.

use crate::fixtures::{Sandbox, endpoint};
use serde::Deserialize;
use serde_json::{Value, json};
use std::{collections::BTreeMap, fs};

/// Exports of services that differ in nothing but their names.
fn exports(sandbox: &Sandbox, services: &[&str]) -> String {
    let mut options = String::new();
    for (n, service) in services.iter().enumerate() {
        let export = json!({
            "format": 1, "generator": "test", "service": service, "records": [endpoint("pay")],
        });
        sandbox.write(&format!("{n}.slo.json"), export.to_string());
        options += &format!(" --export {n}.slo.json");
    }
    options
}

/// What the files of a folder define, by kind and name, each with the files that do so.
fn defined(sandbox: &Sandbox, folder: &str) -> BTreeMap<String, Vec<String>> {
    let mut defined = BTreeMap::<String, Vec<String>>::new();
    for entry in fs::read_dir(sandbox.path(folder)).unwrap() {
        let entry = entry.unwrap();
        let file = entry.file_name().into_string().unwrap();
        let text = fs::read_to_string(entry.path()).unwrap();
        let mut define = |what: String| defined.entry(what).or_default().push(file.clone());
        if file.ends_with(".json") {
            let value: Value = serde_json::from_str(&text).unwrap();
            for (kind, resources) in value["resource"].as_object().into_iter().flatten() {
                for name in resources.as_object().unwrap().keys() {
                    define(format!("{kind} {name}"));
                }
            }
            if let Some(uid) = value["uid"].as_str() {
                define(format!("dashboard {uid}"));
            }
            for objective in value["objectives"].as_array().into_iter().flatten() {
                define(format!("Datadog SLO {}", objective["slo"]["name"]));
            }
            continue;
        }
        for document in serde_norway::Deserializer::from_str(&text) {
            let value = Value::deserialize(document).unwrap();
            if let Some(name) = value["metadata"]["name"].as_str() {
                define(format!("{} {} {name}", value["apiVersion"], value["kind"]));
            }
            if let Some(service) = value["service"].as_str() {
                define(format!("Sloth's service {service}"));
            }
            for group in value["groups"].as_array().into_iter().flatten() {
                define(format!("group {}", group["name"]));
            }
        }
    }
    defined
}

#[test]
fn services_of_any_script_share_no_identifier() {
    for services in [
        ["注文", "決済"],
        ["注文 v2", "決済 v2"],
        ["заказы", "платежи"],
        ["orders", "注文 orders"],
    ] {
        for options in ["", " --namespace 店"] {
            let sandbox = Sandbox::new();
            let exports = exports(&sandbox, &services);
            let outputs =
                "datadog grafana openslo prometheus prometheus-rule pyrra sloth terraform";
            sandbox
                .slo(&format!("generate {outputs} -o out{options}{exports}"))
                .ok();
            let defined = defined(&sandbox, "out");
            for kind in [
                "PrometheusRule",
                "AlertPolicy",
                "ServiceLevelObjective",
                "datadog_monitor",
                "dashboard",
                "Datadog SLO",
                "Sloth's service",
                "group",
            ] {
                let of_kind = defined.keys().filter(|what| what.contains(kind));
                assert!(of_kind.count() >= 2, "{kind} in {defined:#?}");
            }
            for (what, files) in &defined {
                assert_eq!(files.len(), 1, "{what} is in {files:?}");
            }
        }
    }
}

/// Names of ASCII keep the objects that they have, so what can't be told apart is refused.
#[test]
fn services_that_would_share_an_object_are_refused() {
    let sandbox = Sandbox::new();
    let exports = exports(&sandbox, &["orders-v2", "Orders.v2", "payments"]);
    let run = sandbox.slo(&format!("generate prometheus-rule -o out{exports}"));
    assert_eq!(run.code, 2, "{run:?}");
    for words in [
        "error: `Orders.v2` and `orders-v2` would both be the object `slo-orders-v2`",
        "rename one of them",
    ] {
        assert!(run.err.contains(words), "{}", run.err);
    }
    assert!(!sandbox.path("out").exists());
    for other in ["prometheus", "pyrra", "prometheus-rule --mode universal"] {
        let run = sandbox.slo(&format!("generate {other} -o {}{exports}", &other[..5]));
        run.ok();
    }
}
