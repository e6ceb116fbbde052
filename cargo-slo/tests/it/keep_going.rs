//! A file that can't be read says where and why, and with `--keep-going` stops nobody else.

use crate::{
    check::fleet,
    fixtures::{Run, Sandbox},
};
use std::fs;

/// A finding of another export.
const MISTAKE: (&str, &str, &str) = (
    "mail.slo.json",
    "\"runbook\": \"https://runbooks.example/mail\",",
    "",
);

/// The fleet with one export that ends in the middle.
fn broken() -> Sandbox {
    let sandbox = fleet(&[MISTAKE]);
    let text = fs::read_to_string(sandbox.path("search.slo.json")).unwrap();
    sandbox.write("search.slo.json", &text[..text.len() / 2]);
    sandbox
}

/// It went on, and said so.
fn went_on(run: &Run, left_out: &str) {
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.err.starts_with("error"), "{}", run.err);
    let last = run.err.lines().last().unwrap();
    assert!(
        last.contains("could not be read") && last.ends_with(left_out),
        "{}",
        run.err
    );
}

#[test]
fn findings_of_all_others_are_given() {
    let sandbox = broken();
    let check = "check --format json --today 2026-06-01 --catalog catalogue -- *.slo.json";
    sandbox.slo(check).failed(&["--> search.slo.json:"]);
    let run = sandbox.slo(&format!("check --keep-going {}", &check["check ".len()..]));
    went_on(&run, ": search.slo.json");
    let whole = fleet(&[MISTAKE]);
    fs::remove_file(whole.path("search.slo.json")).unwrap();
    let others = whole.slo(check);
    assert_eq!(others.code, 1);
    assert_eq!(run.out, others.out);
    assert!(run.err.contains("1 file could not be read"), "{}", run.err);
}

#[test]
fn every_command_keeps_going() {
    let sandbox = broken();
    let others = "-- orders.slo.json stock.slo.json search.slo.json";
    for command in ["list", "export -o out", "doc --history none -o out"] {
        sandbox
            .slo(&format!("{command} {others}"))
            .failed(&["search.slo.json"]);
        assert!(!sandbox.path("out").exists());
        let run = sandbox.slo(&format!("{command} --keep-going {others}"));
        went_on(&run, ": search.slo.json");
        assert!(
            format!("{}{}", run.out, run.err).contains("stock"),
            "{run:?}"
        );
        let _ = fs::remove_dir_all(sandbox.path("out"));
    }
    let generate = "generate prometheus -o out --keep-going --export *.slo.json";
    went_on(&sandbox.slo(generate), ": search.slo.json");
    assert!(sandbox.path("out/orders.prometheus.yaml").exists());
    let diff = "diff --keep-going --against *.slo.json -- orders.slo.json";
    let run = sandbox.slo(diff);
    went_on(&run, ": search.slo.json");
}

/// Facts, lists of endpoints, and exports of the catalogue.
#[test]
fn whatever_else_a_fleet_reads_is_left_out_alone() {
    let sandbox = broken();
    // The facts of a service that was left out are about nobody.
    let facts = "--slo-toml orders.toml search.toml --catalog catalogue";
    let run = sandbox.slo(&format!("check --keep-going {facts} -- *.slo.json"));
    went_on(&run, ": search.slo.json");
    // A file that lists endpoints is missing; the others are judged, and so is the service.
    let sandbox = fleet(&[]);
    let stock = fs::read_to_string(sandbox.path("stock.toml")).unwrap();
    fs::remove_file(sandbox.path("api/stock.yaml")).unwrap();
    let check = "check --today 2026-06-01 --slo-toml stock.toml orders.toml";
    let files = "-- stock.slo.json orders.slo.json";
    let line = 1 + stock
        .lines()
        .position(|line| line.contains("api/stock.yaml"))
        .unwrap();
    sandbox.slo(&format!("{check} {files}")).failed(&[
        "api/stock.yaml: there is no such file",
        &format!("--> stock.toml:{line}:"),
        "openapi =",
    ]);
    let run = sandbox.slo(&format!("{check} --keep-going {files}"));
    went_on(&run, ": api/stock.yaml");
    assert!(run.err.contains("of 2 services"), "{}", run.err);
    // An export of the catalogue.
    let sandbox = fleet(&[]);
    sandbox.write("catalogue/services/broken.slo.json", "{");
    let check = "check --today 2026-06-01 --catalog catalogue";
    sandbox
        .slo(&format!("{check} orders.slo.json"))
        .failed(&["--> catalogue/services/broken.slo.json:1:1"]);
    let run = sandbox.slo(&format!("{check} --keep-going orders.slo.json"));
    went_on(&run, ": catalogue/services/broken.slo.json");
}

#[test]
fn contradictions_within_a_service_stop_it_alone() {
    let sandbox = fleet(&[]);
    let text = fs::read_to_string(sandbox.path("stock.slo.json")).unwrap();
    // The same endpoints in another file, with another target.
    sandbox.write("twice.slo.json", text.replace("999", "998"));
    let files = "-- stock.slo.json twice.slo.json orders.slo.json";
    sandbox.slo(&format!("list {files}")).failed(&["stock"]);
    let run = sandbox.slo(&format!("list --keep-going {files}"));
    went_on(&run, ": stock.slo.json, twice.slo.json");
    assert!(run.out.starts_with("orders: "), "{}", run.out);
}

#[test]
fn nothing_left_is_still_said() {
    let sandbox = broken();
    let run = sandbox.slo("list --keep-going search.slo.json missing.slo.json no/*.json");
    assert_eq!(run.out, "");
    went_on(&run, "missing.slo.json, no/*.json, search.slo.json");
}

/// Wherever a file ends, the error says where, and not in the words of a library.
#[test]
fn every_broken_export_is_told_in_our_words_with_its_place() {
    let sandbox = fleet(&[]);
    let text = fs::read_to_string(sandbox.path("search.slo.json")).unwrap();
    let text = text.trim_end();
    let step = text.len() / 60;
    for end in (0..text.len())
        .step_by(step.max(1))
        .chain([1, text.len() - 1])
    {
        let Some(cut) = text.get(..end) else { continue };
        sandbox.write("cut.slo.json", cut);
        let run = sandbox.slo("list cut.slo.json");
        let run = run.failed(&["can't be read as an export: it "]);
        for word in ["EOF", "at line", "column", "serde"] {
            assert!(!run.err.contains(word), "{end}: {}", run.err);
        }
        let place = match end {
            0 => "--> cut.slo.json\n".to_owned(),
            _ => format!("--> cut.slo.json:{}", cut.matches('\n').count() + 1),
        };
        assert!(run.err.contains(&place), "{place} is not in {}", run.err);
    }
    for (text, what) in [
        ("<html>", "this is not JSON"),
        ("{\"format\": 1,,}", "this is not JSON"),
        ("[]", "it is not an object of JSON"),
        ("\"text\"", "it is not an object of JSON"),
        ("{\"format\":1,\"service\":\"a\"}", "it lacks `records`"),
        ("{\"format\":1,\"records\":[]}", "it lacks `service`"),
        (
            "{\"format\":1,\"service\":7,\"records\":[]}",
            "here should be a string",
        ),
        (
            "{\"format\":1,\"service\":\"s3cret\",\"records\":\"s3cret\"}",
            "here should be a list of records",
        ),
    ] {
        sandbox.write("cut.slo.json", text);
        let run =
            sandbox
                .slo("list cut.slo.json")
                .failed(&["as an export", what, "--> cut.slo.json:1:"]);
        assert!(!run.err.contains("s3cret"), "{}", run.err);
    }
}
