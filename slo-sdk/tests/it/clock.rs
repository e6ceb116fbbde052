//! Clocks that jump. Latency is measured with a clock that no step of the wall clock moves;
//! should that one go backwards all the same, as counters of two processors may differ, an
//! event took no time rather than all the time there is.

use slo_sdk::{Journey, Objectives, millis, slo, testing::Clock};
use std::time::Duration;

const CLOCKED: Journey = Journey::new("clocked").objectives(
    Objectives::new()
        .availability(99.0)
        .latency(99.0, millis(100)),
);

#[slo(journey = CLOCKED)]
fn backwards(clock: &Clock) {
    clock.rewind(Duration::from_secs(3600));
}

#[slo(journey = CLOCKED)]
fn forwards(clock: &Clock, by: Duration) {
    clock.advance(by);
}

#[test]
fn time_that_runs_backwards_is_no_time() {
    let clock = Clock::new();
    clock.advance(Duration::from_secs(7200));
    let slo = slo_sdk::testing::recorder();
    clock.run(|| backwards(&clock));
    let latency = slo.endpoint("backwards").sli("latency").unwrap().counts;
    assert_eq!((latency.good, latency.bad), (1, 0));
}

#[test]
fn the_threshold_is_in_time_and_a_nanosecond_more_is_late() {
    let clock = Clock::new();
    let slo = slo_sdk::testing::recorder();
    let threshold = Duration::from_millis(100);
    clock.run(|| {
        forwards(&clock, threshold);
        forwards(&clock, threshold + Duration::from_nanos(1));
        // A machine that slept, with a clock that went on.
        forwards(&clock, Duration::from_secs(8 * 3600));
    });
    let latency = slo.endpoint("forwards").sli("latency").unwrap().counts;
    assert_eq!((latency.good, latency.bad), (1, 2));
}
