//! What `slo.toml` and the catalogue say reaches what is generated, and it is the same that
//! `check` and `explain` judge.

use crate::{
    check::fleet,
    fixtures::{Sandbox, elf, endpoint, record, sentinel, strict_endpoint},
};
use serde_json::{Value, json};
use std::{collections::BTreeSet, fs};

const SETTLEMENT: &str =
    "--catalog catalogue --export settlement.slo.json --slo-toml settlement.toml";

/// What tells alerts apart: severity, factor, long and short window.
type Alerts = BTreeSet<[String; 4]>;

/// The alerts of a setting, as `explain` shows them for 95 % over 30 days.
fn explained(sandbox: &Sandbox, setting: &str) -> Alerts {
    let run = sandbox
        .slo("explain burn-rates --target 95 --catalog catalogue")
        .ok();
    let section = run.out.split(setting).nth(1).unwrap();
    let rows = section.lines().skip(2);
    rows.take_while(|row| row.starts_with("page") || row.starts_with("ticket"))
        .map(|row| {
            let words: Vec<_> = row.split_whitespace().collect();
            [words[0], words[1], words[2], words[4]].map(str::to_owned)
        })
        .collect()
}

/// The alerts of a rule file, by their expressions.
fn generated(sandbox: &Sandbox) -> Alerts {
    let name = "out/settlement.prometheus.yaml";
    let text = fs::read_to_string(sandbox.path(name)).unwrap();
    let file: Value = serde_norway::from_str(&text).unwrap();
    let groups = file["groups"].as_array().unwrap().iter();
    let rules = groups.flat_map(|group| group["rules"].as_array().unwrap());
    rules
        .filter(|rule| rule["alert"] == "SloErrorBudgetBurn")
        .map(|rule| {
            let expr = rule["expr"].as_str().unwrap();
            let windows: Vec<_> = expr
                .split("slo:error:ratio")
                .skip(1)
                .map(|rest| rest.split('{').next().unwrap())
                .collect();
            let factor = expr.rsplit_once("> ").unwrap().1.split(' ').next().unwrap();
            let severity = rule["labels"]["severity"].as_str().unwrap();
            [severity, factor, windows[0], windows[1]].map(str::to_owned)
        })
        .collect()
}

#[test]
fn generated_alerts_are_those_that_are_explained() {
    let sandbox = fleet(&[]);
    sandbox
        .slo(&format!("generate prometheus -o out {SETTLEMENT}"))
        .ok();
    let slow = explained(&sandbox, "`slow` of the catalogue");
    assert_eq!(slow.len(), 2);
    assert_eq!(generated(&sandbox), slow);
    // Without the setting, they are the usual ones.
    let usual = explained(&sandbox, "the usual conditions");
    sandbox
        .slo("generate prometheus -o out --export settlement.slo.json")
        .ok();
    assert_eq!(generated(&sandbox), usual);
    assert_ne!(usual, slow);
}

#[test]
fn drift_is_told_by_the_alerts_that_were_chosen() {
    let sandbox = fleet(&[]);
    sandbox
        .slo(&format!("generate prometheus -o out {SETTLEMENT}"))
        .ok();
    let against = "--against out/settlement.prometheus.yaml";
    sandbox.slo(&format!("diff {against} {SETTLEMENT}")).ok();
    let without = sandbox.slo(&format!("diff {against} --export settlement.slo.json"));
    assert_eq!(without.code, 1, "{without:?}");
}

#[test]
fn what_can_not_be_followed_is_refused() {
    let sandbox = fleet(&[]);
    let files = "--export settlement.slo.json --slo-toml settlement.toml";
    sandbox
        .slo(&format!("generate prometheus -o out {files}"))
        .failed(&[
            "`slow` is not in the catalogue",
            "`--catalog DIR`",
            "settlement.toml:4:14",
        ]);
    let twice = fleet(&[(
        "catalogue/burn-rates.toml",
        "severity = \"ticket\"\nbudget = \"10%\"\nlong = \"3d\"",
        "severity = \"page\"\nbudget = \"10%\"\nlong = \"6h\"",
    )]);
    twice
        .slo(&format!("generate prometheus -o out {SETTLEMENT}"))
        .failed(&["two alerts of `slow`", "catalogue/burn-rates.toml:10:1"]);
    assert!(!sandbox.path("out").exists());
}

