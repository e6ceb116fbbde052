//! Clocks that jump. Latency is measured with a clock that no step of the wall clock moves;
//! should that one go backwards all the same, as counters of two processors may differ, an
//! event took no time rather than all the time there is.

use slo_sdk::{Journey, Objectives, millis, slo};
use std::time::Duration;

const CLOCKED: Journey = Journey::new("clocked").objectives(
    Objectives::new()
        .availability(99.0)
        .latency(99.0, millis(100)),
);

#[slo(journey = CLOCKED)]
fn backwards(clock: &quanta::Mock) {
    clock.decrement(Duration::from_secs(3600));
}

#[slo(journey = CLOCKED)]
fn forwards(clock: &quanta::Mock, by: Duration) {
    clock.increment(by);
}

#[test]
fn time_that_runs_backwards_is_no_time() {
    let (clock, hands) = quanta::Clock::mock();
    hands.increment(Duration::from_secs(7200));
    let slo = slo_sdk::testing::recorder();
    quanta::with_clock(&clock, || backwards(&hands));
    let latency = slo.endpoint("backwards").sli("latency").unwrap().counts;
    assert_eq!((latency.good, latency.bad), (1, 0));
}

#[test]
fn the_threshold_is_in_time_and_a_nanosecond_more_is_late() {
    let (clock, hands) = quanta::Clock::mock();
    let slo = slo_sdk::testing::recorder();
    let threshold = Duration::from_millis(100);
    quanta::with_clock(&clock, || {
        forwards(&hands, threshold);
        forwards(&hands, threshold + Duration::from_nanos(1));
        // A machine that slept, with a clock that went on.
        forwards(&hands, Duration::from_secs(8 * 3600));
    });
    let latency = slo.endpoint("forwards").sli("latency").unwrap().counts;
    assert_eq!((latency.good, latency.bad), (1, 2));
}
