//! A test on one thread, with a clock that moves when it is told to.

use slo_sdk::testing::Clock;
use std::{
    cell::RefCell,
    future::Future,
    sync::{Mutex, PoisonError},
    time::Duration,
};

/// Longer than any threshold here.
pub(crate) const SLOW: Duration = Duration::from_millis(150);

/// No test takes so long, on any machine.
const BOUND: Duration = Duration::from_secs(60);

/// Tests take turns, so that none spends its time waiting for another.
static TURN: Mutex<()> = Mutex::new(());

thread_local! {
    static TIME: RefCell<Option<Clock>> = const { RefCell::new(None) };
}

/// Runs server and client on this thread, whose clock stands still until [`pass`].
pub(crate) fn alone(test: impl Future<Output = ()>) {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let clock = Clock::new();
    TIME.set(Some(clock.clone()));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    clock.run(|| {
        runtime.block_on(async {
            tokio::time::timeout(BOUND, test)
                .await
                .expect("the test ends");
        });
    });
}

/// Lets time pass.
pub(crate) fn pass(time: Duration) {
    TIME.with_borrow(|clock| clock.as_ref().expect("a test runs alone").advance(time));
}
