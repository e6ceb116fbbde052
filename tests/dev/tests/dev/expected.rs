//! Expectations, recordings and what differs between them.

use crate::{
    http::get,
    session::{Session, folder, watched},
};
use std::{fs, process::Command};

fn run(name: &str, good: u32, bad: u32, expectations: &[&str]) -> (Option<i32>, String) {
    let _processors = crate::session::processors();
    let folder = folder("expected");
    let record = folder.join(format!("{name}.json"));
    let summary = folder.join(format!("{name}.md"));
    let _ = fs::remove_file(&summary);
    let watched = watched();
    let mut arguments = vec!["--record", record.to_str().unwrap()];
    for expected in expectations {
        arguments.extend(["--expect", expected]);
    }
    arguments.extend(["--", &watched]);
    let variables = [("GITHUB_STEP_SUMMARY", summary.to_str().unwrap())];
    let mut session = Session::start(&arguments, &variables);
    let address = session.listening();
    for (count, path) in [(good, "/answers/200"), (bad, "/answers/500"), (1, "/end/0")] {
        for _ in 0..count {
            get(&address, path);
        }
    }
    let (status, _, told) = session.ended();
    (status.code(), told)
}

#[test]
fn what_is_expected_is_held_against_what_was_counted() {
    let (code, told) = run(
        "met",
        98,
        2,
        &[
            "checkout.availability bad <= 2",
            "watched/checkout/answer.availability good-share >= 98%",
            "checkout.availability burn-rate > 1",
        ],
    );
    assert_eq!(code, Some(0), "{told}");
    let (code, told) = run("not-met", 7, 3, &["checkout.availability bad <= 2"]);
    assert_eq!(code, Some(1));
    assert!(
        told.contains("`checkout.availability bad <= 2` is not met: 7 good, 3 bad, 0 excluded"),
        "{told}"
    );
    let summary = fs::read_to_string(folder("expected").join("not-met.md")).unwrap();
    assert!(
        summary.contains("❌") && summary.contains("7 good, 3 bad"),
        "{summary}"
    );
    let (code, told) = run("unknown", 1, 0, &["basket.availability bad <= 2"]);
    assert_eq!(code, Some(1));
    assert!(told.contains("`watched/checkout.availability`"), "{told}");
}

#[test]
fn a_regression_between_two_recordings_is_told() {
    run("before", 200, 1, &[]);
    run("after", 150, 50, &[]);
    run("chance", 199, 2, &[]);
    let compare = |before: &str, after: &str| {
        let folder = folder("expected");
        let output = Command::new(env!("CARGO_BIN_EXE_cargo-slo-dev"))
            .args(["dev", "--compare"])
            .args([before, after].map(|name| folder.join(format!("{name}.json"))))
            .output()
            .unwrap();
        (
            output.status.code(),
            String::from_utf8(output.stdout).unwrap(),
        )
    };
    let (code, told) = compare("before", "after");
    assert_eq!(code, Some(1), "{told}");
    assert!(
        told.contains("worse: `watched/checkout.availability` has more bad events: 1 of 201 before, 50 of 200 now"),
        "{told}"
    );
    let (code, told) = compare("before", "chance");
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("which chance explains"), "{told}");
    assert_eq!(
        compare("before", "before"),
        (Some(0), "nothing differs\n".to_owned())
    );
    assert_eq!(compare("before", "gone").0, Some(2));
}
