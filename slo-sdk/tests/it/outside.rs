//! Handlers that no layer counts: what they return is all that is known of them.

use crate::{jobs::results, printed::Lines};
use http::StatusCode;
use slo_sdk::{
    EventResult, Journey, Objectives,
    layer::{Deadline, Own, Track},
    slo, testing,
};
use std::{
    future::Future,
    panic::catch_unwind,
    process::{ExitCode, ExitStatus},
};

const J: Journey = Journey::new("outside").objectives(Objectives::new().availability(99.9));

/// A type that might render anything.
struct Page;

#[slo(journey = J)]
fn unsaid() -> Page {
    Page
}

#[slo(journey = J, route = "GET /routed")]
fn routed(how: u8) -> Result<StatusCode, Page> {
    match how {
        0 => Ok(StatusCode::OK),
        1 => Ok(StatusCode::INTERNAL_SERVER_ERROR),
        2 => Err(Page),
        3 => {
            assert!(slo_sdk::current().good());
            Ok(StatusCode::OK)
        }
        _ => panic!("on purpose"),
    }
}

#[slo(journey = J, route = "GET /dropped")]
async fn dropped() {
    std::future::pending::<()>().await;
}

#[slo(journey = J)]
fn marked() -> Page {
    slo_sdk::current().bad("stale");
    Page
}

#[slo(journey = J, every = 1h)]
fn nightly(code: u8) -> ExitCode {
    ExitCode::from(code)
}

#[slo(journey = J, every = 1h)]
fn script() -> Result<ExitStatus, std::io::Error> {
    std::process::Command::new("false").status()
}

#[slo(journey = J, per = call)]
fn asks(status: StatusCode) -> (StatusCode, [(&'static str, &'static str); 1], Page) {
    (status, [("x-a", "b")], Page)
}

#[slo(journey = J)]
async fn outer() {
    let _ = unsaid();
}

fn counted(slo: &testing::Recorder, name: &str) -> (u64, u64) {
    let endpoint = slo.endpoint(name);
    let counts = endpoint.sli("availability").unwrap().counts;
    (counts.good, counts.bad)
}

#[test]
fn a_value_that_says_nothing_is_in_no_sli_and_warned_of_once() {
    let slo = testing::recorder();
    let lines = Lines::collected(|| {
        for _ in 0..3 {
            let _ = unsaid();
        }
    });
    assert_eq!(results(&slo, "unsaid"), [(EventResult::OutsideLayer, 3)]);
    assert_eq!(counted(&slo, "unsaid"), (0, 0));
    let [line] = lines.as_slice() else {
        panic!("one warning: {lines:?}");
    };
    println!("{line}");
    for word in [
        "WARN",
        "unsaid ran",
        "Page`",
        "ran outside every SloLayer",
        "`.layer(SloLayer::new())` after the last route",
        "`every = …`",
        "`per = call`",
    ] {
        assert!(line.contains(word), "{word}: {line}");
    }
}

#[test]
fn with_a_route_nothing_is_judged() {
    let slo = testing::recorder();
    let lines = Lines::collected(|| {
        for how in 0..5 {
            let _ = catch_unwind(|| routed(how));
        }
    });
    assert_eq!(results(&slo, "routed"), [(EventResult::OutsideLayer, 5)]);
    assert_eq!(counted(&slo, "routed"), (0, 0));
    let [line] = lines.as_slice() else {
        panic!("one warning: {lines:?}");
    };
    println!("{line}");
    assert!(line.contains("no SloLayer saw this request of `GET /routed`"));
}

#[tokio::test]
async fn nor_is_what_is_dropped() {
    let slo = testing::recorder();
    let millisecond = std::time::Duration::from_millis(1);
    tokio::time::timeout(millisecond, dropped())
        .await
        .unwrap_err();
    assert_eq!(results(&slo, "dropped"), [(EventResult::OutsideLayer, 1)]);
}

#[test]
fn a_mark_says_what_the_value_does_not() {
    let slo = testing::recorder();
    let _ = marked();
    assert_eq!(results(&slo, "marked"), [(EventResult::MarkedBad, 1)]);
}

#[test]
fn within_another_event_a_value_that_says_nothing_is_not_good_either() {
    let slo = testing::recorder();
    let mut request = Track::start(Own, Deadline::NONE);
    let mut outer = std::pin::pin!(outer());
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let done = request.enter(|| outer.as_mut().poll(&mut context).is_ready());
    assert!(done);
    request.end(slo_sdk::Ending::Completed);
    assert_eq!(results(&slo, "outer"), [(EventResult::Ok, 1)]);
    assert_eq!(results(&slo, "unsaid"), [(EventResult::OutsideLayer, 1)]);
}

#[test]
fn a_job_is_judged_by_its_exit_code() {
    let slo = testing::recorder();
    let _ = nightly(1);
    assert_eq!(results(&slo, "nightly"), [(EventResult::ServerError, 1)]);
    assert_eq!(slo.endpoint("nightly").last_success(), None);
    let _ = nightly(0);
    assert_eq!(counted(&slo, "nightly"), (1, 1));
    assert!(slo.endpoint("nightly").last_success().is_some());
    assert!(!script().unwrap().success());
    assert_eq!(results(&slo, "script"), [(EventResult::ServerError, 1)]);
}

#[test]
fn a_call_is_good_unless_its_value_says_otherwise() {
    let slo = testing::recorder();
    let statuses = [
        (StatusCode::OK, EventResult::Ok),
        (StatusCode::NOT_FOUND, EventResult::ClientError),
        (StatusCode::BAD_GATEWAY, EventResult::ServerError),
    ];
    for (status, _) in statuses {
        let _ = asks(status);
    }
    assert_eq!(
        results(&slo, "asks"),
        statuses.map(|(_, result)| (result, 1))
    );
}
