//! `diff`: what changed, against builds, exports, rule files and a Prometheus.

use crate::{
    fixtures::{Sandbox, elf, endpoint, record, sentinel, strict_endpoint},
    servers::request,
};
use serde_json::{Value, json};
use std::{io::Write, net::TcpListener, path::Path};

/// Two endpoints, and an availability target of their journey.
fn orders(availability_ppb: u64) -> Vec<u8> {
    let records = [strict_endpoint("place-order"), endpoint("cart")].map(|mut endpoint| {
        endpoint["journey"]["objectives"]["availability_ppb"] = json!(availability_ppb);
        record(&endpoint)
    });
    elf(&[&sentinel(), &records.concat()])
}

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("old/orders", orders(999_000_000));
    sandbox.write("new/orders", orders(995_000_000));
    sandbox
}

const CHANGED: &str =
    "target of orders/checkout.availability 99.9% → 99.5%: budget 43 min → 3 h 36 min a month";

#[test]
fn two_builds_and_two_exports() {
    let sandbox = sandbox();
    sandbox.slo("export -o old --bin old/orders").ok();
    sandbox.slo("export -o new --bin new/orders").ok();
    for (old, new) in [
        ("old/orders", "new/orders"),
        ("old/orders.slo.json", "new/orders.slo.json"),
        ("old/orders.slo.json", "new/orders"),
    ] {
        let run = sandbox.slo(&format!("diff --against {old} -- {new}"));
        assert_eq!(
            (run.code, &*run.out),
            (1, &*format!("{CHANGED}\n")),
            "{run:?}"
        );
    }
    let run = sandbox.slo("diff --events-per-day 33334 --against old/orders -- new/orders");
    assert_eq!(run.out, format!("{CHANGED}, events 1,000 → 5,000\n"));
    let same = sandbox.slo("diff --against old/orders -- old/orders").ok();
    assert_eq!((&*same.out, &*same.err), ("", "nothing differs\n"));
}

#[test]
fn programs_read_differences_as_json() {
    let sandbox = sandbox();
    let run = sandbox.slo("diff --format json --against old/orders -- new/orders");
    let report: Value = serde_json::from_str(&run.out).unwrap();
    let expected = json!({"same": false, "changes": [{
        "about": "orders/checkout.availability",
        "field": "target",
        "before": "99.9%",
        "after": "99.5%",
        "details": ["budget 43 min → 3 h 36 min a month"],
    }]});
    assert_eq!((run.code, report), (1, expected));
}

#[test]
fn rule_files_that_were_generated_are_no_drift() {
    let sandbox = sandbox();
    for (mode, file) in [
        ("per-slo", "orders.prometheus.yaml"),
        ("universal", "slo-universal.prometheus.yaml"),
    ] {
        sandbox
            .slo(&format!(
                "generate prometheus --mode {mode} --retention 40 -o rules --bin old/orders"
            ))
            .ok();
        let diff = |new: &str| {
            sandbox.slo(&format!(
                "diff --mode {mode} --retention 40 --against rules/{file} -- {new}"
            ))
        };
        assert_eq!(diff("old/orders").ok().out, "", "{mode}");
        let changed = diff("new/orders");
        match mode {
            "per-slo" => {
                assert_eq!(changed.code, 1);
                assert!(changed.out.starts_with(CHANGED), "{}", changed.out);
                let rules = "\nrules of orders/checkout.availability: different slo:";
                assert!(changed.out.contains(rules), "{}", changed.out);
            }
            // These hold for any target.
            _ => assert_eq!((changed.code, &*changed.out), (0, "")),
        }
    }
    // Edited by hand, and a rule taken out.
    let path = "rules/orders.prometheus.yaml";
    let edited = std::fs::read_to_string(sandbox.path(path)).unwrap();
    sandbox.write(
        path,
        edited
            .replace("[15m]", "[30m]")
            .replacen("slo:burn_rate:ratio1h", "slo:renamed", 1),
    );
    let run = sandbox.slo(&format!(
        "diff --retention 40 --against {path} -- old/orders"
    ));
    assert_eq!(run.code, 1);
    for words in [
        "missing slo:burn_rate:ratio1h",
        "left over slo:renamed",
        "different SloDataMissing in expr `… }[30m])` → `… }[15m])`",
    ] {
        assert!(run.out.contains(words), "`{words}` is not in:\n{}", run.out);
    }
}

