//! `check` over a fleet of eight services: clean as it stands, and with a mistake seeded for
//! every rule, each of which only that rule finds, at its line.
//!
//! The fleet is in `tests/it/fleet`. After a change that is meant, `UPDATE_SNAPSHOTS=1 cargo test
//! -p cargo-slo --test it check` writes the snapshots again.

use crate::{
    cases::{CASES, Case},
    fixtures::{Run, Sandbox, repository},
};
use serde_json::Value;
use std::{collections::BTreeSet, fs, path::Path};

const FLEET: &str = "cargo-slo/tests/it/fleet";

/// The arguments that read all of the fleet, on the day its reviews are judged at.
pub(crate) fn arguments(sandbox: &Sandbox, more: &str) -> String {
    let all = |ending: &str| {
        let entries = fs::read_dir(sandbox.path(".")).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<_> = names.filter(|name| name.ends_with(ending)).collect();
        names.sort();
        names.join(" ")
    };
    format!(
        "check --today 2026-06-01 --catalog catalogue --history history.json --export {} --slo-toml {} \
         {more}",
        all(".slo.json"),
        all(".toml")
    )
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// The fleet with some of its words changed.
pub(crate) fn fleet(edits: &[(&str, &str, &str)]) -> Sandbox {
    let sandbox = Sandbox::new();
    copy(&repository(FLEET), &sandbox.path("."));
    for (file, from, to) in edits {
        let path = sandbox.path(file);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{file} does not say {from:?}");
        fs::write(path, text.replace(from, to)).unwrap();
    }
    sandbox
}

fn found(run: &Run) -> Vec<Value> {
    let lines = run.out.lines().map(serde_json::from_str);
    lines.collect::<Result<_, _>>().unwrap()
}

fn rules(found: &[Value]) -> BTreeSet<&str> {
    found
        .iter()
        .map(|finding| finding["rule"].as_str().unwrap())
        .collect()
}

fn json(sandbox: &Sandbox, more: &str) -> Run {
    let run = sandbox.slo(&arguments(sandbox, &format!("--format json {more}")));
    assert!(run.code < 2, "{run:?}");
    run
}

#[test]
fn the_fleet_is_clean() {
    let sandbox = fleet(&[]);
    let run = sandbox.slo(&arguments(&sandbox, "-D warnings")).ok();
    assert_eq!(run.out, "");
    assert_eq!(
        run.err,
        "the history knows nothing of `gateway`, `mail`, `reports`, `search`, `settlement`, `stock`\n\
         checked 15 SLOs of 8 services: 0 errors, 0 warnings, 0 notes\n\
         orders: 20,000 requests on routes without an annotation\n\
         stock: 2 of 2 endpoints are annotated, 100%\n\
         the routes of `gateway`, `mail`, `reports`, `search`, `settlement` are compared with \
         nothing: a misspelt one is seen with `[coverage]` in `slo.toml`, or with a history\n"
    );
}

#[test]
fn each_mistake_is_found_by_its_rule_alone_and_at_its_line() {
    for case in CASES {
        let sandbox = fleet(&[case.wrong]);
        let run = json(&sandbox, "");
        let found = found(&run);
        assert_eq!(rules(&found), BTreeSet::from([case.rule]), "{}", run.out);
        let is_note = found.iter().all(|finding| finding["level"] == "note");
        assert_eq!(run.code, i32::from(!is_note), "{}", case.rule);
        for finding in &found {
            assert!(!finding["message"].as_str().unwrap().is_empty());
            assert!(
                finding["help"].is_array() || finding["changes"].is_array(),
                "{} offers no way out",
                case.rule
            );
        }
        let is_there = |finding: &Value| place(&sandbox, finding) == case.at;
        assert!(found.iter().any(is_there), "{}: {}", case.rule, run.out);
    }
}

/// Where a finding is: a place in the source, or the line of a file.
fn place(sandbox: &Sandbox, finding: &Value) -> String {
    let location = &finding["location"];
    let file = location["file"].as_str().unwrap();
    let line = location["line"].as_u64();
    let text = fs::read_to_string(sandbox.path(file)).ok();
    match (text, line) {
        (Some(text), Some(line)) => {
            let line = text
                .lines()
                .nth(usize::try_from(line).unwrap() - 1)
                .unwrap();
            format!("{file}: {line}")
        }
        (_, Some(line)) => format!("{file}:{line}"),
        (_, None) => file.to_owned(),
    }
}

#[test]
fn what_only_looks_like_a_mistake_is_none() {
    for case in CASES {
        let sandbox = fleet(&[case.right]);
        let run = json(&sandbox, "");
        assert!(!rules(&found(&run)).contains(case.rule), "{}", run.out);
    }
}

#[test]
fn every_rule_has_a_case() {
    let with_case: Vec<_> = CASES.iter().map(|case| case.rule).collect();
    let all: Vec<_> = cargo_slo::rules::all()
        .iter()
        .map(|rule| rule.name)
        .collect();
    assert_eq!(with_case, all);
}

fn case(rule: &str) -> &'static Case {
    CASES.iter().find(|case| case.rule == rule).unwrap()
}

