//! What the layer says, each test in a process of its own because it is said once.

#![cfg(not(feature = "off"))]

mod alone;
mod heard;
mod misplaced;
mod nested;
mod unreached;

use slo_sdk::{Journey, Objectives, slo};
use slo_tower::{SloLayer, Standard};

const J: Journey = Journey::new("j").objectives(Objectives::new().availability(99.9));

#[slo(journey = J, route = "GET /p/{id}")]
#[expect(dead_code, reason = "only its annotation matters")]
async fn p_id() {}

#[slo(journey = J, route = "GET /p/{*rest}")]
#[expect(dead_code, reason = "only its annotation matters")]
async fn p_rest() {}

#[slo(journey = J, route = "GET /list")]
#[expect(dead_code, reason = "only its annotation matters")]
async fn list() {}

#[slo(journey = J, route = "GET /list")]
#[expect(dead_code, reason = "only its annotation matters")]
async fn list_again() {}

#[slo(journey = J, route = "POST /list")]
#[expect(dead_code, reason = "only its annotation matters")]
async fn create() {}

#[test]
fn routes_that_cant_stand_together_are_told_once() {
    if !alone::is_alone("routes_that_cant_stand_together_are_told_once") {
        return;
    }
    let log = heard::log();
    let _ = (SloLayer::new(), SloLayer::<Standard>::default());
    let said = log.take();
    assert_eq!(
        said,
        [
            "WARN message=these declared routes can't stand in one router, so it can't be told whose a \
          request is that matches both and reaches no handler: it may count for neither: \
          `GET /list` (list) and `GET /list` (list-again); `GET /p/{*rest}` (p-rest) and \
          `GET /p/{id}` (p-id)"
        ]
    );
}

/// Where nobody listens to `tracing`, standard error hears it.
#[test]
fn without_a_subscriber_they_are_on_standard_error() {
    const TEST: &str = "without_a_subscriber_they_are_on_standard_error";
    if alone::is_child(TEST) {
        let _ = SloLayer::new();
        return;
    }
    let stderr = alone::stderr_of(TEST);
    let ours = stderr
        .lines()
        .filter(|line| line.starts_with("slo: warning: "));
    assert_eq!(ours.count(), 1, "{stderr}");
    assert!(stderr.contains("can't stand in one router"), "{stderr}");
}
