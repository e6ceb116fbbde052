//! Collectors that fail: nobody waits for them, each change is said once, and whatever was
//! counted meanwhile is in the first export that succeeds.

use crate::{
    collector::{Behaviour, Collector, FINE, eventually, sums},
    collectors::alone,
};
use slo_sdk::{EventResult, Journey, Objectives, export_health, slo};
use std::{
    fmt::Write as _,
    sync::{Mutex, MutexGuard, Once},
    time::{Duration, Instant},
};
use tracing::{Event, Level, Subscriber, field::Visit};
use tracing_subscriber::{Layer, layer::Context, prelude::*};

const FAULTS: Journey = Journey::new("faults").objectives(Objectives::new().availability(99.0));

#[slo(journey = FAULTS)]
fn faulted(good: bool) -> Result<(), ()> {
    if good { Ok(()) } else { Err(()) }
}

/// What the export said, one line each.
struct Lines;

static LINES: Mutex<Vec<String>> = Mutex::new(Vec::new());

fn lines() -> MutexGuard<'static, Vec<String>> {
    LINES.lock().unwrap()
}

impl<S: Subscriber> Layer<S> for Lines {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        struct Text(String);
        impl Visit for Text {
            fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn std::fmt::Debug) {
                write!(self.0, " {field}={value:?}").unwrap();
            }
        }
        let metadata = event.metadata();
        if metadata.target().starts_with("slo_sdk::export") && *metadata.level() <= Level::INFO {
            let mut text = Text(metadata.level().to_string());
            event.record(&mut text);
            lines().push(text.0);
        }
    }
}

fn listen_to_logs() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let subscriber = tracing_subscriber::registry().with(Lines);
        tracing::subscriber::set_global_default(subscriber).unwrap();
    });
    lines().clear();
}

/// Ends 10,000 events, every tenth of them badly. Nobody is to notice that exports fail.
fn count() {
    let start = Instant::now();
    for number in 0..10_000 {
        let _ = faulted(number % 10 > 0);
    }
    let took = start.elapsed();
    assert!(took < Duration::from_secs(1), "the events waited: {took:?}");
}

/// True where the last export has what the process has.
fn is_up_to_date(collector: &Collector) -> bool {
    let received = collector.received();
    let Some(last) = received.last() else {
        return false;
    };
    let snapshot = slo_sdk::snapshot();
    let counts = snapshot.endpoint("faulted").unwrap();
    let results = sums(last, "slo.results");
    let events = sums(last, "slo.events");
    let exported = |result: EventResult| results[&key(&["faulted", "faults", result.as_str()])];
    let sli = counts.sli("availability").unwrap().counts;
    let outcome = |name| events[&key(&["faulted", "faults", name, "availability"])];
    counts
        .results()
        .all(|(result, count)| exported(result) == count)
        && (outcome("good"), outcome("bad")) == (sli.good, sli.bad)
}

fn key(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
}

enum Fault {
    Behaves(Behaviour),
    Refuses,
}

/// An export goes well, fails, and goes well again.
fn endure(fault: &Fault, reason: &str, is_failure: bool) {
    let _alone = alone();
    listen_to_logs();
    let collector = Collector::start();
    let guard = slo_sdk::builder()
        .endpoint(collector.url())
        .export_interval(Duration::from_millis(50))
        .export_timeout(Duration::from_secs(2))
        .shutdown_timeout(Duration::from_secs(30))
        .try_init()
        .unwrap();
    eventually("a first export", || is_up_to_date(&collector));
    assert_eq!(export_health().last_error, None);
    assert!(lines().is_empty(), "{:?}", lines());

    match fault {
        Fault::Behaves(behaviour) => collector.behave(*behaviour),
        Fault::Refuses => collector.refuse(),
    }
    count();
    eventually(reason, || export_health().last_error.is_some());
    count();
    let health = export_health();
    let said = health.last_error.unwrap();
    assert!(said.contains(reason), "{said}");
    assert_eq!(health.failing_since.is_some(), is_failure);

    match fault {
        Fault::Behaves(_) => collector.behave(FINE),
        Fault::Refuses => collector.listen(),
    }
    eventually("all is well again", || export_health().last_error.is_none());
    eventually("the counts have caught up", || is_up_to_date(&collector));
    count();
    drop(guard);
    assert!(is_up_to_date(&collector), "the last export has everything");
    assert_eq!(export_health().failing_since, None);
    assert_eq!(export_health().lost_events, 0);

    let lines = lines();
    assert_eq!(lines.len(), 2, "{lines:#?}");
    assert!(lines[0].starts_with("WARN") && lines[0].contains(reason));
    assert_eq!(lines[0].contains("nothing is lost"), is_failure);
    assert!(lines[1].starts_with("INFO") && lines[1].contains("exported again"));
}

