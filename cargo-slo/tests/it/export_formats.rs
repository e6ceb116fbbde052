//! Exports that another version wrote, and those that somebody edited.

use crate::fixtures::{Sandbox, elf, endpoint, record, repository, sentinel};
use serde_json::{Value, json};
use std::fs;

/// What an exporter of format 1 wrote, kept as it was.
fn format_1(name: &str) -> String {
    let path = repository("cargo-slo/tests/it/exports").join(format!("{name}.slo.json"));
    path.to_str().unwrap().to_owned()
}

#[test]
fn what_an_earlier_export_does_not_say_is_not_known() {
    let sandbox = Sandbox::new();
    let export = format_1("shop-orders");
    let run = sandbox.slo(&format!("check --format json {export}"));
    for rule in ["service-description", "no-budget-policy", "journey-failure"] {
        assert!(!run.out.contains(rule), "{}", run.out);
    }
    assert!(
        run.err
            .contains("what `slo.toml` says about `shop-orders` is not known here"),
        "{}",
        run.err
    );
    let doc = sandbox.slo(&format!("doc --history none {export}")).ok();
    assert!(doc.out.contains("not known here"), "{}", doc.out);
    assert!(
        !doc.out.contains("Nothing says what happens"),
        "{}",
        doc.out
    );
    // It does not become known by being exported again.
    sandbox.slo(&format!("export -o out {export}")).ok();
    let again = sandbox.slo("check --format json out/shop-orders.slo.json");
    assert_eq!(run.out, again.out);
    // Where a file says so, it is known.
    sandbox.write("orders.toml", "owner = \"team-orders\"\n");
    let run = sandbox.slo(&format!(
        "check --format json {export} --slo-toml orders.toml"
    ));
    assert!(run.out.contains("no-budget-policy"), "{}", run.out);
    assert!(!run.err.contains("not known here"), "{}", run.err);
}

#[test]
fn earlier_exports_are_read_as_they_were() {
    let sandbox = Sandbox::new();
    for name in ["shop-orders", "shop-settlement"] {
        let before = fs::read_to_string(format_1(name)).unwrap();
        assert!(before.contains("\"format\": 1"));
        sandbox
            .slo(&format!("export -o out {}", format_1(name)))
            .ok();
        let after = sandbox.path("out").join(format!("{name}.slo.json"));
        let after: Value = serde_json::from_str(&fs::read_to_string(after).unwrap()).unwrap();
        let before: Value = serde_json::from_str(&before).unwrap();
        assert_eq!(before["records"], after["records"]);
        assert_eq!(before["service"], after["service"]);
        assert_eq!(
            (&after["format"], &after["facts"]),
            (&json!(2), &Value::Null)
        );
    }
}

#[test]
fn later_formats_are_refused_with_a_way_out() {
    let sandbox = Sandbox::new();
    for text in [
        r#"{"format": 3, "all": "different"}"#,
        r#"{"format": 0, "service": "a", "records": []}"#,
    ] {
        sandbox.write("a.slo.json", text);
        sandbox
            .slo("list a.slo.json")
            .failed(&["knows 1 to 2", "newer cargo-slo", "export again"]);
    }
}

#[test]
fn facts_that_slo_toml_could_not_say_are_refused_at_their_place() {
    let sandbox = Sandbox::new();
    let export = |facts: &str| {
        format!(
            "{{\"format\": 2, \"generator\": \"cargo-slo 9.9.9\", \"service\": \"a\",\n{facts},\n\"records\": []}}"
        )
    };
    for (facts, words) in [
        (
            r#""facts": {"ownre": "x"}"#,
            vec!["did you mean `owner`?", "/facts/ownre", ":2:11"],
        ),
        (
            r#""facts": {"traffic": {"a": "much"}}"#,
            vec!["is not traffic", "/facts/traffic/a"],
        ),
        (
            r#""facts": {}, "confidential": {"value": {"a": {"per-event": "1"}}}"#,
            vec!["is not understood", "/confidential/value/a"],
        ),
        (
            r#""facts": {"owner": null}"#,
            vec!["unknown value `null`", "/facts/owner"],
        ),
        (
            r#""facts": {"owner": "a", "owner": "b"}"#,
            vec!["stands here twice"],
        ),
        (
            r#""catalogue": {"tiers": {"gold": {"availability": "100%"}}}"#,
            vec![
                "`100%` is not a target",
                "/catalogue/tiers/gold/availability",
            ],
        ),
        (
            r#""offers": {"files": [], "http": true, "grpc": false, "incomparable": 0, "endpoints": [{"route": "x"}]}"#,
            vec!["/offers/endpoints/0"],
        ),
    ] {
        sandbox.write("a.slo.json", export(facts));
        let run = sandbox.slo("check a.slo.json").failed(&words);
        let is_told = run.err.contains("cargo-slo 9.9.9") || facts.contains("offers");
        assert!(is_told, "{}", run.err);
    }
}

#[test]
fn an_export_says_itself_what_a_file_here_does_not() {
    let sandbox = Sandbox::new();
    sandbox.write("orders", elf(&[&sentinel(), &record(&endpoint("cart"))]));
    sandbox.write("slo.toml", "description = \"of then\"\n");
    sandbox.slo("export -o out --bin orders").ok();
    // The `slo.toml` of this folder is about no export; one that is named goes before it.
    sandbox.write("slo.toml", "service = \"other\"\n");
    let doc = |more: &str| {
        sandbox
            .slo(&format!("doc out/orders.slo.json {more}"))
            .ok()
            .out
    };
    assert!(doc("").contains("of then"));
    sandbox.write("now.toml", "description = \"of now\"\n");
    let now = doc("--slo-toml now.toml");
    assert!(now.contains("of now") && !now.contains("of then"), "{now}");
    // Two that differ are told.
    sandbox
        .slo("export -o later --bin orders --slo-toml now.toml")
        .ok();
    let run = sandbox
        .slo("list out/orders.slo.json later/orders.slo.json")
        .ok();
    assert!(
        run.err
            .contains("two exports of `orders` say different things"),
        "{}",
        run.err
    );
}
