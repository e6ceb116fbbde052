//! Endpoints and journeys under new names, and those that are gone.

use crate::fixtures::{Sandbox, elf, endpoint, record, sentinel, strict_endpoint};
use serde_json::{Value, json};

/// A program with an endpoint that has an SLO of its own, and another.
fn program(edit: impl Fn(&mut Value)) -> Vec<u8> {
    let records = [strict_endpoint("place-order"), endpoint("cart")].map(|mut endpoint| {
        edit(&mut endpoint);
        record(&endpoint)
    });
    elf(&[&sentinel(), &records.concat()])
}

/// The journey and the endpoint are called `buy` and `submit` now, and say so.
fn renamed(endpoint: &mut Value) {
    called_otherwise(endpoint);
    endpoint["journey"]["formerly"] = json!(["checkout"]);
    if endpoint["name"] == "submit" {
        endpoint["formerly"] = json!(["place-order"]);
    }
}

fn called_otherwise(endpoint: &mut Value) {
    endpoint["journey"]["name"] = json!("buy");
    if endpoint["name"] == "place-order" {
        endpoint["name"] = json!("submit");
    }
    // The names are in the hashes.
    endpoint["hash"] = json!("0000000000000001");
    endpoint["journey"]["hash"] = json!("0000000000000002");
}

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("old/orders", program(|_| {}));
    sandbox.write("new/orders", program(renamed));
    sandbox.write("silent/orders", program(called_otherwise));
    sandbox.write(
        "fewer/orders",
        program(|endpoint| {
            let own = endpoint.as_object_mut().unwrap();
            own.remove("objectives");
        }),
    );
    sandbox
}

const BUY: &str = "orders/checkout.availability is now orders/buy.availability: its error budget goes on
orders/checkout.latency is now orders/buy.latency: its error budget goes on
orders/checkout/place-order.availability is now orders/buy/submit.availability: its error budget goes on
";

#[test]
fn a_rename_is_told_as_a_rename() {
    let sandbox = sandbox();
    let run = sandbox.slo("diff --against old/orders -- new/orders");
    assert_eq!((run.code, &*run.out), (1, BUY), "{run:?}");

    // What changed with it is told, too.
    sandbox.write(
        "tightened/orders",
        program(|endpoint| {
            renamed(endpoint);
            endpoint["journey"]["objectives"]["availability_ppb"] = json!(995_000_000);
        }),
    );
    let run = sandbox.slo("diff --against old/orders -- tightened/orders");
    let target = "target of orders/buy.availability 99.9% → 99.5%";
    assert!(run.out.contains(target), "{}", run.out);

    // The word can go, and the same SLOs are left.
    let run = sandbox
        .slo("diff --against new/orders -- silent/orders")
        .ok();
    assert_eq!(run.out, "");
}

#[test]
fn lost_history_is_an_error_with_ways_out() {
    let sandbox = sandbox();
    let run = sandbox.slo("diff --against old/orders -- silent/orders");
    assert_eq!(run.code, 3, "{run:?}");
    for words in [
        "error: orders/checkout/place-order.availability is gone: it was 99.95% over 30d: 30 days of its history are lost\n",
        "  if it is orders/buy/submit now, say so there: #[slo(…, formerly = \"checkout/place-order\")]\n",
        "  if it is orders/buy now, say so there: Journey::new(\"buy\").formerly(&[\"checkout\"])\n",
        "  if it was removed on purpose, say so in slo.toml:\n    [[removed]]\n    name = \"checkout/place-order.availability\"\n    reason = \"…\"\n",
        "orders/buy.availability is new",
    ] {
        assert!(run.out.contains(words), "`{words}` is not in:\n{}", run.out);
    }
    let run = sandbox.slo("diff --format json --against old/orders -- fewer/orders");
    let report: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(run.code, 3);
    let lost = &report["changes"][0];
    assert_eq!(lost["about"], "orders/checkout/place-order.availability");
    assert_eq!(lost["lost"], true);
    assert_eq!(lost["help"].as_array().unwrap().len(), 2);
}

#[test]
fn what_was_removed_on_purpose_is_no_error() {
    let sandbox = sandbox();
    for name in [
        "checkout/place-order.availability",
        "checkout/place-order",
        "checkout",
    ] {
        sandbox.write(
            "slo.toml",
            format!("[[removed]]\nname = \"{name}\"\nreason = \"one target is enough\"\n"),
        );
        let run = sandbox.slo("diff --against old/orders -- fewer/orders");
        let gone = "orders/checkout/place-order.availability is gone: it was 99.95% over 30d: removed on purpose, one target is enough\n";
        assert_eq!((run.code, &*run.out), (1, gone), "{name}: {run:?}");
    }
    sandbox.write(
        "slo.toml",
        "[[removed]]\nname = \"checkout/place\"\nreason = \"another\"\n",
    );
    let run = sandbox.slo("diff --against old/orders -- fewer/orders");
    assert_eq!(run.code, 3, "{run:?}");
}

