//! Cases that are played through a sample of the rules: whatever a service declares, each of its rules
//! is like one of the sample, and the sample is of the very rules that are loaded.

use crate::{
    exported_fleets::{BURN_RATES, Dice},
    fixtures::{Sandbox, elf, endpoint, record, sentinel},
};
use serde_json::{Value, json};
use std::{collections::BTreeSet, fmt::Write, fs};

const TARGETS: [u32; 5] = [
    900_000_000,
    990_000_000,
    999_000_000,
    999_500_000,
    999_990_000,
];
const WINDOWS: [&str; 3] = ["7d", "28d", "30d"];
const EVERY: [u64; 2] = [60_000_000_000, 86_400_000_000_000];

/// A service with up to forty endpoints of up to four journeys.
fn service(dice: &mut Dice) -> Sandbox {
    // The only alert of the setting `fast` can't fire for the loosest.
    let target = |dice: &mut Dice, is_fast| {
        let first = usize::from(is_fast);
        TARGETS[first + dice.below(TARGETS.len() - first)]
    };
    let are_fast: Vec<_> = (0..1 + dice.below(4)).map(|_| dice.below(3) == 0).collect();
    let mut journeys = Vec::new();
    for (n, is_fast) in are_fast.iter().enumerate() {
        let mut journey = endpoint("any")["journey"].clone();
        journey["name"] = json!(format!("j{n}"));
        if dice.maybe() {
            journey["formerly"] = json!([format!("old{n}")]);
        }
        journey["objectives"] = json!({
            "availability_ppb": target(dice, *is_fast),
            "latency": [{"name": "latency", "target_ppb": target(dice, *is_fast), "threshold_ns": 500_000_000}],
            "window": dice.one(&WINDOWS),
        });
        journeys.push(journey);
    }
    let endpoints = journeys.len() + dice.below(40);
    let records = (0..endpoints).map(|n| {
        let mut one = endpoint(&format!("e{n}"));
        one["journey"] = journeys[n % journeys.len()].clone();
        if dice.maybe() {
            one["objectives"] =
                json!({"availability_ppb": target(dice, are_fast[n % are_fast.len()]), "window": dice.one(&WINDOWS)});
        }
        if dice.below(4) == 0 {
            one["every_ns"] = json!(EVERY[dice.below(2)]);
        }
        record(&one)
    });
    let records: Vec<_> = records.collect();
    let sandbox = Sandbox::new();
    let sentinel = sentinel();
    let mut all = vec![&*sentinel];
    all.extend(records.iter().map(Vec::as_slice));
    sandbox.write("orders", elf(&all));
    let mut facts = String::from("[catalogue]\npath = 'catalogue'\n");
    if dice.below(3) == 0 {
        facts.insert_str(0, "burn-rates = 'slow'\n");
    }
    for (n, is_fast) in are_fast.iter().enumerate() {
        if *is_fast {
            writeln!(facts, "[journey.j{n}]\nburn-rates = 'fast'").unwrap();
        }
    }
    sandbox.write("slo.toml", facts);
    sandbox.write("catalogue/burn-rates.toml", BURN_RATES);
    sandbox
}

/// The texts of a list in YAML, whose items begin so.
fn items<'a>(text: &'a str, start: &str) -> Vec<&'a str> {
    text.split(start).skip(1).map(str::trim_end).collect()
}

fn parsed(text: &str) -> Value {
    serde_norway::from_str(text).unwrap()
}

/// The rules of each SLO, without what is its own: its names and its numbers.
fn shapes(rules: &Value) -> Vec<(String, String)> {
    let (mut found, mut open) = (Vec::new(), Vec::new());
    for group in rules["groups"].as_array().unwrap() {
        let name = group["name"].as_str().unwrap();
        open.extend(group["rules"].as_array().unwrap());
        let Some(identity) = name.strip_prefix("slo ").filter(|name| !name.contains(' ')) else {
            assert!(
                !name.starts_with("slo orders/") || name.ends_with(" counts"),
                "{name}"
            );
            continue;
        };
        let number = |name: &str| {
            let own = |rule: &&&Value| rule["record"] == *name;
            let expr = open.iter().find(own).unwrap()["expr"].as_str().unwrap();
            expr["vector(".len()..expr.len() - 1].to_owned()
        };
        let numbers = [
            number("slo:objective:ratio"),
            number("slo:error_budget:ratio"),
        ];
        let shape: String = open.drain(..).map(|rule| shape(rule, &numbers)).collect();
        found.push((identity.to_owned(), shape));
    }
    found
}

fn shape(rule: &Value, numbers: &[String]) -> String {
    let labels = rule["labels"].as_object().unwrap();
    let kept = ["severity", "slo_window", "slo_window_tier", "slo_outcome"];
    let labels = labels
        .iter()
        .map(|(name, value)| match kept.contains(&&**name) {
            true => format!("{name}={value}"),
            false => name.clone(),
        });
    let labels: Vec<_> = labels.collect();
    let mut expr = String::new();
    let mut is_name = false;
    for (place, part) in rule["expr"].as_str().unwrap().split('"').enumerate() {
        if place % 2 == 1 {
            expr += if is_name { "NAME" } else { part };
            continue;
        }
        is_name = ["slo=", "slo=~", "slo_journey=", "slo_endpoint=", "slo_sli="]
            .iter()
            .any(|label| part.ends_with(label));
        for word in part.split_inclusive(|c: char| !c.is_ascii_digit() && c != '.') {
            let number = word.trim_end_matches(|c: char| !c.is_ascii_digit() && c != '.');
            match numbers.iter().position(|own| own == number) {
                Some(which) => expr += &word.replace(number, ["TARGET", "BUDGET"][which]),
                None => expr += word,
            }
        }
    }
    let name = rule.get("record").or(rule.get("alert")).unwrap();
    format!("{name} {labels:?} {}\n{expr}\n", rule["for"])
}

