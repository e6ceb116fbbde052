//! A thousand SLOs in a handful of questions, in seconds, in bounded memory.

use crate::{
    fixtures::Sandbox,
    scale::export,
    status_store::{AT, Asked, NOW, serve},
};
use serde_json::Value;
use std::{
    fmt::Write,
    sync::Arc,
    time::{Duration, Instant},
};

const SERVICES: usize = 50;

/// The SLOs of a service, as [`export`] declares them.
fn slos(service: usize) -> Vec<String> {
    let parts = (0..5).flat_map(|n| {
        [
            format!("journey-{n}"),
            format!("journey-{n}/endpoint-{}", 2 * n),
        ]
    });
    let slis =
        parts.flat_map(|part| ["availability", "latency"].map(|sli| format!("{part}.{sli}")));
    slis.map(|sli| format!("service-{service}/{sli}")).collect()
}

/// Good and bad series of every SLO, each with what a function writes of its outcome.
fn series(mut write: impl FnMut(&mut String, &str)) -> Arc<str> {
    let mut text =
        "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[".to_owned();
    for service in 0..SERVICES {
        for slo in slos(service) {
            for outcome in ["good", "bad"] {
                let labels = format!(
                    "{{\"metric\":{{\"slo\":\"{slo}\",\"slo_outcome\":\"{outcome}\",\"job\":\"service-{service}\"}},"
                );
                text += &labels;
                write(&mut text, outcome);
                text += "},";
            }
        }
    }
    text.pop();
    text += "]}}";
    text.into()
}

/// A store that has 30 days of a thousand SLOs, with an hour of `bad` events a hundred hours ago.
fn thousand(bad: u64) -> (String, Asked) {
    let hour = NOW / 3600;
    let at = |good: u64, bad: u64| {
        series(move |text, outcome| {
            let value = if outcome == "good" { good } else { bad };
            write!(text, "\"value\":[{NOW},\"{value}\"]").unwrap();
        })
    };
    // 719 full hours, half of the oldest one, and the one that has begun.
    let window = at(719 * 100 + 50 + 40, bad);
    let this = at(40, 0);
    let hours = series(|text, outcome| {
        *text += "\"values\":[";
        for full in hour - 720..hour {
            let value = match outcome {
                "good" => 100,
                _ if full == hour - 100 => bad,
                _ => 0,
            };
            write!(text, "[{},\"{value}\"],", (full + 1) * 3600 + 20).unwrap();
        }
        text.pop();
        text.push(']');
    });
    let nothing: Arc<str> =
        "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[]}}".into();
    serve(move |asked| {
        let answer = match () {
            () if asked.contains("query=slo:events:sum_window") => &window,
            () if asked.contains("query=slo:events:count_this_hour") => &this,
            () if asked.contains("query=slo:events:count1h") => &hours,
            () => &nothing,
        };
        Some(Arc::clone(answer))
    })
}

/// A file of each service, and the arguments that name them.
fn exports(sandbox: &Sandbox) -> String {
    let mut files = String::new();
    for service in 0..SERVICES {
        let name = format!("service-{service}");
        sandbox.write(&format!("{name}.slo.json"), export(&name));
        write!(files, " {name}.slo.json").unwrap();
    }
    files
}

/// Without optimisation, and beside other tests: 2 s are for a program that people get, which is twenty
/// times as fast.
const LONGEST: Duration = Duration::from_secs(40);

#[test]
fn a_thousand_spent_budgets_are_ten_questions_and_little_memory() {
    let sandbox = Sandbox::new();
    let files = exports(&sandbox);
    let (url, asked) = thousand(900);
    let start = Instant::now();
    let arguments = format!("status --format json --prometheus {url} --at {AT}{files}");
    // Its hours alone are 1.4 million samples, in 40 MB of text.
    let run = sandbox.slo_within(96 << 10, &arguments);
    let took = start.elapsed();
    let questions = asked.lock().unwrap().len();
    eprintln!("1,000 spent budgets: {took:.2?}, {questions} questions");
    assert_eq!(run.code, 1, "{}", run.err);
    let report: Value = serde_json::from_str(&run.out).unwrap();
    let slos = report["slos"].as_array().unwrap();
    assert_eq!(slos.len(), 1000);
    let leaves = (NOW / 3600 - 100 + 1 + 720) * 3600;
    for status in slos {
        assert_eq!(status["state"], "spent", "{status:#}");
        assert_eq!(status["back"]["usual"], leaves, "{status:#}");
    }
    assert!(questions <= 10, "{:#?}", asked.lock().unwrap());
    assert!(took < LONGEST, "{took:?}");
}

#[test]
fn a_thousand_untouched_budgets_are_ten_questions() {
    let sandbox = Sandbox::new();
    let files = exports(&sandbox);
    let (url, asked) = thousand(0);
    let start = Instant::now();
    let run = sandbox.slo_within(
        48 << 10,
        &format!("status --format json --prometheus {url} --at {AT}{files}"),
    );
    let took = start.elapsed();
    let questions = asked.lock().unwrap().len();
    eprintln!("1,000 untouched budgets: {took:.2?}, {questions} questions");
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(
        run.err.contains("1,000 of 1,000 SLOs have budget left"),
        "{}",
        run.err
    );
    assert!(questions <= 10, "{:#?}", asked.lock().unwrap());
    assert!(took < LONGEST, "{took:?}");
}

/// At night, nobody reads a thousand lines to find the one that matters.
#[test]
fn a_long_table_has_what_somebody_has_to_look_at() {
    let sandbox = Sandbox::new();
    let files = exports(&sandbox);
    let (url, _) = thousand(0);
    let asked = format!("--prometheus {url} --at {AT}{files}");
    let run = sandbox.slo(&format!("status {asked}")).ok();
    assert_eq!(
        run.out,
        "Sun 2026-11-29 14:30 UTC\nand 1,000 SLOs with budget left; `--all` lists them\n"
    );
    let all = sandbox.slo(&format!("status --all {asked}")).ok().out;
    assert_eq!(all.lines().count(), 1002, "{all}");
}
