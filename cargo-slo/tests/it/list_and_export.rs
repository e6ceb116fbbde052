//! `list` and `export`, and the ways to say what is read.

use crate::fixtures::{Sandbox, elf, endpoint, orders, record, sentinel};
use serde_json::Value;
use std::process::{Command, Stdio};

#[test]
fn a_table_per_service() {
    let sandbox = Sandbox::new();
    sandbox.write("orders", orders());
    let run = sandbox.slo("list --bin orders").ok();
    let expected = "\
orders: 1 journey, 2 endpoints, 3 SLOs
JOURNEY   ENDPOINT     SLI           TARGET  THRESHOLD  WINDOW  LEVEL     ROUTE                   SOURCE
checkout  (all 2)      availability  99.9%              30d     journey
checkout  (all 2)      latency       99%     500ms      30d     journey
checkout  cart         (as journey)                                       POST /cart/{id}         src/api.rs:42
checkout  place-order  availability  99.95%             30d     endpoint  POST /place-order/{id}  src/api.rs:42
";
    assert_eq!(run.out, expected);
    assert_eq!(run.err, "");
}

#[test]
fn a_narrow_terminal_gets_folded_rows() {
    let sandbox = Sandbox::new();
    sandbox.write("orders", orders());
    for columns in [80, 100, 120, 140] {
        let variables = [("COLUMNS", &*columns.to_string())];
        let run = sandbox.slo_in("list --bin orders", &variables).ok();
        assert!(
            run.out.lines().all(|line| line.chars().count() <= columns),
            "{}",
            run.out
        );
        assert!(
            run.out.contains("POST /place-order/{id}  src/api.rs:42\n"),
            "{}",
            run.out
        );
    }
}

#[test]
fn json_for_programs() {
    let sandbox = Sandbox::new();
    sandbox.write("orders", orders());
    let run = sandbox.slo("list --format json --bin orders").ok();
    let list: Value = serde_json::from_str(&run.out).unwrap();
    let service = &list["services"][0];
    assert_eq!(service["service"], "orders");
    assert_eq!(service["sdk"], "0.1.0");
    let ids: Vec<_> = service["slos"]
        .as_array()
        .unwrap()
        .iter()
        .map(|slo| &slo["id"])
        .collect();
    assert_eq!(
        ids,
        [
            "orders/checkout.availability",
            "orders/checkout.latency",
            "orders/checkout/place-order.availability"
        ]
    );
    assert_eq!(service["slos"][1]["threshold_ns"], 500_000_000);
    assert_eq!(service["slos"][2]["target"], "99.95%");
    assert_eq!(service["endpoints"].as_array().unwrap().len(), 2);
}

#[test]
fn an_export_reads_back_as_the_program_does() {
    let sandbox = Sandbox::new();
    sandbox.write("orders", orders());
    let run = sandbox.slo("export -o out/slo --bin orders").ok();
    assert!(
        run.err.contains("wrote out/slo/orders.slo.json"),
        "{}",
        run.err
    );
    let written = std::fs::read_to_string(sandbox.path("out/slo/orders.slo.json")).unwrap();
    let value: Value = serde_json::from_str(&written).unwrap();
    assert_eq!(value["format"], 2);
    assert_eq!(
        value["generator"],
        concat!("cargo-slo ", env!("CARGO_PKG_VERSION"))
    );
    assert_eq!(value["service"], "orders");
    assert_eq!(value["records"][0]["name"], "cart");

    let export = "out/slo/orders.slo.json";
    for command in ["list", "export", "generate prometheus"] {
        let from_program = sandbox.slo(&format!("{command} --bin orders")).ok();
        let from_export = sandbox.slo(&format!("{command} --export {export}")).ok();
        assert_eq!(from_program.out, from_export.out);
    }
    assert_eq!(sandbox.slo(&format!("export {export}")).ok().out, written);
    assert_eq!(
        sandbox.slo(&format!("export {export} orders")).ok().out,
        written
    );
}

#[test]
fn services_can_be_named() {
    let sandbox = Sandbox::new();
    sandbox.write("orders", orders());
    sandbox.write("empty", elf(&[&sentinel()]));
    let run = sandbox.slo("list --service shop-orders --bin orders").ok();
    assert!(run.out.starts_with("shop-orders: "), "{}", run.out);
    sandbox
        .slo("list --service x --bin orders empty")
        .failed(&["`--service`", "empty, orders"]);
    sandbox
        .slo("list --service ../x --bin orders")
        .failed(&["can't be the name of a service"]);
}

#[test]
fn a_program_without_endpoints_is_no_error() {
    let sandbox = Sandbox::new();
    sandbox.write("empty", elf(&[&sentinel()]));
    let run = sandbox.slo("list --bin empty").ok();
    assert_eq!(run.out, "empty: no SLOs declared\n");
    let run = sandbox.slo("generate prometheus -o out --bin empty").ok();
    assert!(run.err.contains("`empty`: no SLOs declared"), "{}", run.err);
    let rules = std::fs::read_to_string(sandbox.path("out/empty.prometheus.yaml")).unwrap();
    assert!(rules.ends_with("groups: []\n"), "{rules}");
}

#[test]
fn a_file_named_in_vain_is_told() {
    let sandbox = Sandbox::new();
    sandbox.write("orders", orders());
    sandbox.write("other", elf(&[]));
    let run = sandbox.slo("list --bin orders other").ok();
    assert!(
        run.err.contains("nothing in this file") && run.err.contains("--> other"),
        "{}",
        run.err
    );
}

#[test]
fn standard_output_takes_one_file() {
    let sandbox = Sandbox::new();
    for name in ["a", "b"] {
        sandbox.write(name, elf(&[&record(&endpoint("cart"))]));
    }
    let run = sandbox.slo("generate prometheus --bin a b");
    run.failed(&[
        "only one file",
        "a.prometheus.yaml, b.prometheus.yaml",
        "-o DIR",
    ]);
    sandbox.slo("generate prometheus -o out --bin a b").ok();
    sandbox
        .slo("generate nagios --bin a")
        .failed(&["no output called `nagios`", "`prometheus`:"]);
}

#[test]
fn what_can_not_be_written_is_an_error() {
    let sandbox = Sandbox::new();
    sandbox.write("orders", orders());
    let run = sandbox.slo("export -o orders --bin orders");
    run.failed(&["--> orders", "can't be written"]);
}

#[test]
fn wrong_arguments_are_no_findings() {
    let sandbox = Sandbox::new();
    for arguments in [
        "",
        "lost",
        "list --bin",
        "list --bin a --release",
        "list x -p a",
        "generate",
    ] {
        let run = sandbox.slo(arguments);
        assert_eq!((run.code, &*run.out), (2, ""), "{arguments}: {}", run.err);
    }
    assert!(sandbox.slo("--help").ok().out.contains("generate"));
    assert!(
        sandbox
            .slo("--version")
            .ok()
            .out
            .contains(env!("CARGO_PKG_VERSION"))
    );
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let sandbox = Sandbox::new();
    let many: Vec<_> = (0..2000)
        .map(|n| record(&endpoint(&format!("endpoint-{n}"))))
        .collect();
    let program = sandbox.write("orders", elf(&[&many.concat()]));
    let mut child = Command::new(env!("CARGO_BIN_EXE_cargo-slo"))
        .args(["export", "--bin"])
        .arg(program)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{output:?}");
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
}
