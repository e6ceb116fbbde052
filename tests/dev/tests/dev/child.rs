//! The program that is watched: its end, signals, and what is said where it exports nothing.

use crate::{
    http::get,
    session::{Session, counted, signal, watched},
};

#[test]
fn its_code_is_ours_and_its_last_events_are_counted() {
    let _processors = crate::session::processors();
    let record = crate::session::folder("child").join("ended.json");
    let path = record.to_str().unwrap();
    let mut session = Session::start(&["--record", path, "--", &watched()], &[]);
    let address = session.listening();
    for _ in 0..20 {
        get(&address, "/answers/500");
    }
    get(&address, "/end/7");
    let (status, _, _) = session.ended();
    assert_eq!(status.code(), Some(7));
    let view = serde_json::from_str(&std::fs::read_to_string(&record).unwrap()).unwrap();
    assert_eq!(counted(&view, "answer", "availability"), Some([0, 20, 0]));
}

#[cfg(unix)]
#[test]
fn signals_are_passed_on() {
    let mut session = Session::start(&["--", &watched()], &[]);
    session.listening();
    signal("-TERM", session.id());
    let (status, _, told) = session.ended();
    assert_eq!(status.code(), Some(0), "{told}");
}

#[cfg(unix)]
#[test]
fn one_that_a_signal_ends_tells_which() {
    let session = Session::start(&["--", "sh", "-c", "kill -KILL $$"], &[]);
    let (status, _, _) = session.ended();
    assert_eq!(status.code(), Some(128 + 9));
}

#[test]
fn one_that_can_not_be_started_is_named() {
    let session = Session::start(&["--", "no-such-program"], &[]);
    let (status, _, told) = session.ended();
    assert_eq!(status.code(), Some(2));
    assert!(
        told.contains("`no-such-program` can't be started"),
        "{told}"
    );
}

#[test]
fn why_nothing_comes_is_told() {
    for (arguments, variables, expected) in [
        (
            &["--", &watched(), "silent"][..],
            &[][..],
            "slo_sdk::init()",
        ),
        (
            &["--", &watched()],
            &[("OTEL_SDK_DISABLED", "true")],
            "OTEL_SDK_DISABLED is true",
        ),
        (
            &["--", &watched()],
            &[("OTEL_METRICS_EXPORTER", "none")],
            "OTEL_METRICS_EXPORTER is none",
        ),
    ] {
        let mut session = Session::start(arguments, variables);
        session.listening();
        session.told_line("exported nothing");
        session.told_line(expected);
    }
}

#[cfg(unix)]
#[test]
fn the_last_events_of_those_that_it_started_are_counted() {
    let _processors = crate::session::processors();
    let record = crate::session::folder("child").join("grandchild.json");
    // A shell ends at once, and does not wait for the service.
    let command = format!("{} & wait", watched());
    let arguments = [
        "--record",
        record.to_str().unwrap(),
        "--",
        "sh",
        "-c",
        &command,
    ];
    let mut session = Session::start(&arguments, &[]);
    let address = session.listening();
    for _ in 0..20 {
        get(&address, "/answers/500");
    }
    signal("-TERM", session.id());
    let (status, _, told) = session.ended();
    assert_eq!(status.code(), Some(128 + 15), "{told}");
    let view = serde_json::from_str(&std::fs::read_to_string(&record).unwrap()).unwrap();
    assert_eq!(counted(&view, "answer", "availability"), Some([0, 20, 0]));
}
