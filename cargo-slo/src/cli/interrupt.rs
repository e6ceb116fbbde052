//! Signals that ask the program to end, while files are on their way.

use signal_hook::{
    consts::{SIGINT, SIGTERM},
    flag, low_level,
};
use std::{
    ffi::c_int,
    sync::{
        Once,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

/// The signal that came, else 0.
static CAME: AtomicUsize = AtomicUsize::new(0);
/// True once one came: another ends the program at once.
static CAME_BEFORE: AtomicBool = AtomicBool::new(false);
/// True while signals do what they do to any program.
static IS_IDLE: AtomicBool = AtomicBool::new(true);
static REGISTERED: Once = Once::new();

/// While it lives, `SIGINT` and `SIGTERM` are noted instead of ending the program; a second one ends
/// it all the same.
#[derive(Debug)]
pub(super) struct Interrupts(());

impl Interrupts {
    pub(super) fn held() -> Interrupts {
        REGISTERED.call_once(register);
        IS_IDLE.store(false, Ordering::SeqCst);
        Interrupts(())
    }

    /// True once a signal came.
    pub(super) fn came() -> bool {
        CAME.load(Ordering::SeqCst) != 0
    }

    /// Lets the signal that came end the program.
    pub(super) fn act(self) {
        let signal = CAME.load(Ordering::SeqCst);
        drop(self);
        if let Ok(signal @ 1..) = c_int::try_from(signal) {
            // Where that fails, the error that it was interrupted ends the program, too.
            let _ = low_level::emulate_default_handler(signal);
        }
    }
}

impl Drop for Interrupts {
    fn drop(&mut self) {
        IS_IDLE.store(true, Ordering::SeqCst);
    }
}

/// What does not know a signal ends without this as it always did.
fn register() {
    for (signal, number) in [(SIGINT, SIGINT), (SIGTERM, SIGTERM)] {
        let _ = flag::register_conditional_default(signal, &IS_IDLE);
        let _ = flag::register_conditional_default(signal, &CAME_BEFORE);
        let _ = flag::register(signal, &CAME_BEFORE);
        if let Ok(number) = usize::try_from(number) {
            let _ = flag::register_usize(signal, &CAME, number);
        }
    }
}
