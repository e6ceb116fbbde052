//! Every shape of function is annotated here, run, and its counts are asserted.
//!
//! The lints are those of the strictest user: nothing the macro writes may trip one.
#![forbid(unsafe_code)]
#![deny(warnings, unused, unreachable_code, missing_docs)]
#![deny(
    unused_qualifications,
    unused_lifetimes,
    unused_results,
    unreachable_pub,
    single_use_lifetimes,
    trivial_casts,
    let_underscore_drop,
    missing_debug_implementations,
    absolute_paths_not_starting_with_crate,
    elided_lifetimes_in_paths
)]
#![deny(clippy::all, clippy::pedantic, clippy::nursery)]
#![deny(clippy::unwrap_used, clippy::panic, clippy::shadow_unrelated)]
#![allow(
    clippy::redundant_pub_crate,
    clippy::similar_names,
    clippy::let_and_return,
    clippy::elidable_lifetime_names,
    reason = "about the functions themselves, which are as they are to be different"
)]

mod asynchronous;
mod binary;
mod futures;
mod methods;
mod synchronous;
mod values;

use slo_sdk::{EventResult, Journey, Objectives, millis};
use std::{
    future::Future,
    pin::pin,
    task::{Context, Poll, Waker},
};

pub(crate) const SHOP: Journey = Journey::new("shop").objectives(
    Objectives::new()
        .availability(99.9)
        .latency(99.0, millis(500)),
);

/// Events of the endpoint that came to their end, failed and panicked so far.
///
/// Most values here say nothing of themselves, so no layer around them makes that
/// `outside_layer`; what each says is tested beside it, in `slo_sdk`.
#[track_caller]
pub(crate) fn counts(endpoint: &str) -> [u64; 3] {
    let snapshot = slo_sdk::snapshot();
    let counts = snapshot
        .endpoint(endpoint)
        .expect("the endpoint is registered");
    assert_eq!(counts.in_flight(), 0, "every event has ended");
    let [good, unsaid, failed, panicked] = [
        EventResult::Ok,
        EventResult::OutsideLayer,
        EventResult::ServerError,
        EventResult::Panicked,
    ]
    .map(|result| counts.result(result));
    [good + unsaid, failed, panicked]
}

/// Runs a future that may yield, without a runtime.
pub(crate) fn run<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
    }
}

/// Yields once, so that every future here is polled more than once.
pub(crate) async fn pause() {
    let mut yielded = false;
    std::future::poll_fn(|context| {
        if std::mem::replace(&mut yielded, true) {
            Poll::Ready(())
        } else {
            context.waker().wake_by_ref();
            Poll::Pending
        }
    })
    .await;
}