fn fails_with(answer: &'static [u8], reason: &str) {
    endure(&Fault::Behaves(Behaviour::Answers(answer)), reason, true);
}

fn questions_with(answer: &'static [u8], reason: &str) {
    endure(&Fault::Behaves(Behaviour::Answers(answer)), reason, false);
}

#[test]
fn refused_and_started_again() {
    endure(&Fault::Refuses, "refused", true);
}

#[test]
fn accepts_and_never_answers() {
    endure(&Fault::Behaves(Behaviour::Hangs), "timed out", true);
}

#[test]
fn reset_in_the_middle() {
    // Where the exporter notices first, in writing or in reading, is up to the kernel.
    endure(&Fault::Behaves(Behaviour::Resets), "", true);
}

#[test]
fn unavailable() {
    fails_with(
        b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
        "503 Service Unavailable",
    );
}

#[test]
fn too_many_requests_and_a_time_to_wait() {
    fails_with(
        b"HTTP/1.1 429 Too Many Requests\r\nretry-after: 1\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
        "429 Too Many Requests",
    );
}

#[test]
fn a_time_to_wait_beyond_all_patience() {
    fails_with(
        b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 86400\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
        "503 Service Unavailable",
    );
}

#[test]
fn no_http_at_all() {
    fails_with(b"\0\x01\x02 good day\r\n\r\n", "invalid HTTP");
}

#[test]
fn half_an_answer() {
    fails_with(
        b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\nconnection: close\r\n\r\n\x0a\x0b",
        "end of file before message length reached",
    );
}

#[test]
fn an_answer_without_end() {
    let mut answer = b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n".to_vec();
    answer.resize(2 << 20, b'x');
    fails_with(answer.leak(), "longer than 1 MiB");
}

#[test]
fn a_redirect_is_no_success() {
    fails_with(
        b"HTTP/1.1 302 Found\r\nlocation: /login\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
        "302 Found, a redirect to /login",
    );
}

#[test]
fn some_data_points_are_rejected() {
    // partial_success (1) { rejected_data_points (1): 3, error_message (2): "too old" }
    questions_with(
        b"HTTP/1.1 200 OK\r\ncontent-type: application/x-protobuf\r\ncontent-length: 13\r\nconnection: close\r\n\r\n\x0a\x0b\x08\x03\x12\x07too old",
        "rejected 3 data points: too old",
    );
}

#[test]
fn a_warning_of_the_collector() {
    questions_with(
        b"HTTP/1.1 200 OK\r\ncontent-type: application/x-protobuf\r\ncontent-length: 10\r\nconnection: close\r\n\r\n\x0a\x08\x12\x06use v2",
        "warned: use v2",
    );
}

#[test]
fn a_page_instead_of_a_collector() {
    questions_with(
        b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 15\r\nconnection: close\r\n\r\n<html>Hi</html>",
        "`text/html` is not an OTLP response",
    );
}

/// While an export hangs, and another is only slow, events end as ever.
#[test]
fn a_slow_answer_is_no_failure() {
    let _alone = alone();
    listen_to_logs();
    let collector = Collector::start();
    collector.behave(Behaviour::Slow);
    let guard = slo_sdk::builder()
        .endpoint(collector.url())
        .export_interval(Duration::from_millis(10))
        .export_timeout(Duration::from_secs(30))
        .shutdown_timeout(Duration::from_secs(30))
        .try_init()
        .unwrap();
    for _ in 0..3 {
        count();
        eventually("the counts arrive", || is_up_to_date(&collector));
    }
    collector.behave(Behaviour::Hangs);
    eventually("an export hangs", || collector.hanging() == 1);
    count();
    assert_eq!(collector.hanging(), 1, "none piles up behind it");
    assert_eq!(export_health().last_error, None);
    assert!(lines().is_empty(), "{:?}", lines());
    // It would hang for as long as an export may; the bound of the end is tested elsewhere.
    collector.behave(FINE);
    collector.hang_up();
    drop(guard);
    assert!(is_up_to_date(&collector));
}
