//! A test that runs itself again, in a process of its own: the environment belongs to a
//! process, and so do its counts, its memory and its threads.

use std::{env, process::Command};

const CHILD: &str = "SLO_TEST_CHILD";

/// True in the child, which goes on; false once it has passed.
#[track_caller]
pub(crate) fn is_child(test: &str, variables: &[(&str, &str)]) -> bool {
    stderr_of(test, variables).is_none()
}

/// Nothing in the child, which goes on; what it said on standard error once it has passed.
#[track_caller]
pub(crate) fn stderr_of(test: &str, variables: &[(&str, &str)]) -> Option<String> {
    if env::var_os(CHILD).is_some() {
        return None;
    }
    let output = Command::new(env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env(CHILD, "1")
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{text}{errors}");
    assert!(text.contains("1 passed"), "{test} is not a test: {text}");
    Some(errors)
}