/// Every output takes the setting, or says that it can't.
#[test]
fn every_output_follows_or_says_so() {
    let sandbox = fleet(&[]);
    let all = "alertmanager datadog grafana openslo prometheus promtool pyrra sloth terraform";
    sandbox
        .slo(&format!("generate {all} -o out {SETTLEMENT}"))
        .ok();
    let read = |name: &str| fs::read_to_string(sandbox.path("out").join(name)).unwrap();
    for (name, says) in [
        (
            "settlement.sloth.yaml",
            "Sloth knows nothing of the burn rates that slo.toml chooses",
        ),
        ("settlement.openslo.yaml", "settlement--page--6h--30d"),
        ("settlement.datadog.json", "6h"),
    ] {
        let text = read(name);
        assert!(text.contains(says), "{says} is not in {name}:\n{text}");
        assert!(!text.contains("--page--1h--30d"), "{name}:\n{text}");
    }
}

#[test]
fn what_is_said_stands_in_annotations() {
    let sandbox = fleet(&[]);
    sandbox
        .slo("generate openslo -o out --catalog catalogue --export orders.slo.json --slo-toml orders.toml")
        .ok();
    let text = fs::read_to_string(sandbox.path("out/orders.openslo.yaml")).unwrap();
    let objects = serde_norway::Deserializer::from_str(&text)
        .map(|document| serde::Deserialize::deserialize(document).unwrap());
    let objects: Vec<Value> = objects.collect();
    let annotation = |slo: &str, key: &str| {
        let object = objects.iter().find(|object| {
            object["kind"] == "SLO" && object["metadata"]["annotations"]["cargo-slo/slo"] == slo
        });
        object.unwrap()["metadata"]["annotations"][format!("cargo-slo/{key}")]
            .as_str()
            .unwrap_or("")
            .to_owned()
    };
    let of_journey = |key: &str| annotation("orders/checkout.availability", key);
    assert_eq!(
        of_journey("policy"),
        "standard: at 50% left review, the team looks where the budget goes; at 0% left freeze"
    );
    assert_eq!(
        of_journey("dependencies"),
        "payments (hard); stock (hard); mail (soft: mails wait in a queue for up to a day)"
    );
    assert_eq!(
        of_journey("reviews"),
        "achievable by A. Mori, team orders on 2026-05-01; \
         satisfying by B. Sato, online shop on 2026-05-08"
    );
    assert_eq!(of_journey("tier"), "gold");
    assert!(of_journey("when-it-fails").contains("can't be paid"));
    assert_eq!(
        annotation("orders/checkout/place-order.availability", "reviews"),
        ""
    );
    // An approval of another value is told as one.
    let sandbox = fleet(&[("orders.slo.json", "999000000", "998000000")]);
    sandbox
        .slo("generate openslo -o out --catalog catalogue --export orders.slo.json --slo-toml orders.toml")
        .ok();
    let text = fs::read_to_string(sandbox.path("out/orders.openslo.yaml")).unwrap();
    assert!(
        text.contains("2026-05-01, for a value it no longer has"),
        "{text}"
    );
}

/// The usual alerts over 90 days have factors from 3 on; where they keep those of 30 days, a ticket
/// at a factor of 1 is among them. Rules and documents judge by the alerts that are generated.
#[test]
fn scaling_means_the_same_to_rules_documents_and_outputs() {
    let sandbox = Sandbox::new();
    let record = serde_json::json!({
        "name": "cart",
        "journey": {
            "name": "checkout", "hash": "1",
            "objectives": {"availability_ppb": 999_000_000, "window": "90d"},
        },
        "hash": "2",
        "source": {
            "package": "p", "version": "1.0.0", "module": "m", "function": "f", "file": "f.rs", "line": 1,
        },
    });
    let export = serde_json::json!({
        "format": 1, "generator": "", "service": "settlement", "records": [record],
    });
    sandbox.write("settlement.slo.json", export.to_string());
    for (options, has_leak) in [("", true), (" --scaling scale-windows", false)] {
        let check = sandbox.slo(&format!("check settlement.slo.json{options}"));
        assert_eq!(
            check.out.contains("[silent-leak]"),
            has_leak,
            "{}",
            check.out
        );
        let doc = sandbox
            .slo(&format!("doc --history none settlement.slo.json{options}"))
            .ok();
        assert_eq!(doc.out.contains("| ticket | 1 |"), !has_leak, "{}", doc.out);
        sandbox
            .slo(&format!(
                "generate prometheus -o out --export settlement.slo.json{options}"
            ))
            .ok();
        let told = generated(&sandbox)
            .iter()
            .any(|[_, factor, ..]| factor == "1");
        assert_eq!(told, !has_leak);
        let list = sandbox
            .slo(&format!("list --format json settlement.slo.json{options}"))
            .ok();
        let list: Value = serde_json::from_str(&list.out).unwrap();
        let alerts = list["services"][0]["slos"][0]["alerts"].as_array().unwrap();
        let told = alerts.iter().any(|alert| alert["factor"] == "1");
        assert_eq!((alerts.len(), told), (4, !has_leak));
    }
}

