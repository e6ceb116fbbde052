//! What the program of a service says of it.

use crate::session::{Session, folder, watched};
use serde_json::Value;
use std::{fs, process::Command};

/// The file that `cargo slo export` writes of the service, changed.
fn exported(name: &str, change: impl Fn(String) -> String) -> String {
    let out = Command::new(env!("CARGO_BIN_EXE_cargo-slo-dev"))
        .args(["export", "--bin", &watched()])
        .output()
        .unwrap();
    assert!(
        out.status.success(),
        "{}",
        String::from_utf8_lossy(&out.stderr)
    );
    let file = folder("described").join(name);
    fs::write(&file, change(String::from_utf8(out.stdout).unwrap())).unwrap();
    file.to_str().unwrap().to_owned()
}

/// The title of the journey, and the route of a step.
fn described(view: &Value) -> (Value, Value) {
    let journey = &view["services"][0]["journeys"][0];
    let steps = journey["steps"].as_array();
    let steps = steps.into_iter().flatten();
    let mut steps = steps.filter(|step| step["name"] == "answer");
    let step = steps.next();
    let route = step.map_or(Value::Null, |step| step["route"].clone());
    (journey["title"].clone(), route)
}

fn is_described(view: &Value) -> bool {
    described(view)
        == (
            "Buy what is in the cart".into(),
            "GET /answers/{status}".into(),
        )
}

fn differs(view: &Value) -> bool {
    let remarks = view["remarks"].as_array().into_iter().flatten();
    remarks
        .into_iter()
        .any(|remark| remark["kind"] == "other-definitions")
}

#[cfg(target_os = "linux")]
#[test]
fn the_program_that_the_command_runs_is_read() {
    // The shell is a program without annotations.
    let command = format!("{} & wait", watched());
    let session = Session::start(&["--", "sh", "-c", &command], &[]);
    let view = session.wait_for("title and route", is_described);
    assert!(!differs(&view), "{:#}", view["remarks"]);
}

#[test]
fn an_export_is_read_where_its_hash_is_that_of_what_runs() {
    let silent = &[("OTEL_LOGS_EXPORTER", "none")];
    let same = exported("same.slo.json", |text| text);
    let session = Session::start(&["--export", &same], silent);
    let _service = beside(&session);
    let view = session.wait_for("title and route", is_described);
    assert!(!differs(&view), "{:#}", view["remarks"]);

    // Another hash of the journey: another definition, of which nothing is shown.
    let other = exported("other.slo.json", |text| {
        let at = text.find("\"hash\": \"").unwrap() + "\"hash\": \"".len();
        let hash = text[at..at + 16].to_owned();
        text.replace(&hash, "0123456789abcdef")
    });
    let session = Session::start(&["--export", &other], silent);
    let _service = beside(&session);
    let view = session.wait_for("what differs", differs);
    assert_eq!(described(&view).0, Value::Null);
}

/// The burn rates of a catalogue are those that would page.
#[test]
fn burn_rates_of_the_catalogue_count() {
    let folder = folder("catalogue");
    let catalogue = folder.join("catalogue");
    fs::create_dir_all(&catalogue).unwrap();
    fs::write(
        catalogue.join("burn-rates.toml"),
        "[calm]\ndescription = \"Tickets only\"\n[[calm.condition]]\nseverity = \"ticket\"\n\
         budget = \"10%\"\nlong = \"3d\"\nshort = \"6h\"\n",
    )
    .unwrap();
    let facts = folder.join("slo.toml");
    fs::write(&facts, "burn-rates = \"calm\"\n").unwrap();
    let program = watched();
    let arguments = [
        "--bin",
        &program,
        "--slo-toml",
        facts.to_str().unwrap(),
        "--catalog",
        catalogue.to_str().unwrap(),
    ];
    let session = Session::start(&arguments, &[]);
    let _service = beside(&session);
    let view = session.wait_for("title and route", is_described);
    let slo = &view["services"][0]["journeys"][0]["slos"][0];
    assert_eq!(
        slo["would-page"]["condition"]["severity"], "ticket",
        "{slo:#}"
    );
    assert_eq!(
        slo["would-page"]["condition"]["minutes"],
        3 * 1440,
        "{slo:#}"
    );
}

/// A service that exports to a session.
fn beside(session: &Session) -> crate::session::Beside {
    let endpoint = format!("http://{}/v1/metrics", session.address);
    let (service, _) = crate::session::Beside::start(&[
        ("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", endpoint),
        ("OTEL_METRIC_EXPORT_INTERVAL", "1000".to_owned()),
    ]);
    service
}