/// What a cluster gives back of the generated rules.
#[test]
fn rules_are_read_as_a_cluster_gives_them_back() {
    let sandbox = sandbox();
    sandbox
        .slo("generate prometheus prometheus-rule -o rules --bin old/orders")
        .ok();
    let text = |name: &str| std::fs::read_to_string(sandbox.path(name)).unwrap();
    let plain = text("rules/orders.prometheus.yaml");
    let mut object: Value =
        serde_norway::from_str(&text("rules/orders.prometheus-rule.yaml")).unwrap();
    object["metadata"]["resourceVersion"] = "4711".into();
    object["metadata"]["managedFields"] =
        json!([{"manager": "helm", "fieldsV1": {"f:spec": {"f:groups": {}}}}]);
    object["metadata"]["annotations"]["kubectl.kubernetes.io/last-applied-configuration"] =
        "{\"spec\": {\"groups\": 7}}".into();
    object["status"] = json!({"bindings": []});
    let others = json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "x"}, "spec": {"ports": []}});
    let foreign = json!({"apiVersion": "monitoring.coreos.com/v1", "kind": "PrometheusRule", "spec": {"groups": [{"name": "a",
        "rules": [{"record": "slo:objective:ratio", "expr": "vector(0.9)", "labels": {"slo": "payments/charge.availability"}}]}]}});
    let list = json!({"apiVersion": "v1", "kind": "List", "items": [object, others, foreign]});
    let config_map = json!({"apiVersion": "v1", "kind": "ConfigMap", "data": {"orders.yaml": plain, "README": "groups of\nrules"}});
    let yaml = |value: &Value| serde_norway::to_string(value).unwrap();
    let only_ours = json!({"apiVersion": "v1", "kind": "List", "items": [object, others]});
    for (name, content) in [
        ("list.yaml", yaml(&only_ours)),
        ("list.json", only_ours.to_string()),
        ("object.json", object.to_string()),
        (
            "several.yaml",
            format!("{}---\n{}", yaml(&object), yaml(&others)),
        ),
        ("config-map.yaml", yaml(&config_map)),
        ("config-map.json", config_map.to_string()),
    ] {
        sandbox.write(name, content);
        let run = sandbox
            .slo(&format!("diff --against {name} -- old/orders"))
            .ok();
        assert_eq!(run.err, "nothing differs\n", "{name}");
    }
    let piped = |content: &str| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_cargo-slo"));
        let mut child = command
            .args(["slo", "diff", "--against", "-", "--", "old/orders"])
            .current_dir(sandbox.path("."))
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(content.as_bytes())
            .unwrap();
        let output = child.wait_with_output().unwrap();
        (
            output.status.code(),
            String::from_utf8(output.stdout).unwrap(),
            String::from_utf8(output.stderr).unwrap(),
        )
    };
    assert_eq!(
        piped(&yaml(&list)),
        (Some(0), String::new(), "nothing differs\n".to_owned())
    );
    let (code, _, err) = piped("a: b");
    assert!(
        code == Some(2) && err.contains("--> standard input"),
        "{err}"
    );

    let mut file: Value = serde_norway::from_str(&plain).unwrap();
    for group in file["groups"].as_array_mut().unwrap() {
        for rule in group["rules"].as_array_mut().unwrap() {
            rule["labels"]["cluster"] = "eu-1".into();
        }
    }
    let (code, out, _) = piped(&yaml(&file));
    assert_eq!((code, out.lines().count()), (Some(1), 2), "{out}");
    for line in out.lines() {
        assert!(line.ends_with("in label cluster \"eu-1\" → none"), "{line}");
    }
    assert!(
        !out.contains("missing") && !out.contains("left over"),
        "{out}"
    );
}

#[test]
fn what_can_not_be_compared_is_no_difference() {
    let sandbox = sandbox();
    sandbox.write("other.yaml", "a: b");
    for (against, words) in [
        ("nowhere.yaml", &["--> nowhere.yaml", "can't be read"][..]),
        ("nowhere", &["--> nowhere", "no such file"]),
        (
            "other.yaml",
            &[
                "--> other.yaml",
                "these are not rules",
                "cargo slo generate prometheus",
            ],
        ),
        (
            "http://127.0.0.1:1",
            &[
                "--> http://127.0.0.1:1/api/v1/rules",
                "querying Prometheus failed: connection refused",
                "nothing listens there",
            ],
        ),
        (
            "prometheus:9090",
            &[
                "`prometheus:9090` is neither a file nor an address",
                "write `http://prometheus:9090`",
            ],
        ),
        (
            "http://no-such-host.invalid",
            &["its host is unknown", "check its name"],
        ),
    ] {
        let run = sandbox
            .slo(&format!("diff --against {against} -- new/orders"))
            .failed(words);
        assert!(!run.err.contains("as a browser would"), "{}", run.err);
    }
}

