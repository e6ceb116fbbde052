//! The Python reader of the documentation reads what we read.

use crate::fixtures::{Sandbox, elf, endpoint, frame, orders, record, repository};
use serde_json::Value;
use std::{io::Write, process::Command};

/// What the reader prints for a file, or nothing without a Python.
fn python(file: &std::path::Path) -> Option<Vec<Value>> {
    let script = repository("docs/slo_meta.py");
    match Command::new("python3").arg(script).arg(file).output() {
        Ok(output) => {
            assert!(output.status.success(), "{output:?}");
            let text = String::from_utf8(output.stdout).unwrap();
            Some(
                text.lines()
                    .map(|line| serde_json::from_str(line).unwrap())
                    .collect(),
            )
        }
        Err(error) => {
            // Straight to the stream: the test harness would hide it.
            let skipped = format!("SKIPPED: python3 can't be started: {error}\n");
            std::io::stderr().write_all(skipped.as_bytes()).unwrap();
            None
        }
    }
}

#[test]
fn it_finds_the_same_records() {
    let sandbox = Sandbox::new();
    let program = sandbox.write("orders", orders());
    let Some(mut found) = python(&program) else {
        return;
    };
    assert_eq!(found.remove(0)["sdk"], "0.1.0");
    found.sort_by_key(|record| record["name"].as_str().map(str::to_owned));
    let ours: Value = serde_json::from_str(&sandbox.slo("export --bin orders").ok().out).unwrap();
    assert_eq!(Value::from(found), ours["records"]);
}

#[test]
fn it_skips_what_is_damaged_or_unknown() {
    let mut damaged = record(&endpoint("cart"));
    damaged[40] ^= 1;
    let later = frame(9, 1, b"?");
    let cut = &record(&endpoint("cut"))[..50];
    let program = elf(&[&damaged, &later, &record(&endpoint("stock")), cut]);
    let sandbox = Sandbox::new();
    let program = sandbox.write("orders", program);
    let Some(found) = python(&program) else {
        return;
    };
    let names: Vec<_> = found.iter().map(|record| &record["name"]).collect();
    assert_eq!(names, ["stock"]);
}

#[test]
fn the_documentation_shows_it() {
    let script = std::fs::read_to_string(repository("docs/slo_meta.py")).unwrap();
    let page = std::fs::read_to_string(repository("docs/build-metadata.md")).unwrap();
    assert!(
        page.contains(&format!("```python\n{script}```")),
        "docs/build-metadata.md shows another reader"
    );
}