/// A program with two journeys and an endpoint that promises something itself, and a setting at each
/// level, told apart by their long windows.
fn settings_at_each_level() -> Sandbox {
    let sandbox = Sandbox::new();
    let mut find = endpoint("find");
    find["journey"]["name"] = json!("search");
    let records: Vec<_> = [endpoint("cart"), strict_endpoint("place"), find]
        .iter()
        .map(record)
        .collect();
    let sentinel = sentinel();
    let mut all = vec![&*sentinel];
    all.extend(records.iter().map(Vec::as_slice));
    sandbox.write("orders", elf(&all));
    sandbox.write(
        "slo.toml",
        "burn-rates = \"of-service\"\n[catalogue]\npath = \"catalogue\"\n\
         [journey.checkout]\nburn-rates = \"of-journey\"\n\
         [slo.\"checkout/place.availability\"]\nburn-rates = \"of-slo\"\n\
         [slo.\"checkout.latency\"]\n",
    );
    let setting = |name: &str, long: &str| {
        format!(
            "[[{name}.condition]]\nseverity = \"page\"\nbudget = \"5%\"\nlong = \"{long}\"\nshort = \"5m\"\n"
        )
    };
    let settings = [("of-service", "1h"), ("of-journey", "2h"), ("of-slo", "3h")];
    let settings = settings.map(|(name, long)| setting(name, long));
    sandbox.write("catalogue/burn-rates.toml", settings.concat());
    sandbox
}

/// The SLOs of that program, and the long window of the only alert of each.
const LONG: [(&str, &str); 5] = [
    ("orders/checkout.availability", "2h"),
    ("orders/checkout.latency", "2h"),
    ("orders/checkout/place.availability", "3h"),
    ("orders/search.availability", "1h"),
    ("orders/search.latency", "1h"),
];

#[test]
fn the_setting_of_an_slo_goes_before_that_of_its_journey_and_of_the_service() {
    let sandbox = settings_at_each_level();
    let run = sandbox.slo("list --format json --bin orders").ok();
    let list: Value = serde_json::from_str(&run.out).unwrap();
    for (name, long) in LONG {
        let slos = list["services"][0]["slos"].as_array().unwrap();
        let slo = slos.iter().find(|slo| slo["id"] == name).unwrap();
        let alerts = slo["alerts"].as_array().unwrap();
        assert_eq!(alerts.len(), 1, "{name}");
        assert_eq!(alerts[0]["long"], long, "{name}");
    }
    // An export says the same.
    sandbox.slo("export -o out --bin orders").ok();
    let exported = sandbox
        .slo("list --format json --export out/orders.slo.json")
        .ok();
    let exported: Value = serde_json::from_str(&exported.out).unwrap();
    let alerts = |list: &Value| list["services"][0]["slos"].to_string();
    assert_eq!(alerts(&exported), alerts(&list));
}

/// Of SLOs with a setting, no rule for all tells, and one of their own does.
#[test]
fn in_universal_rules_no_slo_alerts_twice_or_never() {
    let sandbox = settings_at_each_level();
    sandbox
        .slo("generate prometheus --mode universal -o out --bin orders")
        .ok();
    let text = fs::read_to_string(sandbox.path("out/slo-universal.prometheus.yaml")).unwrap();
    let alerts: Vec<_> = text
        .split("- alert: ")
        .filter(|rule| rule.starts_with("\"SloErrorBudgetBurn\""))
        .collect();
    let (own, for_all): (Vec<_>, Vec<_>) = alerts
        .into_iter()
        .partition(|rule| rule.contains("\n          slo: "));
    assert_eq!((own.len(), for_all.len()), (LONG.len(), 4), "{text}");
    for (name, long) in LONG {
        let label = format!("\n          slo: {name:?}");
        let mut rules = own.iter().filter(|rule| rule.contains(&label));
        let rule = rules.next().unwrap_or_else(|| panic!("{name}\n{text}"));
        assert!(
            rule.contains(&format!("slo_window_tier: {long:?}")),
            "{rule}"
        );
        assert!(rules.next().is_none(), "{name}");
        for rule in &for_all {
            let (_, left_out) = rule
                .split_once(" unless (slo:objective:ratio{slo=~")
                .unwrap();
            let (left_out, _) = left_out.split_once('}').unwrap();
            assert!(left_out.contains(&name.replace('.', "\\\\.")), "{left_out}");
        }
    }
}