fn groups(rules: &Value) -> Vec<&Value> {
    let groups = rules["groups"].as_array().unwrap().iter();
    groups.map(|group| &group["name"]).collect()
}

/// Checks what is generated for each SLO; true where there is a sample.
fn each_rule_is_like_one_of_the_sample(sandbox: &Sandbox) -> bool {
    sandbox
        .slo("generate prometheus promtool -o each --bin orders")
        .ok();
    let read = |name: &str| fs::read_to_string(sandbox.path("each").join(name)).ok();
    let whole = read("orders.prometheus.yaml").unwrap();
    let test = parsed(&read("orders.prometheus.yaml.test").unwrap());
    let all = parsed(&whole);
    assert_eq!(test["rule_files"], json!(["orders.prometheus.yaml"]));
    assert_eq!(test["group_eval_order"], json!(groups(&all)));
    let shapes_of_all = shapes(&all);
    for (slo, _) in &shapes_of_all {
        assert!(
            test["tests"]
                .to_string()
                .contains(&format!("{slo:?}").replace('"', "\\\"")),
            "{slo}"
        );
    }
    let Some(sample) = read("orders.prometheus.yaml.sample") else {
        assert_eq!(read("orders.prometheus.yaml.sample.test"), None);
        return false;
    };
    let of_whole: BTreeSet<_> = items(&whole, "\n  - name: ").into_iter().collect();
    for group in items(&sample, "\n  - name: ") {
        assert!(of_whole.contains(group), "{group}");
    }
    let sample = parsed(&sample);
    let test = parsed(&read("orders.prometheus.yaml.sample.test").unwrap());
    assert_eq!(test["rule_files"], json!(["orders.prometheus.yaml.sample"]));
    assert_eq!(test["group_eval_order"], json!(groups(&sample)));
    assert!(groups(&sample).contains(&&json!("slo data orders")));
    let of_sample = shapes(&sample);
    assert!(of_sample.len() < shapes_of_all.len());
    let known: BTreeSet<_> = of_sample.iter().map(|(_, shape)| shape).collect();
    for (slo, shape) in &shapes_of_all {
        assert!(
            known.contains(shape),
            "no rules of the sample are like those of {slo}:\n{shape}"
        );
    }
    for (slo, _) in &of_sample {
        assert!(
            test["tests"]
                .to_string()
                .contains(&format!("{slo:?}").replace('"', "\\\"")),
            "{slo}"
        );
    }
    true
}

/// Checks what is generated for all SLOs together; true where there is a sample of the rules.
fn each_window_and_alert_is_played(sandbox: &Sandbox) -> bool {
    sandbox
        .slo("generate prometheus promtool --mode universal -o all --bin orders")
        .ok();
    let read = |name: &str| fs::read_to_string(sandbox.path("all").join(name)).ok();
    let whole = read("slo-universal.prometheus.yaml").unwrap();
    let Some(of_sample) = read("orders.prometheus.yaml.sample.test") else {
        return false;
    };
    let objectives = |test: &str| -> BTreeSet<(bool, String)> {
        let all = items(test, "slo_objective_ratio{").into_iter();
        let of = |text: &str| {
            let labels = text.split('}').next().unwrap();
            let window = labels.split("slo_window=\\\"").nth(1).unwrap();
            let window = window.split('\\').next().unwrap();
            (labels.contains("slo_endpoint="), window.to_owned())
        };
        all.map(of).collect()
    };
    let of_all = read("orders.prometheus.yaml.test").unwrap();
    assert_eq!(objectives(&of_sample), objectives(&of_all));
    let file = parsed(&of_sample)["rule_files"][0].clone();
    let Some(sample) = read("slo-universal.prometheus.yaml.sample") else {
        assert_eq!(file, "slo-universal.prometheus.yaml");
        return false;
    };
    assert_eq!(file, "slo-universal.prometheus.yaml.sample");
    let of_whole: BTreeSet<_> = items(&whole, "\n      - ").into_iter().collect();
    let sample: BTreeSet<_> = items(&sample, "\n      - ").into_iter().collect();
    assert!(sample.is_subset(&of_whole));
    let of_one = |rule: &str| rule.contains("\n          slo: ");
    let alike = |rules: &BTreeSet<&str>| -> BTreeSet<String> {
        let rules = rules.iter().filter(|rule| of_one(rule));
        let labels = ["severity", "slo_window", "slo_window_tier"];
        let lines = |rule: &&str| {
            let lines = rule.lines().filter(|line| {
                labels
                    .iter()
                    .any(|label| line.trim_start().starts_with(&format!("{label}:")))
            });
            lines.collect::<Vec<_>>().join("\n")
        };
        rules.map(lines).collect()
    };
    assert_eq!(alike(&sample), alike(&of_whole));
    for rule in of_whole.difference(&sample) {
        assert!(of_one(rule), "{rule}");
    }
    true
}

#[test]
fn each_rule_of_any_service_is_like_one_that_is_played() {
    let (mut sampled, mut sampled_for_all) = (0, 0);
    for seed in 0..20 {
        let sandbox = service(&mut Dice(seed));
        eprintln!("seed {seed}");
        sampled += u32::from(each_rule_is_like_one_of_the_sample(&sandbox));
        sampled_for_all += u32::from(each_window_and_alert_is_played(&sandbox));
    }
    assert!((10..20).contains(&sampled), "{sampled}");
    assert!((4..20).contains(&sampled_for_all), "{sampled_for_all}");
}