#[test]
fn an_exception_with_a_reason_accepts_a_finding() {
    let exception = "# No exceptions.";
    let few = ("mail.toml", "\"400_000/month\"", "\"526/month\"");
    let accepted =
        "[[exception]]\nrule = \"few-events\"\non = \"notify.availability\"\nreason = \"r\"";
    let of_another = accepted.replace("notify", "other");
    for (text, rules_found) in [
        (exception, vec!["few-events"]),
        (accepted, vec![]),
        (&of_another, vec!["few-events", "unused-exception"]),
    ] {
        let sandbox = fleet(&[few, ("mail.toml", exception, text)]);
        assert_eq!(
            rules(&found(&json(&sandbox, ""))),
            BTreeSet::from_iter(rules_found)
        );
    }
}

#[test]
fn an_exception_on_something_that_is_not_there_says_what_is() {
    let few = ("mail.toml", "\"400_000/month\"", "\"526/month\"");
    let exception = |rule: &str, on: &str| {
        format!("[[exception]]\nrule = \"{rule}\"\non = \"{on}\"\nreason = \"r\"")
    };
    for (text, help) in [
        (
            exception("few-events", "notify.avialability"),
            "did you mean `notify.availability`?",
        ),
        (
            exception("few-event", "notify.availability"),
            "did you mean `few-events`?",
        ),
        (
            exception("off-tier", "notify.availability"),
            "take the exception out",
        ),
    ] {
        let sandbox = fleet(&[few, ("mail.toml", "# No exceptions.", &text)]);
        let run = json(&sandbox, "");
        let found = found(&run);
        let unused = found.iter().find(|one| one["rule"] == "unused-exception");
        assert_eq!(unused.unwrap()["changes"][0]["does"], help, "{}", run.out);
    }
}

#[test]
fn the_command_line_sets_levels() {
    let sandbox = fleet(&[case("no-budget-policy").wrong]);
    let level = |more| found(&json(&sandbox, more))[0]["level"].clone();
    assert_eq!(level(""), "warning");
    assert_eq!(level("-D no-budget-policy"), "error");
    assert_eq!(level("-D warnings"), "error");
    sandbox
        .slo(&arguments(&sandbox, "-A no-budget-policy"))
        .ok();
    let sandbox = fleet(&[case("few-events").wrong]);
    let run = sandbox.slo(&arguments(&sandbox, "-W few-events --format json"));
    assert_eq!((run.code, &found(&run)[0]["level"]), (1, &"warning".into()));
    sandbox
        .slo(&arguments(&sandbox, "-A few-event"))
        .failed(&["no rule called `few-event`", "did you mean `few-events`?"]);
    sandbox
        .slo(&arguments(&sandbox, "-A few-events -D few-events"))
        .failed(&["two levels"]);
    let list = sandbox.slo("check --list -A few-events").ok();
    assert_eq!(list.out.lines().count(), cargo_slo::rules::all().len());
    assert!(
        list.out
            .contains("few-events                    allowed  The error budget")
    );
}

#[test]
fn findings_in_every_format() {
    let Case { wrong, .. } = case("few-events");
    let sandbox = fleet(&[*wrong, case("target-above-dependency").wrong]);
    // The line of the handler is shown where the source is at hand.
    sandbox.write(
        "orders/src/api.rs",
        format!("{}#[slo(journey = CHECKOUT)]\n", "\n".repeat(9)),
    );
    for format in ["human", "json", "github", "sarif"] {
        let run = sandbox.slo(&arguments(&sandbox, &format!("--format {format}")));
        assert_eq!(run.code, 1, "{run:?}");
        let text = match format {
            "sarif" => {
                let mut document: Value = serde_json::from_str(&run.out).unwrap();
                let driver = &mut document["runs"][0]["tool"]["driver"];
                // Every text of every rule is in the documents already.
                let rules = driver["rules"].take();
                assert_eq!(
                    rules.as_array().unwrap().len(),
                    cargo_slo::rules::all().len()
                );
                driver["version"] = "VERSION".into();
                serde_json::to_string_pretty(&document).unwrap() + "\n"
            }
            _ => run.out,
        };
        snapshot(format, &text);
    }
}

