//! Separate events: jobs, wherever they run, and annotated functions outside any layer.

use crate::{
    counted::{counted, same},
    frames::{mark, panic_quietly},
    handlers::POLL,
    row::{LEFT, LEFT_LATE, MARKED_BAD, MISSED, OK, OK_LATE, PANICKED, Point, SERVER, SLOW, Seen},
};
use slo_sdk::{Mark, slo, testing::Clock};
use std::{
    future::Future,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::{Pin, pin},
    task::{Context, Poll, Waker},
};

/// What the work does with its second poll.
#[derive(Clone, Copy, Debug)]
enum HandlerAction {
    Succeed,
    Fail,
    Panic,
    MarkBad,
}

#[slo(journey = POLL, every = 5m)]
async fn job(action: HandlerAction) -> Result<(), &'static str> {
    work(action).await
}

#[slo(journey = POLL)]
async fn function(action: HandlerAction) -> Result<(), &'static str> {
    work(action).await
}

#[slo(journey = POLL)]
async fn starts_a_job(action: HandlerAction) -> Result<(), &'static str> {
    // Its own failure is the job's, not that of who started it.
    let _ = job(action).await;
    Ok(())
}

async fn work(action: HandlerAction) -> Result<(), &'static str> {
    if let HandlerAction::MarkBad = action {
        assert!(mark(Mark::Bad), "it runs within its event");
    }
    Pause(false).await;
    match action {
        HandlerAction::Succeed | HandlerAction::MarkBad => Ok(()),
        HandlerAction::Fail => Err("on purpose"),
        HandlerAction::Panic => panic_quietly(),
    }
}

/// Pending once.
struct Pause(bool);

impl Future for Pause {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        match std::mem::replace(&mut self.0, true) {
            true => Poll::Ready(()),
            false => Poll::Pending,
        }
    }
}

/// Runs until it is left, and takes its time after the first poll if it is slow.
fn run<T>(work: impl Future<Output = T>, is_slow: bool, left: Point) {
    let clock = Clock::new();
    clock.run(|| {
        let mut work = pin!(work);
        let mut poll = || {
            let mut cx = Context::from_waker(Waker::noop());
            let polled = catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(&mut cx)));
            polled.map(|step| step.is_pending())
        };
        if left == Point::Called {
            return;
        }
        assert!(poll().expect("nothing happens before the second poll"));
        if is_slow {
            clock.advance(SLOW);
        }
        if left != Point::Polled {
            assert!(!poll().unwrap_or_default(), "the second poll is the last");
        }
    });
}

/// An event, its deed, whether it is slow, and what counts if it is left or not.
type Row = (HandlerAction, bool, Seen, Seen);

/// A job has no client: what was not finished failed.
const JOBS: [Row; 8] = [
    (HandlerAction::Succeed, false, MISSED, OK),
    (HandlerAction::Succeed, true, MISSED, OK_LATE),
    (HandlerAction::Fail, false, MISSED, SERVER),
    (HandlerAction::Fail, true, MISSED, SERVER),
    (HandlerAction::Panic, false, MISSED, PANICKED),
    (HandlerAction::Panic, true, MISSED, PANICKED),
    (HandlerAction::MarkBad, false, MISSED, MARKED_BAD),
    (HandlerAction::MarkBad, true, MISSED, MARKED_BAD),
];

const FUNCTIONS: [Row; 8] = [
    (HandlerAction::Succeed, false, LEFT, OK),
    (HandlerAction::Succeed, true, LEFT_LATE, OK_LATE),
    (HandlerAction::Fail, false, LEFT, SERVER),
    (HandlerAction::Fail, true, LEFT_LATE, SERVER),
    (HandlerAction::Panic, false, LEFT, PANICKED),
    (HandlerAction::Panic, true, LEFT_LATE, PANICKED),
    (HandlerAction::MarkBad, false, MARKED_BAD, MARKED_BAD),
    (HandlerAction::MarkBad, true, MARKED_BAD, MARKED_BAD),
];

/// What a function counts whose job does what is said. It does not care how the job ends, and
/// does not survive its panic.
const STARTERS: [Row; 8] = [
    (HandlerAction::Succeed, false, LEFT, OK),
    (HandlerAction::Succeed, true, LEFT_LATE, OK_LATE),
    (HandlerAction::Fail, false, LEFT, OK),
    (HandlerAction::Fail, true, LEFT_LATE, OK_LATE),
    (HandlerAction::Panic, false, LEFT, PANICKED),
    (HandlerAction::Panic, true, LEFT_LATE, PANICKED),
    (HandlerAction::MarkBad, false, LEFT, OK),
    (HandlerAction::MarkBad, true, LEFT_LATE, OK_LATE),
];

/// Plays every row of the tables, which tell of the same work what each endpoint counts.
fn check<F: Future>(tables: &[(&str, [Row; 8])], start: impl Fn(HandlerAction) -> F) {
    for place in 0..8 {
        let (action, is_slow, ..) = tables[0].1[place];
        for point in [Point::Called, Point::Polled, Point::End] {
            let slo = slo_sdk::testing::recorder();
            run(start(action), is_slow, point);
            let wrong = |difference| {
                panic!("{action:?}, slow: {is_slow}, left at {point:?}: {difference}");
            };
            for endpoint in slo.snapshot().endpoints() {
                let table = tables.iter().find(|(name, _)| *name == endpoint.name());
                let event = table.and_then(|(_, rows)| match (point, rows[place]) {
                    (Point::Called, _) => None,
                    (Point::Polled, (.., left, _)) => Some(left),
                    (_, (.., whole)) => Some(whole),
                });
                counted(endpoint, event).unwrap_or_else(wrong);
            }
            same("in an event", &slo_sdk::current().is_active(), &false).unwrap_or_else(wrong);
        }
    }
}

#[test]
fn jobs() {
    check(&[("job", JOBS)], job);
}

#[test]
fn functions_outside_a_layer() {
    check(&[("function", FUNCTIONS)], function);
}

#[test]
fn a_job_inside_another_event_is_one_of_its_own() {
    check(&[("job", JOBS), ("starts-a-job", STARTERS)], starts_a_job);
}
