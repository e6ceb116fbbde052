//! What the layer says at its start, in a process of its own because it says it once.

#![cfg(not(feature = "off"))]

mod heard;

use slo_sdk::{Journey, Objectives, slo};
use slo_tower::SloLayer;

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
    let log = heard::log();
    let _ = (SloLayer::new(), SloLayer::new());
    let said = log.take();
    assert_eq!(
        said,
        [
            "WARN message=these declared routes can't stand in one router, so it can't be told whose a \
          request is that matches both and reaches no handler: it may count for neither \
          routes=`GET /list` (list) and `GET /list` (list-again); `GET /p/{*rest}` (p-rest) and \
          `GET /p/{id}` (p-id)"
        ]
    );
}
