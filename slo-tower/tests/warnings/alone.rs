//! A test in a process of its own, because what it is about is said once in a process.

use std::{env, process::Command};

const TEST: &str = "SLO_TEST_ALONE";

/// True in the process that runs this test alone.
pub(crate) fn is_child(test: &str) -> bool {
    env::var(TEST).is_ok_and(|wanted| wanted == test)
}

/// Runs the test of this name again in a process of its own: what it wrote to standard error.
pub(crate) fn stderr_of(test: &str) -> String {
    let output = Command::new(env::current_exe().expect("this program"))
        .args(["--exact", test, "--nocapture"])
        .env(TEST, test)
        .output()
        .expect("it starts");
    let stdout = String::from_utf8_lossy(&output.stdout);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stdout}\n{stderr}");
    assert!(stdout.contains("1 passed"), "{stdout}");
    stderr.into_owned()
}

/// The same, where it says itself whether it is the process of its own.
pub(crate) fn is_alone(test: &str) -> bool {
    is_child(test) || {
        stderr_of(test);
        false
    }
}
