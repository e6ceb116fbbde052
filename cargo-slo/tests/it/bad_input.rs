//! Whatever is wrong with a file, the error names the file and the record, nothing panics,
//! and the exit code says that the job was not done.

use crate::fixtures::{Sandbox, elf, endpoint, frame, orders, record, sentinel, strict_endpoint};
use serde_json::{Value, json};

fn read(content: &[u8], words: &[&str]) {
    let sandbox = Sandbox::new();
    sandbox.write("orders", content);
    for command in ["list", "export", "generate prometheus"] {
        let run = sandbox
            .slo(&format!("{command} --bin orders"))
            .failed(words);
        assert!(run.err.contains("--> orders"), "{}", run.err);
    }
}

#[test]
fn no_program() {
    read(
        b"hello, world, this is a text",
        &["not an executable program"],
    );
    read(
        b"#!/bin/sh\necho",
        &["not an executable program", "looks like a script"],
    );
    read(
        b"!<arch>\nxxxxxxxxxxxxxxxxxx",
        &["an archive of object files"],
    );
    read(
        b"{\"format\":1}          ",
        &["looks like JSON", "--export"],
    );
}

#[test]
fn empty_file() {
    read(b"", &["the file is empty"]);
}

#[test]
fn cut_off_program() {
    let whole = orders();
    read(&whole[..40], &["structure is damaged"]);
    read(&whole[..whole.len() - 80], &["structure is damaged"]);
}

#[test]
fn directory_and_missing_file() {
    let sandbox = Sandbox::new();
    sandbox.write("folder/file", "");
    sandbox
        .slo("list --bin folder")
        .failed(&["--> folder", "a directory"]);
    sandbox
        .slo("list --bin nowhere")
        .failed(&["--> nowhere", "no such file"]);
    sandbox
        .slo("list --export folder")
        .failed(&["--> folder", "the folder has no `*.slo.json`"]);
    sandbox
        .slo("list --export nowhere")
        .failed(&["--> nowhere", "no such file"]);
}

#[cfg(unix)]
#[test]
fn pipes_and_devices_are_not_waited_for() {
    let sandbox = Sandbox::new();
    sandbox
        .slo("list --bin /dev/zero")
        .failed(&["/dev/zero", "not a regular file"]);
}

#[test]
fn truncated_record() {
    let record = record(&endpoint("cart"));
    let cut = &record[..record.len() - 9];
    read(
        &elf(&[&sentinel(), cut]),
        &["cut off", "record at byte 0x", "(`cart`)"],
    );
    read(
        &elf(&[&sentinel(), &record[..15]]),
        &["cut off", "record at byte 0x"],
    );
}

#[test]
fn flipped_bit() {
    let mut damaged = record(&endpoint("cart"));
    *damaged.last_mut().unwrap() ^= 1;
    let whole = record(&endpoint("place-order"));
    let words = [
        "checksum",
        "record at byte 0x",
        "(`cart`)",
        "= help: build the program again",
    ];
    read(&elf(&[&sentinel(), &damaged, &whole]), &words);
}

#[test]
fn hostile_length() {
    let mut hostile = record(&endpoint("cart"));
    hostile[12..16].copy_from_slice(&u32::MAX.to_le_bytes());
    read(&elf(&[&hostile]), &["claims 4294967295 bytes", "(`cart`)"]);
}

#[test]
fn payload_that_is_no_record() {
    read(
        &elf(&[&frame(1, 1, b"{\"name\":\"a\",\"x\":\"\xff\xfe\"}")]),
        &["(`a`)", "can't be read"],
    );
    read(
        &elf(&[&frame(1, 1, b"{\"name\":\"cart\"}")]),
        &["(`cart`)", "missing field"],
    );
    read(
        &elf(&[&frame(1, 1, b"")]),
        &["record at byte 0x", "can't be read"],
    );
    let nested = [b"{\"name\":\"deep\",\"x\":".as_slice(), &[b'['; 60_000]].concat();
    read(
        &elf(&[&frame(1, 1, &nested)]),
        &["(`deep`)", "can't be read"],
    );
}

#[test]
fn several_errors_are_all_told() {
    let damaged = |name| {
        let mut damaged = record(&endpoint(name));
        *damaged.last_mut().unwrap() ^= 1;
        damaged
    };
    read(
        &elf(&[&damaged("cart"), &damaged("stock")]),
        &["(`cart`)", "(`stock`)"],
    );
}

#[test]
fn unknown_versions_and_kinds_warn() {
    let sandbox = Sandbox::new();
    let later = [
        frame(9, 1, b"?"),
        frame(1, 77, b"{}"),
        record(&endpoint("cart")),
    ]
    .concat();
    sandbox.write("orders", elf(&[&sentinel(), &later]));
    let run = sandbox.slo("list --bin orders").ok();
    assert!(run.out.contains("cart"));
    for word in [
        "warning: left out",
        "format version 9",
        "kind 77",
        "--> orders",
    ] {
        assert!(run.err.contains(word), "{}", run.err);
    }
}

fn from_another_crate(package: &str, version: &str) -> Value {
    let mut other = endpoint("cart");
    other["source"] = json!({
        "package": package, "version": version, "module": format!("{package}::web"),
        "function": "show_cart", "file": format!("/registry/{package}-{version}/src/web.rs"), "line": 7,
    });
    other
}

#[test]
fn two_crates_with_the_same_endpoint() {
    let all = [
        sentinel(),
        record(&endpoint("cart")),
        record(&from_another_crate("shop", "0.3.0")),
    ];
    let words = [
        "service `orders` has two endpoints called `cart`",
        "orders@1.2.3 orders::api::cart at src/api.rs:42",
        "shop@0.3.0 shop::web::show_cart at /registry/shop-0.3.0/src/web.rs:7",
        "rename one of them",
    ];
    read(&elf(&[&all.concat()]), &words);
}

