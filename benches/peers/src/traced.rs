//! tower-http's spans, which are not metrics but on in most services. Without a subscriber,
//! as here, they record nothing; that the layer would is seen by one that counts spans.

use crate::{
    contest::{Account, Contest},
    router::bare,
};
use slo_benches::drive::requests;
use std::{
    rc::Rc,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};
use tower_http::trace::TraceLayer;
use tracing::{
    Event, Metadata, Subscriber,
    span::{Attributes, Id, Record},
    subscriber,
};

const KEY: &str = "tower-http-trace";

pub(crate) fn enter(contest: &mut Contest) {
    let router = bare().layer(TraceLayer::new_for_http());
    let case = contest.requests(
        KEY,
        "tower-http 0.7 `TraceLayer`, no subscriber",
        router.clone(),
    );
    contest.cases.push(case);
    let runtime = Rc::clone(contest.runtime());
    let router = router.with_state(());
    contest.check(KEY, move |_| {
        const GIVEN: u64 = 1000;
        let spans = Arc::new(AtomicU64::new(0));
        let mut case = requests(KEY, KEY, &runtime, router.clone());
        subscriber::with_default(Spans(Arc::clone(&spans)), || case.run(GIVEN as usize));
        Account {
            given: GIVEN,
            recorded: spans.load(Relaxed),
        }
    });
}

/// Counts spans of requests.
struct Spans(Arc<AtomicU64>);

impl Subscriber for Spans {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        if span.metadata().name() == "request" {
            self.0.fetch_add(1, Relaxed);
        }
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, _: &Event<'_>) {}

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}