fn snapshot(name: &str, text: &str) {
    let path = repository("cargo-slo/tests/it/snapshots/check").join(format!("{name}.txt"));
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
    }
    assert_eq!(fs::read_to_string(&path).unwrap(), text, "{name}");
}

#[test]
fn facts_that_fit_no_service_are_refused() {
    let sandbox = fleet(&[("orders.toml", "service = \"orders\"", "service = \"order\"")]);
    sandbox.slo(&arguments(&sandbox, "")).failed(&[
        "no service `order` was read",
        "did you mean `orders`?",
        "orders.toml:1:11",
    ]);
    let sandbox = fleet(&[("orders.toml", "service = \"orders\"", "")]);
    sandbox
        .slo(&arguments(&sandbox, ""))
        .failed(&["which service it is about", "`service = \"NAME\"`"]);
    let sandbox = fleet(&[("orders.toml", "service = \"orders\"", "service = \"stock\"")]);
    sandbox
        .slo(&arguments(&sandbox, ""))
        .failed(&["two files are about the service `stock`"]);
}

#[test]
fn every_wrong_file_is_told_with_its_line() {
    let sandbox = fleet(&[
        ("orders.toml", "kind = \"soft\"", "kind = \"sotf\""),
        ("orders.toml", "tier = ", "teir = "),
        ("orders.toml", "\"200_000/month\"", "200_000"),
        ("stock.toml", "[traffic]", "[trafic]"),
        ("catalogue/vendors.toml", "\"99.995%\"", "\"100%\""),
    ]);
    let run = sandbox.slo(&arguments(&sandbox, ""));
    let run = run.failed(&[
        "orders.toml:3:1",
        "did you mean `tier`?",
        "orders.toml:8:26",
        "orders.toml:24:8",
        "did you mean `soft`?",
        "stock.toml:4:2",
        "did you mean `traffic`?",
        "catalogue/vendors.toml:4:16",
        "`100%` is not a target",
    ]);
    assert_eq!(run.err.matches("error").count(), 5, "{}", run.err);
}

#[test]
fn hostile_text_in_every_fact_changes_no_line() {
    let hostile = "\\u001b[31m<script>\\n::error::x\\\"'{{ $labels }}%0A";
    let escaped = hostile.replace("\\\"", "\\\\\"");
    let facts = fs::read_to_string(repository(FLEET).join("orders.toml")).unwrap();
    let quoted: BTreeSet<_> = facts.split('"').skip(1).step_by(2).collect();
    let mut refused = 0;
    for text in quoted {
        let sandbox = fleet(&[(
            "orders.toml",
            &format!("\"{text}\""),
            &format!("\"{hostile}\""),
        )]);
        for format in ["human", "json", "github", "sarif"] {
            let run = sandbox.slo(&arguments(&sandbox, &format!("--format {format}")));
            assert!(!run.err.contains("panicked"), "{}", run.err);
            refused += i32::from(run.code == 2);
            for stream in [&run.out, &run.err] {
                assert!(!stream.contains('\u{1b}'), "{format} {escaped}: {stream}");
                let forged = stream.lines().any(|line| line.starts_with("::error::x"));
                assert!(!forged, "{format}: {stream}");
            }
            if format == "sarif" && run.code < 2 {
                serde_json::from_str::<Value>(&run.out).unwrap();
            }
        }
    }
    assert!(refused > 0, "values with a form of their own are refused");
}

#[test]
fn the_same_bytes_each_time() {
    let sandbox = fleet(&[case("few-events").wrong, case("off-tier").wrong]);
    let once = json(&sandbox, "").out;
    assert_eq!(once, json(&sandbox, "").out);
    // The order in which files are named leaves no trace either.
    let back: Vec<_> = arguments(&sandbox, "")
        .split(' ')
        .rev()
        .map(str::to_owned)
        .collect();
    let toml: Vec<_> = back
        .iter()
        .filter(|word| word.ends_with(".toml"))
        .cloned()
        .collect();
    let exports: Vec<_> = back
        .iter()
        .filter(|word| word.ends_with(".slo.json"))
        .cloned()
        .collect();
    let run = sandbox.slo(&format!(
        "check --format json --today 2026-06-01 --catalog catalogue --history history.json --slo-toml {} --export {}",
        toml.join(" "),
        exports.join(" ")
    ));
    assert_eq!(run.out, once);
}
