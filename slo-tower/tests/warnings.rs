//! What the layer says at its start, in a process of its own because it says it once.

#![cfg(not(feature = "off"))]

use slo_sdk::{Journey, Objectives, slo};
use slo_tower::SloLayer;
use std::{
    fmt,
    sync::{Mutex, PoisonError},
};
use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
};

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

static SAID: Mutex<Vec<String>> = Mutex::new(Vec::new());

struct Ears;

struct Fields(String);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.push_str(&format!("{field}={value:?} "));
    }
}

impl Subscriber for Ears {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields(format!("{} ", event.metadata().level()));
        event.record(&mut fields);
        let mut said = SAID.lock().unwrap_or_else(PoisonError::into_inner);
        said.push(fields.0.trim_end().to_owned());
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[test]
fn routes_that_cant_stand_together_are_told_once() {
    tracing::subscriber::set_global_default(Ears).expect("the only one");
    let _ = (SloLayer::new(), SloLayer::new());
    let said = SAID.lock().unwrap_or_else(PoisonError::into_inner);
    assert_eq!(
        *said,
        [
            "WARN message=these declared routes can't stand in one router, so it can't be told whose a \
          request is that matches both and reaches no handler: it may count for neither \
          routes=`GET /list` (list) and `GET /list` (list-again); `GET /p/{*rest}` (p-rest) and \
          `GET /p/{id}` (p-id)"
        ]
    );
}