#[test]
fn rules_of_renamed_slos_are_no_drift() {
    let sandbox = sandbox();
    for (mode, file) in [
        ("per-slo", "orders.prometheus.yaml"),
        ("universal", "slo-universal.prometheus.yaml"),
    ] {
        sandbox
            .slo(&format!(
                "generate prometheus --mode {mode} -o rules --bin new/orders"
            ))
            .ok();
        let rules = std::fs::read_to_string(sandbox.path(&format!("rules/{file}"))).unwrap();
        let said = "# orders/buy.availability: with what is counted as orders/checkout.availability, for as long as that is in a window.\n";
        assert!(rules.contains(said), "{rules}");
        let against = |program: &str| {
            sandbox.slo(&format!(
                "diff --mode {mode} --against rules/{file} -- {program}"
            ))
        };
        let run = against("new/orders");
        assert_eq!((run.code, &*run.out), (0, ""), "{mode}");
        // Rules that were not generated again are told.
        sandbox
            .slo(&format!(
                "generate prometheus --mode {mode} -o rules --bin old/orders"
            ))
            .ok();
        let run = against("new/orders");
        assert_eq!(run.code, 1, "{mode}");
        let different = match mode {
            "per-slo" => "rules of orders/buy.availability and 2 others: missing",
            _ => "rules of all services: different slo:error:ratio",
        };
        assert!(run.out.contains(different), "{}", run.out);
    }
}

#[test]
fn lists_and_documents_say_it() {
    let sandbox = sandbox();
    let list = sandbox.slo("list --bin new/orders").ok().out;
    for words in [
        "buy was formerly checkout\n",
        "buy/submit was formerly buy/place-order or checkout/place-order or checkout/submit\n",
    ] {
        assert!(list.contains(words), "`{words}` is not in:\n{list}");
    }
    let list = sandbox.slo("list --format json --bin new/orders").ok().out;
    let list: Value = serde_json::from_str(&list).unwrap();
    let slos = list["services"][0]["slos"].as_array().unwrap();
    let buy = slos.iter().find(|slo| slo["id"] == "orders/buy.latency");
    assert_eq!(buy.unwrap()["formerly"], json!(["orders/checkout.latency"]));

    for (language, words) in [
        (
            "en",
            "`checkout.availability`: what was counted under that name stays in the error budget for 30 days after the rename",
        ),
        (
            "ja",
            "`checkout.availability`（名称を変えてから30 日間は、この名称で数えたイベントもエラーバジェットに含む）",
        ),
    ] {
        let run = sandbox.slo(&format!("doc --lang {language} --bin new/orders"));
        let document = run.ok().out;
        let document = document.replace('\u{a0}', " ");
        assert!(document.contains(words), "`{words}` is not in:\n{document}");
    }
}

/// Three months under the old name, in which the target was missed.
#[test]
fn promises_are_judged_by_what_was_counted_under_former_names() {
    let sandbox = sandbox();
    let events = |sli: &str, threshold: Value, endpoint: &str, bad: u64| {
        json!({
            "journey": "checkout", "endpoint": endpoint, "sli": sli, "threshold_ns": threshold,
            "good": vec![9000 - bad; 90], "bad": vec![bad; 90],
        })
    };
    let counted = json!({
        "format": 1, "until": "2026-05-31", "step_days": 1,
        "services": {"orders": {"events": [
            events("availability", Value::Null, "place-order", 90),
            events("availability", Value::Null, "cart", 0),
            events("latency", json!(500_000_000), "place-order", 900),
            events("latency", json!(500_000_000), "cart", 900),
        ]}},
    });
    sandbox.write("history.json", counted.to_string());
    let found = |program: &str| {
        let run = sandbox.slo(&format!(
            "check --today 2026-06-01 --history history.json --format json --bin {program}"
        ));
        let found = run
            .out
            .lines()
            .map(|line| serde_json::from_str(line).unwrap());
        let of_rule = found.filter(|found: &Value| found["rule"] == "out-of-reach");
        let messages = of_rule.map(|found| found["message"].to_string());
        messages.collect::<Vec<_>>().join("\n")
    };
    let renamed = found("new/orders");
    for slo in ["buy/submit.availability", "buy.availability", "buy.latency"] {
        assert!(renamed.contains(slo), "{slo} is not in:\n{renamed}");
    }
    assert_eq!(found("silent/orders"), "");
}