/// Answers as many requests as there are answers, by what their paths contain, on a loopback
/// port, and then ends.
fn prometheus(answers: Vec<(&'static str, String)>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for _ in 0..answers.len() {
            let (mut stream, _) = listener.accept().unwrap();
            let head = request(&stream);
            let request = head.lines().next().unwrap();
            let answer = answers.iter().find(|(path, _)| request.contains(path));
            let (_, body) = answer.unwrap_or_else(|| panic!("asked for {request}"));
            let head = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: application/json";
            write!(
                stream,
                "{head}\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            )
            .unwrap();
        }
    });
    address
}

/// A rule file, as Prometheus tells its rules: with its own spelling of expressions.
fn told(rules: &Path) -> String {
    let file: Value = serde_norway::from_str(&std::fs::read_to_string(rules).unwrap()).unwrap();
    let groups = file["groups"].as_array().unwrap().iter().map(|group| {
        let rules = group["rules"].as_array().unwrap().iter().map(|rule| {
            let expr = rule["expr"].as_str().unwrap();
            let words: Vec<_> = expr.split_whitespace().collect();
            let minutes = rule["for"]
                .as_str()
                .map_or("0", |held| held.strip_suffix('m').unwrap());
            let held_for = 60.0 * minutes.parse::<f64>().unwrap();
            json!({
                "name": rule.get("record").or(rule.get("alert")),
                "query": words.join(" "),
                "duration": held_for,
                "labels": rule.get("labels").unwrap_or(&json!({})),
                "annotations": rule.get("annotations").unwrap_or(&json!({})),
                "health": "ok", "type": "recording",
            })
        });
        json!({"name": group["name"], "rules": rules.collect::<Vec<_>>()})
    });
    let groups: Vec<_> = groups
        .chain([json!({"name": "of others", "rules": [{"name": "up:sum", "query": "sum(up)"}]})])
        .collect();
    json!({"status": "success", "data": {"groups": groups}}).to_string()
}

fn vector(samples: &[Value]) -> String {
    json!({"status": "success", "data": {"resultType": "vector", "result": samples}}).to_string()
}

#[test]
fn a_running_prometheus() {
    let sandbox = sandbox();
    sandbox
        .slo("generate prometheus --retention 40 -o rules --bin old/orders")
        .ok();
    let rules = told(&sandbox.path("rules/orders.prometheus.yaml"));
    let objective = |job: &str, endpoint: &str, sli: &str, value: &str| {
        json!({"metric": {"__name__": "slo_objective_ratio", "job": job, "slo_journey": "checkout", "slo_endpoint": endpoint,
            "slo_sli": sli, "slo_window": "30d", "slo_owner": "team-orders"}, "value": [1.0, value]})
    };
    let objectives = [
        objective("shop/orders", "", "availability", "0.999"),
        objective("shop/orders", "", "latency", "0.99"),
        objective("shop/orders", "place-order", "availability", "0.9995"),
        // Of another service, which does not concern us.
        objective("shop/payments", "", "availability", "0.9"),
    ];
    let info = |endpoint: &str, hash: &str| {
        json!({"metric": {"__name__": "slo.info", "service.name": "orders", "slo.journey": "checkout",
            "slo.endpoint": endpoint, "slo.hash": hash}, "value": [1.0, "1"]})
    };
    let whole = [
        info("", "0123456789abcdef"),
        info("place-order", "fedcba9876543210"),
        info("cart", "fedcba9876543210"),
    ];
    let old = [
        info("", "0123456789abcdef"),
        info("place-order", "fedcba9876543210"),
        info("cart", "0000000000000007"),
    ];
    let diff = |infos: &[Value], new: &str| {
        let address = prometheus(vec![
            ("/api/v1/rules", rules.clone()),
            ("objective", vector(&objectives)),
            ("info", vector(infos)),
        ]);
        sandbox.slo(&format!("diff --retention 40 --against {address} -- {new}"))
    };
    assert_eq!(diff(&whole, "old/orders").ok().out, "");
    let run = diff(&old, "old/orders");
    let definition = "definition of orders/checkout/cart 0000000000000007 → fedcba9876543210\n";
    assert_eq!((run.code, &*run.out), (1, definition));
    let run = diff(&whole, "new/orders");
    assert_eq!(run.code, 1);
    assert!(run.out.starts_with(CHANGED), "{}", run.out);
}

#[test]
fn a_prometheus_that_answers_otherwise() {
    let sandbox = sandbox();
    let wrong = |body: &str| {
        let address = prometheus(vec![("", body.to_owned())]);
        sandbox.slo(&format!("diff --against {address} -- new/orders"))
    };
    wrong("<html>log in</html>").failed(&["the response is not a Prometheus API response"]);
    let refused = r#"{"status":"error","errorType":"bad_data","error":"no such thing"}"#;
    wrong(refused).failed(&["querying Prometheus failed", "no such thing"]);
}
