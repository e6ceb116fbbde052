//! A run that is ended leaves nothing behind, or the next one removes it.
#![cfg(unix)]

use crate::{
    delivery::{large_with_slos, names},
    fixtures::Sandbox,
};
use std::{
    fs,
    io::Read,
    os::unix::process::ExitStatusExt,
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

const PROGRAMS: usize = 6;

/// Enough rules that a run can be caught while it writes them.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    let program = large_with_slos();
    for n in 0..PROGRAMS {
        sandbox.write(&format!("service-{n}"), &program);
    }
    sandbox
}

fn start(sandbox: &Sandbox) -> Child {
    let programs = (0..PROGRAMS).map(|n| format!("service-{n}"));
    Command::new(env!("CARGO_BIN_EXE_cargo-slo"))
        .args(["slo", "generate", "prometheus", "-o", "new/out", "--bin"])
        .args(programs)
        .current_dir(sandbox.path(""))
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// The folder in which the files of a run wait, as soon as this many are there.
fn waiting(sandbox: &Sandbox, files: usize) -> PathBuf {
    let end = Instant::now() + Duration::from_secs(60);
    while Instant::now() < end {
        let entries = fs::read_dir(sandbox.path("new/out")).into_iter().flatten();
        for entry in entries.flatten() {
            // The lock is one more.
            let count = fs::read_dir(entry.path()).map_or(0, Iterator::count);
            if count > files {
                return entry.path();
            }
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    panic!("the run was never seen to write");
}

fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill")
        .args([format!("-{name}"), child.id().to_string()])
        .status();
    assert!(sent.unwrap().success());
}

/// The signal that ended a run, and what it told.
fn ended(mut child: Child) -> (Option<i32>, String) {
    let mut told = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut told)
        .unwrap();
    (child.wait().unwrap().signal(), told)
}

#[test]
fn signals_leave_nothing() {
    let sandbox = sandbox();
    for (name, number, files) in [
        ("INT", 2, 0),
        ("TERM", 15, 1),
        ("INT", 2, 3),
        ("TERM", 15, 4),
    ] {
        let child = start(&sandbox);
        waiting(&sandbox, files);
        signal(&child, name);
        let (signal, told) = ended(child);
        assert_eq!(signal, Some(number), "{name} at {files}: {told}");
        assert!(
            told.contains("interrupted") && told.contains("nothing was written"),
            "{told}"
        );
        assert!(!sandbox.path("new").exists(), "{name} at {files}");
    }
}

#[test]
fn a_signal_at_any_moment_leaves_all_or_nothing() {
    let sandbox = sandbox();
    let begin = Instant::now();
    assert_eq!(ended(start(&sandbox)).0, None);
    let whole = begin.elapsed();
    let all = names(&sandbox.path("new/out"));
    assert_eq!(all.len(), PROGRAMS);
    fs::remove_dir_all(sandbox.path("new")).unwrap();
    for part in 0..6 {
        let child = start(&sandbox);
        std::thread::sleep(whole * part / 5);
        // It may have ended already.
        let _ = Command::new("kill")
            .arg(child.id().to_string())
            .stderr(Stdio::null())
            .status();
        let (signal, told) = ended(child);
        match sandbox.path("new").exists() {
            true => {
                assert_eq!(names(&sandbox.path("new/out")), all, "{part}: {told}");
                fs::remove_dir_all(sandbox.path("new")).unwrap();
            }
            false => assert_eq!(signal, Some(15), "{part}: {told}"),
        }
    }
}

#[test]
fn what_a_killed_run_leaves_the_next_one_removes() {
    let sandbox = sandbox();
    let child = start(&sandbox);
    let left = waiting(&sandbox, 2);
    signal(&child, "KILL");
    assert_eq!(ended(child).0, Some(9));
    assert!(left.exists());
    let run = sandbox.slo("export -o new/out --bin service-0").ok();
    let name = left.strip_prefix(sandbox.path("")).unwrap();
    let told = format!(
        "removed {}, left by a run that was killed\n",
        name.display()
    );
    assert!(run.err.starts_with(&told), "{}", run.err);
    assert_eq!(names(&sandbox.path("new/out")), ["service-0.slo.json"]);
}

#[test]
fn what_another_run_is_writing_stays() {
    let sandbox = sandbox();
    let child = start(&sandbox);
    let used = waiting(&sandbox, 2);
    signal(&child, "STOP");
    let run = sandbox.slo("export -o new/out --bin service-0").ok();
    assert_eq!(run.err, "wrote new/out/service-0.slo.json\n");
    assert!(used.exists());
    signal(&child, "CONT");
    let (signal, told) = ended(child);
    assert_eq!(signal, None, "{told}");
    assert_eq!(names(&sandbox.path("new/out")).len(), PROGRAMS + 1);
}