#[test]
fn two_versions_of_one_crate() {
    let [old, new] = ["0.3.0", "0.4.1"].map(|version| record(&from_another_crate("shop", version)));
    read(
        &elf(&[&old, &new]),
        &[
            "shop@0.3.0",
            "shop@0.4.1",
            "two versions of `shop`",
            "cargo tree -d",
        ],
    );
}

#[test]
fn two_journeys_of_one_name() {
    let mut other = endpoint("stock");
    other["journey"]["objectives"]["availability_ppb"] = json!(990_000_000);
    other["journey"]["hash"] = json!("1111111111111111");
    let words = [
        "two different journeys called `checkout`",
        "`cart`",
        "`stock`",
        "differ in the objectives",
    ];
    read(&elf(&[&record(&endpoint("cart")), &record(&other)]), &words);
}

#[test]
fn conflicts_between_files_name_both() {
    let sandbox = Sandbox::new();
    sandbox.write("orders", elf(&[&record(&endpoint("cart"))]));
    sandbox.write(
        "lib/liborders.so",
        elf(&[&record(&from_another_crate("shop", "1.0.0"))]),
    );
    let run = sandbox.slo("list --bin orders lib/liborders.so");
    run.failed(&["--> orders", "in orders", "in lib/liborders.so"]);
}

#[test]
fn nothing_built_with_the_sdk() {
    read(
        &elf(&[]),
        &["nothing built with slo-sdk was found", "use slo_sdk::slo"],
    );
    // The command itself knows what records look like, and has none.
    let sandbox = Sandbox::new();
    let itself = env!("CARGO_BIN_EXE_cargo-slo");
    sandbox
        .slo(&format!("list --bin {itself}"))
        .failed(&["nothing built with slo-sdk"]);
}

#[test]
fn exports_edited_by_hand() {
    let export = |record: Value| json!({"format": 1, "generator": "x", "service": "orders", "records": [record]});
    let edit = |path: &str, value: Value| {
        let mut record = strict_endpoint("cart");
        *record.pointer_mut(path).unwrap() = value;
        export(record).to_string()
    };
    let mut long = strict_endpoint("cart");
    long["journey"]["objectives"]["latency"] = (0..5)
        .map(|n| json!({"name": format!("l{n}"), "target_ppb": 1, "threshold_ns": 1}))
        .collect();
    let mut twice = strict_endpoint("cart");
    let latency = twice["journey"]["objectives"]["latency"][0].clone();
    twice["journey"]["objectives"]["latency"] = json!([latency, latency]);
    let record = "record 1 (`cart`)";
    let cases = [
        (
            edit("/objectives/availability_ppb", json!(1_000_000_000)),
            "1000000000 parts per billion",
            record,
        ),
        (
            edit("/objectives/availability_ppb", json!(0)),
            "0 parts per billion",
            record,
        ),
        (
            edit("/objectives/availability_ppb", json!(-1)),
            "invalid value",
            record,
        ),
        (
            edit("/objectives/window", json!("900d")),
            "`900d` is not a window",
            record,
        ),
        (
            edit("/name", json!("Cart !")),
            "not a lower-case word",
            "record 1 (`Cart !`)",
        ),
        (
            edit("/journey/name", json!("a/b")),
            "not a lower-case word",
            record,
        ),
        (export(long).to_string(), "too many latency", record),
        (
            export(twice).to_string(),
            "two latency objectives have the same name",
            record,
        ),
        (
            "{\"format\":7}".to_owned(),
            "has format 7",
            "newer cargo-slo",
        ),
        ("[]".to_owned(), "as an export", "cargo slo export"),
        ("\u{7f}ELF".to_owned(), "as an export", "--bin"),
        (String::new(), "as an export", "--bin"),
        (
            r#"{"format":1,"generator":"","service":"../x","records":[]}"#.to_owned(),
            "`../x` can't be the name",
            "--service",
        ),
    ];
    for (content, what, which) in cases {
        let sandbox = Sandbox::new();
        sandbox.write("orders.slo.json", &content);
        sandbox
            .slo("generate prometheus --export orders.slo.json")
            .failed(&["--> orders.slo.json", what, which]);
    }
}

#[test]
fn a_wrong_value_is_told_with_the_lines_it_stands_on() {
    let sandbox = Sandbox::new();
    sandbox.write("orders", orders());
    let export = sandbox.slo("export --bin orders").ok().out;
    // The last of them belongs to the second record.
    let (before, after) = export.rsplit_once("999500000").unwrap();
    for value in ["1000000000", "0", "-5", "99.9", "\"high\""] {
        sandbox.write("orders.slo.json", format!("{before}{value}{after}"));
        let at = format!(
            "--> orders.slo.json:{}, record 2 (`place-order`)",
            before.lines().count()
        );
        let run = sandbox.slo("list orders.slo.json").failed(&[
            &at,
            "it was declared by orders::api::place_order (src/api.rs:42) of orders",
            "change it there, build, and export again",
        ]);
        assert!(!run.err.contains("column"), "{}", run.err);
    }
}

#[test]
fn terminals_are_not_driven_by_records() {
    let mut hostile = endpoint("cart");
    hostile["route"] = json!("GET /\u{1b}[2J\u{7}");
    hostile["source"]["file"] = json!("a\nerror: forged");
    let sandbox = Sandbox::new();
    sandbox.write("orders", elf(&[&record(&hostile)]));
    let run = sandbox.slo("list --bin orders").ok();
    assert!(
        !run.out.contains(['\u{1b}', '\u{7}']) && !run.out.contains("\nerror"),
        "{}",
        run.out
    );
}
